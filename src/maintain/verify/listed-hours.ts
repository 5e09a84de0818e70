/** Determines the time span in which the calls of tenants were listed, which a proof of completeness covers. */
import { formatTicks } from '../../base/ticks.ts';
import { retentionWatermark } from '../../store/retention-watermark.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { listingsOf } from './listings.ts';

/** Null when a sync has listed no calls. */
export interface ListedHours {
  readonly listedFromDateTime: string | null;
  readonly listedToDateTime: string | null;
}

/** Returns the first and the last time that was listed in every tenant. Holes between the two are gaps of the report. */
export async function listedHours(store: CallRecordStore, tenants: readonly string[]): Promise<ListedHours> {
  let from: bigint | undefined;
  let to: bigint | undefined;
  for (const tenantId of tenants) {
    const kept = await retentionWatermark(store, tenantId);
    const { spans } = (await listingsOf(store, tenantId, kept)).calls;
    const first = spans[0];
    const last = spans.at(-1);
    if (first === undefined || last === undefined)
      return { listedFromDateTime: null, listedToDateTime: null };
    if (from === undefined || first.from > from) from = first.from;
    if (to === undefined || last.before < to) to = last.before;
  }
  return {
    listedFromDateTime: from === undefined ? null : formatTicks(from),
    listedToDateTime: to === undefined ? null : formatTicks(to),
  };
}
