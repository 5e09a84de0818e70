/** Plans which time spans to list, and in which order. Pure. */
import { gaps, joinNeighbours, type Span } from '../../store/spans.ts';
import type { ListedSpan } from '../../store/upstream.ts';
import { ticksOf } from '../../base/ticks.ts';

const hourMs = 3600_000;
const dayMs = 24 * hourMs;
const ticksPerMs = 10_000n;

/** How long Graph retains calls (reference "Get callRecord"), with a margin for clock differences. */
export const retentionMs = 30 * dayMs;

/**
 * The age until which a span may still get calls. A record arrives up to 150 minutes after its call (reference
 * "callRecord: latency"), and a call is listed by its start: younger spans are listed at every reconciliation. Later
 * versions may arrive at any time, so older spans are listed again too, less often with age.
 */
export const lateMs = dayMs + 150 * 60_000;

interface ListingPlan {
  readonly nowMs: number;
  readonly sinceMs: number;
  readonly listed: readonly ListedSpan[];
  /** Returns the time before which a listing is outdated, for a span of this age. */
  readonly freshSinceMs: (ageMs: number) => number;
}

/** Returns the maximum age of a span's last listing in a continuous sync, by the age of the span. */
export function freshForMs(ageMs: number, reconcileMs: number): number {
  if (ageMs <= lateMs) return reconcileMs;
  return Math.max(reconcileMs, ageMs <= 7 * dayMs ? 6 * hourMs : dayMs);
}

/** Returns the due spans, oldest first, because old calls expire first. */
export function dueSpans(plan: ListingPlan): readonly Span[] {
  const due = tiers(plan).flatMap(({ from, before, ageMs }) => {
    const freshSinceMs = plan.freshSinceMs(ageMs);
    const fresh = plan.listed.filter(({ listedMs }) => listedMs > freshSinceMs);
    return gaps({ from, before }, fresh);
  });
  return joinNeighbours(due, () => true);
}

/** Divides the time from `since` to now into parts with equal listing frequency, oldest first. */
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
