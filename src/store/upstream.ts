/**
 * Stores what a tenant's sync knows about upstream: the calls that upstream reported and the store lacks, the spans of
 * time that were listed completely, and short texts from which an interrupted sync resumes.
 *
 * Times to compare with a clock are milliseconds since 1970, passed by the caller; times of calls are ticks.
 */
import type { Awaitable } from '../base/awaitable.ts';

/** A call that upstream reported, in a list or in a notification. */
export interface Observation {
  readonly callId: string;
  /** Absent in a notification, which may be about any version. */
  readonly version: bigint | undefined;
  readonly startTicks: bigint | undefined;
}

/** Why a call that upstream has is missing from the store or incomplete in it. */
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

/** A call in the fetch queue: upstream reported it, and the store lacks it, this version of it or a part of it. */
export interface PendingCall extends Observation {
  /**
   * Grows whenever upstream reports the call again: a fetch for an earlier observation does not acknowledge a later
   * one.
   */
  readonly observations: number;
  /** When it was queued first. */
  readonly queuedMs: number;
  /** Failed fetches. */
  readonly attempts: number;
  readonly dueMs: number;
  /** Why the last fetch failed; absent before the first failure. */
  readonly reason: FetchFailureReason | undefined;
  /** True when upstream no longer has the call: it is not requested again unless upstream reports it again. */
  readonly expiredUpstream: boolean;
}

/** The outcome of fetching a leased call. */
export type FetchOutcome = Pick<PendingCall, 'callId' | 'observations'> &
  (
    | { readonly outcome: 'stored'; readonly version: bigint }
    /** The fetch failed or was incomplete: retry at this time. */
    | { readonly outcome: 'later'; readonly dueMs: number; readonly reason: FetchFailureReason }
    /** The call was not fetched: its due time stays the same. */
    | { readonly outcome: 'released' }
    | { readonly outcome: 'gone'; readonly reason: FetchFailureReason }
  );

/** A span of time whose calls, or whose log rows, were listed completely. */
export interface ListedSpan {
  readonly from: bigint;
  /** First tick after the span. */
  readonly before: bigint;
  /** Start of the listing, at the latest: it may lack what upstream added later. */
  readonly listedMs: number;
}

export interface QueueCounts {
  /** Calls to fetch, without the expired ones. */
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
 * Short texts from which a sync resumes. Each is read and written by the part of sync that it is named after; a name
 * with a colon belongs to the list of calls (`calls`) or to one log. A name of a lifecycle event holds the id of the
 * subscription in the event, until the process that syncs the tenant has handled it.
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
  /** Returns the tenants for which a sync has written anything, in order. */
  tenants(): Awaitable<readonly string[]>;

  /**
   * Queues the observed calls, except those that the store holds in that version with complete lists, and records the
   * spans that were listed completely, in one transaction.
   *
   * @returns How many of the calls must be fetched.
   */
  observe(
    tenantId: string,
    observations: readonly Observation[],
    nowMs: number,
    listed?: ListedSpan,
  ): Awaitable<number>;

  /**
   * Leases due calls for fetching: first those without a known start (a notification just named them), then by start,
   * since upstream drops the oldest first. A leased call is not returned again until it is acknowledged, or
   * `releaseAll` releases it.
   */
  lease(tenantId: string, nowMs: number, limit: number): Awaitable<readonly PendingCall[]>;

  /** Applies the outcomes of leased calls. For a call that was released meanwhile, only the outcome `stored` counts. */
  acknowledge(tenantId: string, settlements: readonly FetchOutcome[], nowMs: number): Awaitable<void>;

  /**
   * Releases all leased calls; a process calls it before it starts to work on the queue.
   *
   * @returns Their ids, in order.
   */
  releaseAll(tenantId: string): Awaitable<readonly string[]>;

  counts(tenantId: string): Awaitable<QueueCounts>;

  /** Returns calls of the queue, including expired ones, ordered by id, after one. */
  pending(tenantId: string, after: string | undefined, limit: number): Awaitable<readonly PendingCall[]>;

  /**
   * Counts the calls to fetch, including expired ones, that started at a time or later, or at an unknown time; and how
   * many of them are lost: expired, or started before the oldest call that upstream still has. A call started before it
   * was queued.
   */
  missingCounts(tenantId: string, since: bigint, remembered: bigint): Awaitable<MissingCounts>;

  /** Returns those of these calls that are in the fetch queue. */
  pendingOf(tenantId: string, callIds: readonly string[]): Awaitable<readonly PendingCall[]>;

  /**
   * Returns spans that were listed completely, in order; spans of the same listing neither overlap nor touch.
   *
   * @param what `calls`, or the name of a function that returns a log: `getPstnCalls`.
   */
  listed(tenantId: string, what: string): Awaitable<readonly ListedSpan[]>;

  /** Records a listed span of a log; `observe` records those of calls. */
  addListed(tenantId: string, what: string, span: ListedSpan): Awaitable<void>;

  state(tenantId: string, name: UpstreamState): Awaitable<string | undefined>;
  /**
   * Stores a text.
   *
   * @param value `undefined` deletes it.
   */
  setState(tenantId: string, name: UpstreamState, value: string | undefined): Awaitable<void>;
}
