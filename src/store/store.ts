/**
 * What Rollcall asks of a store, in the model's words: a method per question the API asks, and one to add what was
 * received. The tenant is in every call and in every key.
 *
 * A call has versions, numbered by Graph. What was received of a version may grow (its pages come one by one, its
 * sessions later), and nothing is overwritten, so each state a call was ever stored in is an **edition**: immutable,
 * numbered by the store, newest last. A read starts from the newest edition of the highest version, and a skip token
 * names the edition it walks.
 */
import { hash } from 'node:crypto';
import type { Lack } from '../contract/call-completeness.ts';
import type { Oddity } from '../contract/oddities.ts';
import type { AsOf } from '../query/odata/as-of.ts';
import type { Block } from '../wire/text/block.ts';
import type { Health } from '../wire/text/session-health.ts';
import type { SessionParty } from '../wire/text/session-parties.ts';
import type { EvidenceStore } from './evidence.ts';
import type { InferenceStore } from './inference.ts';
import type { LeaseStore } from './leases.ts';
import type { QuarantineStore, SetAsidePiece } from './quarantine.ts';
import type { SearchStore } from './search.ts';
import type { RenewalStore } from './renewal.ts';
import type { RetentionStore } from './retention.ts';
import type { TransferStore } from './transfer.ts';
import type { SubscriptionStore } from './subscriptions.ts';
import type { UpstreamStore } from './upstream.ts';

/** Entities in a block of participants: the largest page of participants_v2. */
export const participantsPerBlock = 130;
/** Entities in a block of sessions: the largest page of sessions. */
export const sessionsPerBlock = 60;

/** One immutable state of a call. */
export interface Edition {
  readonly tenantId: string;
  readonly callId: string;
  /** Number of the edition, unique within the tenant and growing. */
  readonly edition: number;
  /** Version as Graph counts them; 0 when what was received does not say. */
  readonly version: bigint;
  /** Changes whenever anything served of the call may change; safe inside an ETag. */
  readonly digest: string;
  /** Number of the call, unique within the tenant: that of its first edition. */
  readonly call: number;
  /** `startDateTime` in ticks; absent while the callRecord itself was not received. */
  readonly startTicks: bigint | undefined;
  /** `endDateTime` in ticks. */
  readonly endTicks: bigint | undefined;
  /** Absent when no participants were received. */
  readonly participants: StoredList | undefined;
  /** Absent when no sessions were received. */
  readonly sessions: StoredList | undefined;
  /**
   * Inferred participants (`inferred-participants.ts`): those whom the sessions show and the received list lacks, or the
   * whole roll where no list was received; absent when there are none. A block list like the received one, which it follows.
   */
  readonly found: StoredList | undefined;
  /** `lastModifiedDateTime` in ticks; absent when what was received does not say. */
  readonly modifiedTicks: bigint | undefined;
  /** When the edition came in, by the store's clock; absent in what was stored before that was noted. */
  readonly receivedMs: number | undefined;
  /** What is known to be missing of the version, in a fixed order. */
  readonly lacking: readonly Lack[];
  /** What of it is not what the model says. */
  readonly odd: readonly Oddity[];
}

export interface StoredList {
  /** The edition that brought the list: later editions of the call may share it. A found list has the number negated. */
  readonly list: number;
  readonly count: number;
  /** False when what was received ended with a next link. */
  readonly complete: boolean;
  /** Pages that were followed to receive it; `undefined` where that is not known, as of an imported file. */
  readonly pages: number | undefined;
}

/** What was received of one call, in stored form; parts that were not received are absent. */
export interface ReceivedCall {
  readonly callId: string;
  /** Absent when what was received does not say, as in a saved page. */
  readonly version: bigint | undefined;
  /** True of lists alone: the head is nothing but the id. So is what does not say its version. */
  readonly isFragment?: boolean;
  /** `startDateTime` in 100-nanosecond ticks since 1970. */
  readonly startTicks: bigint | undefined;
  /** `endDateTime`, likewise. */
  readonly endTicks: bigint | undefined;
  /** `lastModifiedDateTime`, likewise. */
  readonly modifiedTicks: bigint | undefined;
  /** The callRecord's own members and organizer_v2, as a block of one. */
  readonly head: Part<Block>;
  readonly participants: Part<ParticipantList> | undefined;
  readonly sessions: Part<SessionList> | undefined;
  /** What of it is not what the model says, of the record and of each list. */
  readonly odd: readonly Oddity[];
  /** What could not be stored where it stood: kept in the quarantine, in the transaction of the call. */
  readonly setAside: readonly SetAsidePiece[];
  /** Where it is from, for what is set aside: `sync`, or `import FILE:LINE`. */
  readonly origin: string;
}

