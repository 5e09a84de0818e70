/** What a sync that is stopped leaves to do. */
import type { Span } from '../store/spans.ts';
import type { CallRecordStore } from '../store/store.ts';
import { dueSpans, retentionMs } from './listing-plan.ts';

export interface LeftWork {
  /** Calls in the queue. */
  readonly calls: number;
  /** Spans of the list of calls that were not listed to their end: in the round of a sync that ends, else at all. */
  readonly spans: readonly Span[];
}

export async function leftWork(
  { upstream }: CallRecordStore,
  tenantId: string,
  { nowMs, sinceMs }: { readonly nowMs: number; readonly sinceMs: number | undefined },
): Promise<LeftWork> {
  const round = await upstream.state(tenantId, 'round');
  const freshSinceMs = round === undefined ? Number.NEGATIVE_INFINITY : Number(round) - 1; // as the lister wrote it
  const spans = dueSpans({
    nowMs,
    sinceMs: sinceMs ?? nowMs - retentionMs,
    listed: await upstream.listed(tenantId, 'calls'),
    freshSinceMs: () => freshSinceMs,
  });
  return { calls: (await upstream.counts(tenantId)).wanted, spans };
}
