/**
 * What a store knows of the upstream that a tenant's calls are kept from: which calls upstream was seen to have and the
 * store has not, which spans of time were listed to their end, and the few texts a sync goes on from after it stopped.
 *
 * Times that are compared with a clock are milliseconds since 1970, given by who asks; times of calls are ticks.
 */
import type { Awaitable } from './store.ts';

/** A call as upstream was seen to have it: in a list, or named by a notification. */
export interface Sighting {
  readonly callId: string;
  /** Absent in a notification, which may tell of any version. */
  readonly version: bigint | undefined;
  readonly startTicks: bigint | undefined;
}

/** Why a call that upstream has is not in the store, or not wholly. */
export type WantReason =
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
  | 'versionsDisagree';

/** A call that upstream was seen to have and the store has not, or not in that version, or not wholly. */
export interface WantedCall extends Sighting {
  /** Grows whenever the call is seen anew: what was fetched for an earlier sighting does not settle a later one. */
  readonly sightings: number;
  /** When it was first wanted. */
  readonly wantedMs: number;
  /** Fetches in vain. */
  readonly attempts: number;
  readonly dueMs: number;
  /** Why the last fetch was in vain; absent before the first. */
  readonly reason: WantReason | undefined;
  /** Upstream does not have it any more: it is not asked for again, unless upstream is seen to have it after all. */
  readonly gone: boolean;
}

/** What became of a call that was taken. */
export type WantSettlement = Pick<WantedCall, 'callId' | 'sightings'> &
  (
    | { readonly outcome: 'stored'; readonly version: bigint }
    /** In vain, or not wholly: again at this time. */
    | { readonly outcome: 'later'; readonly dueMs: number; readonly reason: WantReason }
    /** Not tried after all: it stays as due as it was. */
    | { readonly outcome: 'released' }
    | { readonly outcome: 'gone'; readonly reason: WantReason }
  );

/** A span of time whose calls, or whose rows of a log, were listed to the end. */
export interface ListedSpan {
  readonly from: bigint;
  /** First tick after it. */
  readonly before: bigint;
  /** When the listing began, at the latest: what came later it may not have shown. */
  readonly listedMs: number;
}

export interface WantedCounts {
  /** Calls to fetch, the gone ones not among them. */
  readonly wanted: number;
  readonly gone: number;
  /** When the next is due; `undefined` when none is. */
  readonly nextDueMs: number | undefined;
}

export interface MissingCounts {
  readonly calls: number;
  readonly lost: number;
}

/** Texts a sync goes on from: each is read and written by the part of sync that is named like it. */
export type UpstreamState = 'budget' | 'subscription' | 'round' | 'retention';

/** What one process does at a time for a tenant; calls are shared by all. */
export type UpstreamPart = 'list' | 'logs' | 'subscription';

export interface UpstreamStore {
  /** Tenants that a sync has written anything of, in order. */
  tenants(): Awaitable<readonly string[]>;

  /**
   * Wants what was sighted, but for what the store holds in that version with complete lists, and notes what was listed
   * to its end: all of it or none.
   *
   * @returns How many of the calls the store has to be fetched for.
   */
  sighted(
    tenantId: string,
    sightings: readonly Sighting[],
    nowMs: number,
    listed?: ListedSpan,
  ): Awaitable<number>;

  /**
   * Takes calls that are due, to fetch them: those of which no start is known first (they were named just now), then by
   * start, since upstream forgets the oldest first. One that was taken and is not settled is not given again until
   * `resume`.
   */
  take(tenantId: string, claimant: string, nowMs: number, limit: number): Awaitable<readonly WantedCall[]>;

  /** Writes what became of calls that were taken. What another has taken meanwhile stays taken, unless it is stored. */
  settle(
    tenantId: string,
    claimant: string,
    settlements: readonly WantSettlement[],
    nowMs: number,
  ): Awaitable<void>;