/** A part of a call and the digest of everything in it, by which it is known again. */
export interface Part<T> {
  readonly digest: string;
  readonly value: T;
}

/** What is known of a list that came, and is no part of its digest. */
interface ListMarks {
  /** What of its entries is not what the model says; the call has it too. */
  readonly odd: readonly Oddity[];
  readonly setAside: readonly SetAsidePiece[];
}

export interface ParticipantList extends ListMarks {
  /** Blocks of `participantsPerBlock`, the last may be shorter. */
  readonly blocks: readonly Block[];
  /** The id of each participant, in order; `undefined` of one that is not found by one. */
  readonly ids: readonly (string | undefined)[];
  /** CRC-32 of the text of each; found out from the blocks when absent. */
  readonly checks: readonly number[] | undefined;
  readonly complete: boolean;
  /** Pages followed, where known: evidence beside the list, and no part of its digest. */
  readonly pages: number | undefined;
}

export interface SessionList extends ListMarks {
  /** Blocks of `sessionsPerBlock` sessions without their segments. */
  readonly blocks: readonly Block[];
  /** Beside each block of sessions, the segments of each: an entity there is a JSON array. */
  readonly segments: readonly Block[];
  /** The id of each session, likewise. */
  readonly ids: readonly (string | undefined)[];
  readonly complete: boolean;
  /** As of participants. */
  readonly pages: number | undefined;
  /** Whom the sessions show, each once. */
  readonly parties: readonly SessionParty[];
  /** Whether they failed or went badly; found out from the blocks when absent. */
  readonly health: Health | undefined;
}

/** Where a walk of the list of calls stands: the last call given. */
export interface CallPosition {
  readonly startTicks: bigint;
  readonly call: number;
}

/** Which calls of a tenant: those that started in a span, in the order they started. */
export interface CallsQuery {
  /** First tick. */
  readonly from: bigint;
  /** First tick after the span. */
  readonly before: bigint;
  /** Calls with this participant in their list. */
  readonly participantId: string | undefined;
  /** Also calls with the participant among the inferred ones. */
  readonly withFound: boolean;
  /** Leaves out calls that ended after this tick. */
  readonly endedBy: bigint | undefined;
  /** Lists each call in the edition that `editionAsOf` gives for this tick; in its newest when absent. */
  readonly at: bigint | undefined;
}

/** A call in a list. */
export interface ListedCall extends CallPosition {
  readonly callId: string;
  readonly head: Block;
}

/** A page of the list of calls as text. */
export interface CallsText {
  readonly text: Uint8Array;
  /** The last call of the page, when there are more. */
  readonly last: CallPosition | undefined;
}

/** A row of one of the logs, in stored form. */
export interface LogRow {
  /** Simple name of the row's type: `pstnCallLogRow`. */
  readonly kind: string;
  /** The time its log is asked for by, in ticks; 0 when the row has none. */
  readonly ticks: bigint;
  /** What tells it from every other row of its kind at that time. */
  readonly id: string;
  readonly text: Uint8Array;
}

export interface LogQuery {
  readonly kind: string;
  readonly from: bigint;
  readonly before: bigint;
  /** Rows to pass over. */
  readonly skip: number;
  readonly limit: number;
}

/** What became of one received call. */
export type Added = 'added' | 'unchanged';

/** A value, or the promise of one: an embedded store answers at once. */
export type Awaitable<T> = T | Promise<T>;

