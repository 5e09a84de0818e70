/**
 * What a store knows of the upstream that a tenant's calls are kept from: which calls upstream was seen to have and the
 * store has not, which spans of time were listed to their end, and the few texts a sync goes on from after it stopped.
 *
 * Times that are compared with a clock are milliseconds since 1970, given by who asks; times of calls are ticks.
 */
import type { Awaitable } from '../base/awaitable.ts';

/** A call as upstream was seen to have it: in a list, or named by a notification. */
export interface Observation {
  readonly callId: string;
  /** Absent in a notification, which may tell of any version. */
  readonly version: bigint | undefined;
  readonly startTicks: bigint | undefined;
}

/** Why a call that upstream has is not in the store, or not wholly. */
export type FetchFailureReason =
  | 'credentialsRefused'
  | 'authorityDown'
  | 'authorityNotUnderstood'
  | 'permissionMissing'
  | 'notFound'
  | 'throttled'
  | 'upstreamDown'
  | 'timedOut'
  | 'cut'
  | 'notUnderstood'
  | 'notJson'
  | 'listNotSent'
  | 'listMissing'
  | 'linkRepeated'
  | 'pagesUnending'
  | 'versionOlder'
  | 'versionsDisagree';

/** A call that upstream was seen to have and the store has not, or not in that version, or not wholly. */
export interface PendingCall extends Observation {
  /** Grows whenever the call is seen anew: what was fetched for an earlier observation does not settle a later one. */
  readonly observations: number;
  /** When it was first wanted. */
  readonly queuedMs: number;
  /** Fetches in vain. */
  readonly attempts: number;
  readonly dueMs: number;
  /** Why the last fetch was in vain; absent before the first. */
  readonly reason: FetchFailureReason | undefined;
  /** Upstream does not have it any more: it is not asked for again, unless upstream is seen to have it after all. */
  readonly expiredUpstream: boolean;
}

/** What became of a call that was taken. */
export type FetchOutcome = Pick<PendingCall, 'callId' | 'observations'> &
  (
    | { readonly outcome: 'stored'; readonly version: bigint }
    /** In vain, or not wholly: again at this time. */
    | { readonly outcome: 'later'; readonly dueMs: number; readonly reason: FetchFailureReason }
    /** Not tried after all: it stays as due as it was. */
    | { readonly outcome: 'released' }
    | { readonly outcome: 'gone'; readonly reason: FetchFailureReason }
  );

/** A span of time whose calls, or whose rows of a log, were listed to the end. */
export interface ListedSpan {
  readonly from: bigint;
  /** First tick after it. */
  readonly before: bigint;
  /** When the listing began, at the latest: what came later it may not have shown. */
  readonly listedMs: number;
}

export interface QueueCounts {
  /** Calls to fetch, the gone ones not among them. */
  readonly pending: number;
  readonly expiredUpstream: number;
  /** When the next is due; `undefined` when none is. */
  readonly nextDueMs: number | undefined;
}

export interface MissingCounts {
  readonly calls: number;
  readonly lost: number;
}

/**
 * Texts a sync goes on from: each is read and written by the part of sync that is named like it; one with a colon is of the
 * list of calls (`calls`) or of one log. Those that are named like
 * a lifecycle event hold the id of the subscription that it came for, until the process that syncs the tenant has acted
 * on it.
 */
export type UpstreamState =
  | 'budget'
  | 'subscription'
  | 'round'
  | 'retention'
  | `unlisted:${string}`
  | `logBackfill:${string}`
  | LifecycleEvent;

export type LifecycleEvent = 'reauthorizationRequired' | 'subscriptionRemoved' | 'missed';

export interface UpstreamStore {
  /** Tenants that a sync has written anything of, in order. */
  tenants(): Awaitable<readonly string[]>;

  /**
   * Wants what was sighted, but for what the store holds in that version with complete lists, and notes what was listed
   * to its end: all of it or none.
   *
   * @returns How many of the calls the store has to be fetched for.
   */
  observe(
    tenantId: string,
    observations: readonly Observation[],
    nowMs: number,
    listed?: ListedSpan,
  ): Awaitable<number>;

  /**
   * Takes calls that are due, to fetch them: those of which no start is known first (they were named just now), then by
   * start, since upstream forgets the oldest first. One that was taken and is not settled is not given again until
   * `resume`.
   */
  lease(tenantId: string, nowMs: number, limit: number): Awaitable<readonly PendingCall[]>;

  /** Writes what became of calls that were taken. Of one that was given back since, it counts only that it was stored. */
  acknowledge(tenantId: string, settlements: readonly FetchOutcome[], nowMs: number): Awaitable<void>;

  /** Gives back what was taken and is not settled: for who begins to work on the queue. @returns Their ids, in order. */
  releaseAll(tenantId: string): Awaitable<readonly string[]>;

  counts(tenantId: string): Awaitable<QueueCounts>;

  /** Wanted calls, the gone ones among them, in the order of their ids, after one. */
  pending(tenantId: string, after: string | undefined, limit: number): Awaitable<readonly PendingCall[]>;

  /**
   * Counts the calls to fetch that began at a time or later, or at an unknown time, including expired ones; and how many of those
   * are lost: expired, or begun before upstream's memory does. A call began before it was first wanted.
   */
  missingCounts(tenantId: string, since: bigint, remembered: bigint): Awaitable<MissingCounts>;

  /** Returns those of these calls that are to be fetched. */
  pendingOf(tenantId: string, callIds: readonly string[]): Awaitable<readonly PendingCall[]>;

  /**
   * Spans listed to their end, in order; they neither overlap nor touch where they were listed at the same time.
   *
   * @param what `calls`, or the name of a function that returns a log: `getPstnCalls`.
   */
  listed(tenantId: string, what: string): Awaitable<readonly ListedSpan[]>;

  /** Notes a span of a log; that of calls is noted with what was sighted. */
  addListed(tenantId: string, what: string, span: ListedSpan): Awaitable<void>;

  state(tenantId: string, name: UpstreamState): Awaitable<string | undefined>;
  /** @param value `undefined` forgets it. */
  setState(tenantId: string, name: UpstreamState, value: string | undefined): Awaitable<void>;
}
