/**
 * Stores the retention watermark of a tenant: the time before which retention last dropped data, in ticks; 0 when it
 * never did.
 */
import type { CallRecordStore } from './store.ts';

export async function retentionWatermark({ upstream }: CallRecordStore, tenantId: string): Promise<bigint> {
  return BigInt((await upstream.state(tenantId, 'retention')) ?? '0');
}

/** Raises the watermark; never lowers it, because dropped data does not return. */
export async function keepSince(store: CallRecordStore, tenantId: string, ticks: bigint): Promise<void> {
  if (ticks > (await retentionWatermark(store, tenantId)))
    await store.upstream.setState(tenantId, 'retention', String(ticks));
}
