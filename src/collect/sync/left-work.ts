/** Computes the work that a stopped sync leaves. */
import type { Span } from '../../store/spans.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { dueSpans, retentionMs } from './listing-plan.ts';

export interface LeftWork {
  /** Calls in the queue. */
  readonly calls: number;
  /** Spans of the list of calls that were not listed completely: in the current round of `--once`, otherwise at all. */
  readonly spans: readonly Span[];
}

export async function leftWork(
  { upstream }: CallRecordStore,
  tenantId: string,
  { nowMs, sinceMs }: { readonly nowMs: number; readonly sinceMs: number | undefined },
): Promise<LeftWork> {
  const listed = await upstream.listed(tenantId, 'calls');
  const round = await upstream.state(tenantId, 'round');
  // Calls after the start of the last listing are left for the next one.
  const untilMs = round === undefined ? Math.max(...listed.map(({ listedMs }) => listedMs)) : Number(round); // as the lister wrote it
  const spans = dueSpans({
    nowMs: Number.isFinite(untilMs) ? untilMs : nowMs,
    sinceMs: sinceMs ?? nowMs - retentionMs,
    listed,
    freshSinceMs: () => (round === undefined ? Number.NEGATIVE_INFINITY : untilMs - 1),
  });
  return { calls: (await upstream.counts(tenantId)).pending, spans };
}