export interface CallRecordStore extends AsyncDisposable {
  /** What there is to prove of what is stored. */
  readonly evidence: EvidenceStore;
  /** Who is notified of changes, and what they have not been told yet. */
  readonly subscriptions: SubscriptionStore;
  /** What is known of the upstream that the calls are kept from. */
  readonly upstream: UpstreamStore;
  /** What one process at a time may do. */
  readonly leases: LeaseStore;
  /** Dropping what is not to be kept any longer. */
  readonly retention: RetentionStore;
  /** Finding calls by who was in them and how they went. */
  readonly search: SearchStore;
  /** Carrying everything to another store. */
  readonly transfer: TransferStore;
  /** What could not be stored where it stood. */
  readonly quarantine: QuarantineStore;
  /** Rewrites blocks of an earlier release. */
  readonly renewal: RenewalStore;
  /** Infers the participants of calls that an earlier release stored without a list. */
  readonly inference: InferenceStore;

  /**
   * The newest edition of a call, or the edition with this number.
   *
   * @returns `undefined` when the tenant has no such call, or the call no such edition.
   */
  edition(tenantId: string, callId: string, edition?: number): Awaitable<Edition | undefined>;

  /**
   * The edition a call had: the newest of a version, or the one that was the newest at a time. What was received after
   * that time only is shown as Graph had it then: the newest version modified no later.
   */
  editionAsOf(tenantId: string, callId: string, asOf: AsOf): Awaitable<Edition | undefined>;

  /** The call's own members in stored form: a block of one callRecord. */
  head(edition: Edition): Awaitable<Block>;

  /**
   * An edition and a block of its participants in one question: what a page needs.
   *
   * @param edition As in `edition`.
   * @param block Counted from 0; there is none past the end of the list.
   */
  participantsPage(
    tenantId: string,
    callId: string,
    edition: number | undefined,
    block: number,
  ): Awaitable<{ readonly edition: Edition; readonly block: Block | undefined } | undefined>;

  /** A block of participants, counted from 0; `undefined` past the end. */
  participantsBlock(edition: Edition, block: number): Awaitable<Block | undefined>;

  /** A block of the inferred participants, counted from 0; `undefined` past the end. */
  foundBlock(edition: Edition, block: number): Awaitable<Block | undefined>;

  /** A block of sessions, counted from 0; `undefined` past the end. */
  sessionsBlock(edition: Edition, block: number): Awaitable<Block | undefined>;

  /** The segments of a block of sessions: an entity there is a JSON array, or null where none were received. */
  segmentsBlock(edition: Edition, block: number): Awaitable<Block | undefined>;

  /** The place in the list of the first session with this id, from 0. */
  sessionIndex(edition: Edition, sessionId: string): Awaitable<number | undefined>;

  /** Number of a tenant's newest edition, 0 before the first: a list of calls as of it does not change any more. */
  newestEdition(tenantId: string): Awaitable<number>;

  /**
   * Calls in the order of start and number, each in its newest edition as of an edition.
   *
   * @param after Where to go on; from the beginning when absent.
   */
  callsPage(
    tenantId: string,
    query: CallsQuery,
    asOf: number,
    after: CallPosition | undefined,
    limit: number,
  ): Awaitable<readonly ListedCall[]>;

  /**
   * The calls of `callsPage` as text ready to be sent, joined by commas: what most clients ask for.
   *
   * @param root The service root as the text of a JSON string.
   */
  callsPageText(
    tenantId: string,
    query: CallsQuery,
    asOf: number,
    after: CallPosition | undefined,
    limit: number,
    root: string,
  ): Awaitable<CallsText>;

  /** How many calls `callsPage` would give in all. */
  callsCount(tenantId: string, query: CallsQuery, asOf: number): Awaitable<number>;

  /** Rows of a log in the order of time and id. */
  logRows(tenantId: string, query: LogQuery): Awaitable<readonly Uint8Array[]>;

  /**
   * Adds rows of logs; one that is there in the same words changes nothing, one in other words takes its place: rows
   * have no versions.
   */
  addLogRows(tenantId: string, rows: readonly LogRow[]): Awaitable<readonly Added[]>;

  /** The place in the list of the first participant with this id, from 0. */
  participantIndex(edition: Edition, participantId: string): Awaitable<number | undefined>;

  /** Likewise in the list of inferred participants. */
  foundIndex(edition: Edition, participantId: string): Awaitable<number | undefined>;

  /** True when some edition of the call has a list with this digest. */
  hasList(tenantId: string, callId: string, digest: string): Awaitable<boolean>;

