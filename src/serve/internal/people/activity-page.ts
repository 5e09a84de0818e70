/** Types of `/rollcall/people/{id}` and `/rollcall/numbers/{e164}`. */
import type { ActivityCall, ActivityPerson, ActivitySummary } from '../../../analysis/activity.ts';
import type { Cost, PhoneLog, PhoneUser } from '../../../contract/phone-log.ts';

export interface PhoneActivity {
  readonly rows: number;
  /** Of these, rows matched by a masked number. */
  readonly likelyRows: number;
  readonly seconds: number;
  readonly incoming: number;
  readonly outgoing: number;
  /** Incoming and not connected. */
  readonly missed: number;
  readonly failed: number;
  readonly costs: readonly Cost[];
  /** Final SIP codes of failed rows, most frequent first. */
  readonly sipCodes: readonly SipCodeCount[];
  /** Users of the rows, most rows first. */
  readonly users: readonly PhoneUserCount[];
  readonly otherUsers: number;
  readonly newestDateTime: string | null;
  /** False where older rows were not read: the counts then cover the rows from `countedFromDateTime` on. */
  readonly isAll: boolean;
  readonly countedFromDateTime: string | null;
}

export interface SipCodeCount {
  readonly sipCode: number;
  readonly sipPhrase: string | null;
  readonly sipMeaning: string | null;
  readonly rows: number;
}

interface PhoneUserCount {
  /** Null for bots, auto attendants and call queues. */
  readonly user: PhoneUser | null;
  readonly rows: number;
  readonly seconds: number;
}

interface CountedCalls {
  readonly calls: number;
  /** False where older calls were not read: the counts then cover the calls from `fromDateTime` on. */
  readonly isAll: boolean;
  readonly fromDateTime: string;
  /** Calls that are left out because their stored data is damaged. */
  readonly damagedCalls: number;
}

/** Kinds of missed calls. One call may be in several, so they are never added. */
interface MissedCalls {
  /** Calls to the person that ended because there was no answer. */
  readonly notAnswered: number;
  /** Calls to the person that the caller gave up. */
  readonly canceled: number;
  /** Incoming rows of the phone logs that were not connected. */
  readonly phoneLogs: number;
}

/** The first page's part that later pages lack. */
export interface ActivityFacts {
  readonly span: { readonly fromDateTime: string; readonly toDateTime: string };
  readonly counted: CountedCalls;
  readonly summary: ActivitySummary;
  readonly missed: MissedCalls;
  readonly phone: Readonly<Record<PhoneLog, PhoneActivity>>;
}

interface Calls {
  readonly value: readonly ActivityCall[];
  readonly '@odata.nextLink'?: string;
}

export interface PersonActivity extends Calls, Partial<ActivityFacts> {
  readonly person?: ActivityPerson & {
    readonly otherNames: readonly string[];
    /** Start of the newest call or phone-log row of the person. */
    readonly lastSeenDateTime: string | null;
  };
}

export interface NumberActivity extends Calls, Partial<ActivityFacts> {
  readonly number?: {
    /** `+4930123****` */
    readonly number: string;
    readonly isMasked: boolean;
    readonly otherNames: readonly string[];
    readonly lastSeenDateTime: string | null;
  };
}
