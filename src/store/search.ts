/**
 * Finds calls by who was in them and how they went, newest first.
 *
 * A search returns the newest edition of each call that has a start, as a list of calls does. `call-search.ts` and
 * `people.ts` define what matches: an engine checks the candidates from its index, and the oracle of the tests checks
 * every call.
 */
import type { Awaitable } from '../base/awaitable.ts';
import type { ExternalChoice } from '../contract/affiliation.ts';
import type { CallOutcome, CallState } from '../contract/call-outcome.ts';
import type { ReasonKind } from '../contract/failure.ts';
import type { UserRating } from '../contract/user-rating.ts';
import type { CallPosition } from './call-list.ts';

/** A search: a call is found when it meets every condition. Texts are as the user typed them. */
export interface CallSearch {
  /** First tick of the start. */
  readonly from?: bigint | undefined;
  /** First tick after the span. */
  readonly before?: bigint | undefined;
  /** Parts of one person's names, or a whole id. */
  readonly person?: string | undefined;
  /** A person's whole id: unlike `person`, it matches no names. */
  readonly personId?: string | undefined;
  /** Like `person`: another person in the call. */
  readonly with?: string | undefined;
  /** Part of a phone number. */
  readonly number?: string | undefined;
  /** Like `person`, but of the organizer. */
  readonly organizer?: string | undefined;
  readonly type?: string | undefined;
  readonly modality?: string | undefined;
  readonly minTicks?: bigint | undefined;
  readonly maxTicks?: bigint | undefined;
  readonly joinUrl?: string | undefined;
  readonly state?: CallState | undefined;
  /** Returns only calls with a session that ended for a reason of this kind. */
  readonly reason?: ReasonKind | undefined;
  /** Whether people from outside took part. */
  readonly external?: ExternalChoice | undefined;
  /** A tenant that a person in the call belongs to, the organizer included. */
  readonly tenant?: string | undefined;
  /** The domain of a person's user principal name or address, the organizer included. */
  readonly domain?: string | undefined;
  /** A rating that a user gave. */
  readonly rating?: UserRating | undefined;
  /** Words; each must match a person in the call, the call's id or its join URL. */
  readonly q?: string | undefined;
}

export interface Organizer {
  readonly displayName: string | null;
  readonly id: string | null;
  readonly userPrincipalName: string | null;
  /** Member of the identity set: `user`, `phone`. */
  readonly kind: string;
}

export interface FoundCall extends CallPosition, CallOutcome {
  readonly callId: string;
  readonly version: bigint;
  readonly type: string | null;
  readonly modalities: readonly string[];
  readonly endTicks: bigint | undefined;
  readonly joinWebUrl: string | null;
  readonly organizer: Organizer | null;
  /** Received and inferred. */
  readonly participants: number;
  readonly sessions: number;
  readonly poor: boolean;
  readonly incomplete: boolean;
  /** Participants from outside. */
  readonly external: number;
  /** Participants of whom nobody knows whether they are from outside. */
  readonly unknown: number;
  /** False when a part of the list of participants, or all of it, was not received. */
  readonly isRollComplete: boolean;
  /** Ratings that users gave, the worst first. */
  readonly ratings: readonly UserRating[];
}

export interface FoundPage {
  readonly calls: readonly FoundCall[];
  /** Position of the next page; absent at the end. A page may have fewer calls than requested although more follow. */
  readonly next: CallPosition | undefined;
}

/** Counts of the calls that started on one UTC day. */
export interface DayCounts {
  /** Days since 1970. */
  readonly day: number;
  readonly calls: number;
  readonly participants: number;
  /** Calls by outcome, in the order of `outcomes`. */
  readonly outcomes: readonly number[];
  /** Calls with a session that ended for a reason of each kind, in the order of `reasonKinds`. */
  readonly reasons: readonly number[];
  readonly poor: number;
  /** Calls by number of participants, in the order of `sizeBuckets`. */
  readonly sizes: readonly number[];
}

export interface SearchStore {
  /**
   * Returns a page of matching calls.
   *
   * @throws Fault `unavailable` while the search index of an earlier release's store is still being written.
   */
  find(
    tenantId: string,
    search: CallSearch,
    after: CallPosition | undefined,
    limit: number,
  ): Awaitable<FoundPage>;

  /** Returns a call as a search result; `undefined` when it does not exist, or its record was not received. */
  call(tenantId: string, callId: string): Awaitable<FoundCall | undefined>;

  /**
   * Returns the counts of the days in a span that had calls, in order.
   *
   * @throws Fault As `find`.
   */
  days(tenantId: string, from: number, before: number): Awaitable<readonly DayCounts[]>;

  /**
   * Writes a part of the search index of an earlier release's store, in one transaction.
   *
   * @returns How many calls were indexed: 0 when the index is complete.
   */
  catchUp(limit: number): Awaitable<number>;
}

/** Ranges of call sizes that are counted together, first and last included. */
export const sizeBuckets: readonly (readonly [from: number, to: number])[] = [
  [0, 0],
  [1, 1],
  [2, 2],
  [3, 5],
  [6, 10],
  [11, 50],
  [51, 200],
  [201, 1000],
  [1001, Infinity],
];

export function sizeBucket(participants: number): number {
  return sizeBuckets.findIndex(([, to]) => participants <= to);
}

const ticksPerDay = 864_000_000_000n;

/** Returns the UTC day of a tick, also before 1970. */
export function dayOf(ticks: bigint): number {
  const day = ticks / ticksPerDay;
  return Number(ticks % ticksPerDay < 0n ? day - 1n : day);
}
