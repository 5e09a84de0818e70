/** Lists the tenants that have data: calls, log rows, or sync state. */
import type { CallRecordStore } from '../../store/store.ts';

export async function knownTenants({ evidence, upstream }: CallRecordStore): Promise<readonly string[]> {
  return [...new Set([...(await evidence.stored()), ...(await upstream.tenants())])].sort();
}
