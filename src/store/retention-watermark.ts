/** From when on a tenant's calls are kept: the last time that retention dropped what was before, in ticks; 0 where it never did. */
import type { CallRecordStore } from './store.ts';

export async function retentionWatermark({ upstream }: CallRecordStore, tenantId: string): Promise<bigint> {
  return BigInt((await upstream.state(tenantId, 'retention')) ?? '0');
}

/** It never goes back: what was dropped is not there to be kept. */
export async function keepSince(store: CallRecordStore, tenantId: string, ticks: bigint): Promise<void> {
  if (ticks > (await retentionWatermark(store, tenantId)))
    await store.upstream.setState(tenantId, 'retention', String(ticks));
}
