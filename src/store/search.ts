/**
 * Finding calls by who was in them and how they went, newest first.
 *
 * What is found is the newest edition of each call that has a start, as a list of calls has it. What counts as found is
 * said once, in `call-search.ts` and `people.ts`: an engine asks it of the few calls that its index gives, the oracle of
 * the tests of every call.
 */
import type { Awaitable } from '../base/awaitable.ts';
import type { CallOutcome, CallState } from '../contract/call-outcome.ts';
import type { ReasonKind } from '../contract/failure.ts';
import type { CallPosition } from './call-list.ts';

/** A search: a call is found when it meets every condition. Texts are as the user typed them. */
export interface CallSearch {
  /** First tick of the start… */
  readonly from?: bigint | undefined;
  /** …and first tick after it. */
  readonly before?: bigint | undefined;
  /** Parts of one person's names, or the whole of an id. */
  readonly person?: string | undefined;
  /** Part of a phone number. */
  readonly number?: string | undefined;
  /** As `person`, of the organizer. */
  readonly organizer?: string | undefined;
  readonly type?: string | undefined;
  readonly modality?: string | undefined;
  readonly minTicks?: bigint | undefined;
  readonly maxTicks?: bigint | undefined;
  readonly joinUrl?: string | undefined;
  readonly state?: CallState | undefined;
  /** A session of the call ended for a reason of this kind. */
  readonly reason?: ReasonKind | undefined;
  /** Words, each of them of anybody in the call, or the call's id or join URL. */
  readonly q?: string | undefined;
}

export interface Organizer {
  readonly displayName: string | null;
  readonly id: string | null;
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
}

export interface FoundPage {
  readonly calls: readonly FoundCall[];
  /** Where to go on; absent at the end. A page may have fewer calls than were asked for, and yet there may be more. */
  readonly next: CallPosition | undefined;
}

/** Calls that began on one day of UTC. */
export interface DayCounts {
  /** Days since 1970. */
  readonly day: number;
  readonly calls: number;
  readonly participants: number;
  /** By how they ended, in the order of `outcomes`. */
  readonly outcomes: readonly number[];
  /** With a session that ended for a reason of each kind, in the order of `reasonKinds`. */
  readonly reasons: readonly number[];
  readonly poor: number;
  /** Calls by how many took part, in the order of `sizeBuckets`. */
  readonly sizes: readonly number[];
}

export interface SearchStore {
  /** @throws Fault `unavailable` while the index of a store of an earlier release is still being written. */
  find(
    tenantId: string,
    search: CallSearch,
    after: CallPosition | undefined,
    limit: number,
  ): Awaitable<FoundPage>;

  /** A call as it would be found; `undefined` when there is none, or its record was not received. */
  call(tenantId: string, callId: string): Awaitable<FoundCall | undefined>;

  /**
   * Counts of the days from one on to before another that had calls, in order.
   *
   * @throws Fault As `find`.
   */
  days(tenantId: string, from: number, before: number): Awaitable<readonly DayCounts[]>;

  /**
   * Writes some of the index of calls that a store of an earlier release has; all of it or none.
   *
   * @returns How many calls were looked at: none when the index is whole.
   */
  catchUp(limit: number): Awaitable<number>;
}

/** Sizes of calls that are counted together, first and last. */
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

/** The day of UTC that a tick is on, also before 1970. */
export function dayOf(ticks: bigint): number {
  const day = ticks / ticksPerDay;
  return Number(ticks % ticksPerDay < 0n ? day - 1n : day);
}