  /** Ids of calls of a tenant, newest first; for showing what is there. */
  someCalls(tenantId: string, limit: number): Awaitable<readonly { callId: string; participants: number }[]>;

  /**
   * Adds what was received, all of it or none; on disk when it returns.
   *
   * @returns What became of each call, in order. A call whose every part is known already changes nothing.
   */
  add(tenantId: string, calls: readonly ReceivedCall[]): Awaitable<readonly Added[]>;

  /**
   * A secret of this store by name (the key of skip tokens, the development issuer's key), made by `create` on first
   * use and the same ever after, whichever process asks first.
   *
   * @param isGood False for a secret that must be replaced; the first process that finds it replaces it.
   */
  secret(name: string, create: () => Promise<string>, isGood?: (value: string) => boolean): Promise<string>;

  /**
   * A number that changes whenever anything in the store may have changed, by whichever process: what was answered at
   * one revision is still the answer at the same. `undefined` when the store cannot tell.
   */
  revision(): Awaitable<number | undefined>;

  /** Servers that the store is on; none where it is a file. */
  servers(): readonly StoreServer[];

  /** Servers that reads may go to besides the one that is written to. */
  replicas(): readonly ReplicaState[];

  /** How much is stored, over all tenants. */
  totals(): Awaitable<Totals>;
}

export interface StoreServer {
  /** Host and port. */
  readonly server: string;
  /** One of which one is written to, or one of a cluster that holds a part of the rows. */
  readonly role: 'host' | 'node';
  /** False of a host that stands by, and of whichever did not answer when it was last asked. */
  readonly isUsed: boolean;
}

export interface ReplicaState {
  /** In words, without a password. */
  readonly server: string;
  /** Why it is not read from at present. */
  readonly problem: string | undefined;
  /** A sentence, where it is read from and not everything about it is known. */
  readonly unchecked: string | undefined;
  /** How long it has been behind; absent where that is not known. */
  readonly lagSeconds: number | undefined;
  /** Statements it has answered. */
  readonly reads: number;
}

export interface Totals {
  readonly calls: number;
  readonly editions: number;
}

/** The store cannot do what was asked: the message is a sentence for the operator and holds no data. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/**
 * The storage engine, or a checksum, reports that what is stored is damaged. Every other `StoreError` may be an outage: only
 * this one reports damaged data.
 */
export class StoreDamaged extends StoreError {}

/** The stored data of a call is damaged. */
export class CallDamaged extends StoreDamaged {
  /** Absent where the damage hides whose it is. */
  readonly callId: string | undefined;

  constructor(callId?: string) {
    super(damageText(callId === undefined ? 'A call' : `The call ${callId}`));
    this.callId = callId;
  }
}

/** @param what Begins a sentence. */
export function damageText(what: string): string {
  return `${what} is damaged in the store. Run rollcall verify to see what else is, and restore a backup that is whole.`;
}

/** Does work on a call, and names the call where the store finds it damaged without knowing whose it is. */
export function namingDamaged<T>(callId: string, work: () => T): T {
  const named = (error: unknown) =>
    error instanceof CallDamaged && error.callId === undefined ? new CallDamaged(callId) : error;
  try {
    const result = work();
    if (!(result instanceof Promise)) return result;
    return result.catch((error: unknown) => {
      throw named(error);
    }) as T; // the same promise but for its reason
  } catch (error) {
    throw named(error);
  }
}

/** Returns what work on the store returns; `undefined` where what it reads is damaged. */
export function unlessDamaged<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof StoreDamaged) return undefined;
    throw error;
  }
}

/** Something was to be written to a store that can only be read. */
export class StoreReadOnly extends StoreError {}

/** There is no store where one was to be read from. */
export class StoreMissing extends StoreError {
  constructor(place: string) {
    super(`There is no store at ${place}.`);
  }
}

/**
 * Digest of an edition from the digests of its parts.
 *
 * @param participants Of the list received, else of the roll that was inferred in its place.
 */
export function editionDigest(head: string, participants: string | null, sessions: string | null): string {
  return hash('sha256', `${head}.${participants ?? ''}.${sessions ?? ''}`, 'base64url').slice(0, 16);
}