  /**
   * Says that a process lives: what it takes and what part it claims is its own until then. Times of claims are those of
   * the machines' clocks, whatever clock a sync goes by.
   *
   * @param claimant Tells the process from every other.
   * @returns All whose claims run, in order. One that lasts longer than twice this one is not believed: it was made by a
   *   clock that has been set back since.
   */
  attend(claimant: string, nowMs: number, untilMs: number): Awaitable<readonly string[]>;

  /** Ends a claim: one's own, or that of a process that is known to be dead. */
  leave(claimant: string): Awaitable<void>;

  /** Gives back what was taken by those whose claims run no more. @returns Their ids, in order. */
  resume(tenantId: string, nowMs: number): Awaitable<readonly string[]>;

  /** Claims a part for as long as the claimant lives. @returns False while another that lives has it. */
  claimPart(tenantId: string, part: UpstreamPart, claimant: string, nowMs: number): Awaitable<boolean>;

  /** Gives it up, if it is this claimant's. */
  releasePart(tenantId: string, part: UpstreamPart, claimant: string): Awaitable<void>;

  counts(tenantId: string): Awaitable<WantedCounts>;

  /** Wanted calls, the gone ones among them, in the order of their ids, after one. */
  wanted(tenantId: string, after: string | undefined, limit: number): Awaitable<readonly WantedCall[]>;

  /**
   * Counts the calls to fetch that began at a time or later, or at an unknown time, including expired ones; and how many of those
   * are lost: expired, or begun before upstream's memory does.
   */
  missingCounts(tenantId: string, since: bigint, remembered: bigint): Awaitable<MissingCounts>;

  /** Returns those of these calls that are to be fetched. */
  wantedOf(tenantId: string, callIds: readonly string[]): Awaitable<readonly WantedCall[]>;

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

  /**
   * Changes a text that several processes write: none comes between its being read and its being written.
   *
   * @param change May be asked more than once.
   */
  updateState(
    tenantId: string,
    name: UpstreamState,
    change: (value: string | undefined) => string,
  ): Awaitable<void>;
}

/** Adds a span to disjoint ordered ones: the later listing counts where they overlap, and equal neighbours become one. */
export function withSpan(spans: readonly ListedSpan[], added: ListedSpan): ListedSpan[] {
  if (added.from >= added.before) return [...spans];
  const cut = spans.flatMap((span) => {
    // An older listing of the same time says less than a newer one.
    const keeps = span.listedMs > added.listedMs;
    if (keeps || span.before <= added.from || span.from >= added.before) return [span];
    return [
      ...(span.from < added.from ? [{ ...span, before: added.from }] : []),
      ...(span.before > added.before ? [{ ...span, from: added.before }] : []),
    ];
  });
  const newer = cut.filter((span) => span.from < added.before && span.before > added.from);
  let from = added.from;
  const fresh: ListedSpan[] = [];
  for (const span of newer) {
    if (span.from > from) fresh.push({ ...added, from, before: span.from });
    from = span.before;
  }
  if (from < added.before) fresh.push({ ...added, from });
  const ordered = [...cut, ...fresh].sort((a, b) => (a.from < b.from ? -1 : 1));
  const joined: ListedSpan[] = [];
  for (const span of ordered) {
    const last = joined.at(-1);
    if (last?.before === span.from && last.listedMs === span.listedMs)
      joined[joined.length - 1] = { ...last, before: span.before };
    else joined.push(span);
  }
  return joined;
}

/** True when nothing of a call is wanted any more once this is written, whoever fetches it besides. */
export function isSettled(known: WantedCall, settlement: WantSettlement): boolean {
  if (settlement.outcome !== 'stored' || known.sightings !== settlement.sightings) return false;
  return (known.version ?? -1n) <= settlement.version;
}

/** True when an edition leaves nothing of a sighted version to be fetched. */
export function isHeld(
  sighting: Sighting,
  newest:
    | {
        readonly version: bigint;
        readonly participants: { readonly complete: boolean } | undefined;
        readonly sessions: { readonly complete: boolean } | undefined;
      }
    | undefined,
): boolean {
  if (sighting.version === undefined || newest === undefined || newest.version < sighting.version)
    return false;
  return newest.participants?.complete === true && newest.sessions?.complete === true;
}
