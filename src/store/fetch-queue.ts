/**
 * Decides how the fetch queue changes when upstream reports calls and when calls were fetched. Pure, rows in and writes
 * out: both engines call it.
 *
 * `LeaseHolder` lets one process at a time work on a tenant's queue. From a process that continues after its lease has
 * ended, only the outcome `stored` is accepted.
 */
import { canonicalId } from '../contract/ids.ts';
import type { ListedSpan, Observation, PendingCall, FetchOutcome } from './upstream.ts';

/** A row of the queue. */
export interface QueuedCall extends PendingCall {
  /** True while it is being fetched. */
  readonly leased: boolean;
}

/** Rows by the canonical id of their call. */
export type QueuedCalls = ReadonlyMap<string, QueuedCall>;

export interface QueueWrites {
  /** Rows to write; each replaces the row of its call. */
  readonly put: readonly QueuedCall[];
  /** Calls whose rows are deleted. */
  readonly remove: readonly string[];
}

/** The columns of an edition that decide whether its version is complete. */
export interface EditionCompleteness {
  readonly version: bigint;
  readonly participants: { readonly complete: boolean } | undefined;
  readonly sessions: { readonly complete: boolean } | undefined;
}

/**
 * Queues the observed calls, except those that the store holds in that version with complete lists.
 *
 * @param newest The newest edition of each call that has one, by the canonical id.
 * @returns One row to write for each call that must be fetched.
 */
export function observe(
  observations: readonly Observation[],
  newest: ReadonlyMap<string, EditionCompleteness>,
  queued: QueuedCalls,
  nowMs: number,
): QueueWrites {
  const changed = new Map<string, QueuedCall>();
  for (const observation of observations) {
    const key = canonicalId(observation.callId);
    if (isHeld(observation, newest.get(key))) continue;
    const row = observed(observation, changed.get(key) ?? queued.get(key), nowMs);
    if (row !== undefined) changed.set(key, row);
  }
  return { put: [...changed.values()], remove: [] };
}

function observed(
  observation: Observation,
  known: QueuedCall | undefined,
  nowMs: number,
): QueuedCall | undefined {
  const { version, startTicks } = observation;
  if (known === undefined) {
    const fresh = { observations: 1, queuedMs: nowMs, attempts: 0, dueMs: nowMs, reason: undefined };
    return { ...observation, ...fresh, expiredUpstream: false, leased: false };
  }
  const isNewer = version !== undefined && (known.version ?? -1n) < version;
  if (version !== undefined && !known.expiredUpstream && !isNewer) return undefined;
  // Due at once, whatever the outcome of earlier fetches.
  return {
    ...known,
    version: isNewer ? version : known.version,
    startTicks: startTicks ?? known.startTicks,
    observations: known.observations + 1,
    attempts: 0,
    dueMs: Math.min(known.dueMs, nowMs),
    expiredUpstream: false,
  };
}

/** Removes or updates the rows of calls that were fetched. */
export function acknowledge(
  settlements: readonly FetchOutcome[],
  queued: QueuedCalls,
  nowMs: number,
): QueueWrites {
  const changed = new Map<string, QueuedCall | undefined>();
  for (const settlement of settlements) {
    const key = canonicalId(settlement.callId);
    const known = changed.has(key) ? changed.get(key) : queued.get(key);
    if (known !== undefined) changed.set(key, acknowledged(known, settlement, nowMs));
  }
  const rows = [...changed];
  return {
    put: rows.flatMap(([key, row]) => (row === undefined || row === queued.get(key) ? [] : [row])),
    remove: rows.flatMap(([key, row]) => (row === undefined ? [queued.get(key)!.callId] : [])), // it was queued
  };
}

/** Returns the updated row; `undefined` when the call needs no further fetch. */
function acknowledged(known: QueuedCall, settlement: FetchOutcome, nowMs: number): QueuedCall | undefined {
  const { outcome, observations } = settlement;
  const isCurrent = known.observations === observations;
  if (outcome === 'stored' && isCurrent && (known.version ?? -1n) <= settlement.version) return undefined;
  // The row was released meanwhile: its holder lost the lease, and only what it stored counts.
  if (!known.leased) return known;
  const row = { ...known, leased: false };
  if (outcome === 'released') return row;
  // Upstream reported another version meanwhile, or the fetched version is older than the observed one.
  if (!isCurrent || outcome === 'stored') return { ...row, dueMs: nowMs, attempts: 0, reason: undefined };
  const failed = { ...row, attempts: known.attempts + 1, reason: settlement.reason };
  return outcome === 'later' ? { ...failed, dueMs: settlement.dueMs } : { ...failed, expiredUpstream: true };
}

/** Returns true when the store holds all of an observed version. */
export function isHeld(observation: Observation, newest: EditionCompleteness | undefined): boolean {
  if (observation.version === undefined || newest === undefined || newest.version < observation.version)
    return false;
  return newest.participants?.complete === true && newest.sessions?.complete === true;
}

/** Adds a span to disjoint ordered spans: the later listing wins where they overlap, and equal neighbors are joined. */
export function withSpan(spans: readonly ListedSpan[], added: ListedSpan): ListedSpan[] {
  if (added.from >= added.before) return [...spans];
  const cut = spans.flatMap((span) => {
    // The more recent listing of the same time wins.
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
