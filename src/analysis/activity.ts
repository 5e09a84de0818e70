/** Types of what a person or a phone number did in a span of time: calls, time in them, missed calls, quality. */
import type { Outcome } from '../contract/call-outcome.ts';
import type { UnansweredKind, SessionFailure } from '../contract/failure.ts';
import type { FoundCall } from '../store/search.ts';
import type { RollPerson } from './roll.ts';
import type { TimeSpan } from './spans.ts';

/** How sure it is that an entry is the person or the number asked for: a masked number is only likely. */
export type MatchCertainty = 'exact' | 'likely';

/** How a call ended for one of its people; `unknown` where no session of theirs is stored. */
export type PersonOutcome = 'connected' | 'failed' | UnansweredKind | 'unknown';

/** `both` where sessions of one call name the person at either end. */
export type CallSide = 'caller' | 'callee' | 'both';

/** The media of a person in a call; `unclassified` where their streams have too little data to decide. */
export type MediaVerdict = 'good' | 'poor' | 'unclassified';

export type ActivityPerson = Pick<
  RollPerson,
  'id' | 'name' | 'kind' | 'affiliation' | 'tenantId' | 'tenantName' | 'userPrincipalName'
>;

/** Another person in a call, and when both were in it. */
interface Companion {
  readonly person: ActivityPerson;
  /** Null where the times of either are not known. */
  readonly together: readonly TimeSpan[] | null;
}

/** One call as the person or number asked for took part in it. */
export interface CallAttendance {
  readonly call: FoundCall;
  readonly person: ActivityPerson;
  readonly certainty: MatchCertainty;
  readonly side: CallSide | null;
  readonly outcome: PersonOutcome;
  /** Connected time, ordered, with overlaps joined; null where no session with times is stored. */
  readonly spans: readonly TimeSpan[] | null;
  /** Reasons of the person's sessions, each once. */
  readonly failures: readonly SessionFailure[];
  /** Null where no media stream was received. */
  readonly verdict: MediaVerdict | null;
  /** Absent for a call with too many people to compare. */
  readonly companions: readonly Companion[] | undefined;
}

/** Calls that connected nobody to the person, by reason. */
type UnansweredCounts = Readonly<Record<UnansweredKind, number>>;

export interface QualityPeriod {
  /** First UTC day of the period: `2026-03-02`. */
  readonly date: string;
  readonly calls: number;
  /** Calls with media streams that could be classified. */
  readonly classified: number;
  readonly poor: number;
}

export interface CompanionSums extends ActivityPerson {
  readonly calls: number;
  /** Null where the times of no call are known. */
  readonly secondsTogether: number | null;
}

export interface ActivitySummary {
  readonly calls: number;
  /** Of these, calls matched by a masked number. */
  readonly likelyCalls: number;
  /** Time in calls: of two calls at once, the time counts once. */
  readonly seconds: number;
  /** The same, with each call counted by itself. */
  readonly secondsOfEachCall: number;
  readonly callsWithoutTimes: number;
  /** By the side of the person: received, made, and where the sessions do not state a side. */
  readonly unanswered: {
    readonly received: UnansweredCounts;
    readonly made: UnansweredCounts;
    readonly unstated: UnansweredCounts;
  };
  /** Calls in which a session of the person failed, also where the person came back. */
  readonly failed: number;
  readonly quality: {
    readonly period: 'day' | 'week';
    /** Periods with calls, in order. */
    readonly periods: readonly QualityPeriod[];
    readonly classified: number;
    readonly poor: number;
  };
  readonly companions: {
    /** Most calls first. */
    readonly people: readonly CompanionSums[];
    /** How many people the list leaves out. */
    readonly others: number;
    /** Calls with more people than this are not in the list. */
    readonly mostPeople: number;
    readonly callsLeftOut: number;
  };
}

/** A call in the list of a person's or a number's calls. */
export interface ActivityCall {
  readonly id: string;
  readonly startDateTime: string;
  readonly endDateTime: string | null;
  readonly type: string | null;
  readonly participants: number;
  readonly callOutcome: Outcome;
  readonly certainty: MatchCertainty;
  readonly side: CallSide | null;
  readonly outcome: PersonOutcome;
  readonly joinedDateTime: string | null;
  readonly leftDateTime: string | null;
  readonly seconds: number | null;
  readonly failures: readonly { readonly kind: SessionFailure['kind']; readonly words: string }[];
  readonly verdict: MediaVerdict | null;
  /** At most three other people; null for a call with too many people to compare. */
  readonly with: readonly Pick<ActivityPerson, 'id' | 'name' | 'kind' | 'affiliation'>[] | null;
  readonly otherPeople: number;
}
