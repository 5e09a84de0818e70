/** Which spans of time are to be listed, and in which order. Pure. */
import { gaps, type Span } from '../../store/spans.ts';
import type { ListedSpan } from '../../store/upstream.ts';
import { ticksOf } from '../../base/ticks.ts';

const hourMs = 3600_000;
const dayMs = 24 * hourMs;
const ticksPerMs = 10_000n;

/** What Graph still has (reference "Get callRecord"): a little is left to the clock of either side. */
export const retentionMs = 30 * dayMs;

/**
 * A record comes up to 150 minutes after its call (reference "callRecord: latency"), and a call is listed by its start:
 * spans younger than a day and those minutes may still get calls, so they are listed at every reconciliation. Later
 * versions come at any time: older spans are listed again too, the older the less often.
 */
export const lateMs = dayMs + 150 * 60_000;

interface ListingPlan {
  readonly nowMs: number;
  /** First moment of interest. */
  readonly sinceMs: number;
  readonly listed: readonly ListedSpan[];
  /** A listing older than this does not count any more, for times of such an age. */
  readonly freshSinceMs: (ageMs: number) => number;
}

/** For a sync that follows: how old the last listing of a span may be, by the age of the span. */
export function freshForMs(ageMs: number, reconcileMs: number): number {
  if (ageMs <= lateMs) return reconcileMs;
  return Math.max(reconcileMs, ageMs <= 7 * dayMs ? 6 * hourMs : dayMs);
}

/** Spans that are due, oldest first: what is there expires first. */
export function dueSpans(plan: ListingPlan): readonly Span[] {
  const due: Span[] = [];
  for (const { from, before, ageMs } of tiers(plan)) {
    const freshSinceMs = plan.freshSinceMs(ageMs);
    const fresh = plan.listed.filter(({ listedMs }) => listedMs > freshSinceMs);
    for (const span of gaps({ from, before }, fresh)) {
      const last = due.at(-1);
      if (last?.before === span.from) due[due.length - 1] = { from: last.from, before: span.before };
      else due.push(span);
    }
  }
  return due;
}

/** Parts of the time from `since` to now that are listed equally often, oldest first. */
function tiers({ nowMs, sinceMs }: ListingPlan): (Span & { ageMs: number })[] {
  const begins = [retentionMs, 7 * dayMs, lateMs].map((ageMs) => ({ ageMs, ms: nowMs - ageMs }));
  const starts = begins.filter(({ ms }) => ms > sinceMs);
  const bounds = [sinceMs, ...starts.map(({ ms }) => ms), nowMs];
  return bounds.slice(0, -1).map((ms, i) => ({
    from: ticks(ms),
    before: ticks(bounds[i + 1]!),
    ageMs: nowMs - ms,
  }));
}

function ticks(ms: number): bigint {
  return ticksOf(new Date(ms));
}

export function msOf(ticksOfTime: bigint): number {
  return Number(ticksOfTime / ticksPerMs);
}
