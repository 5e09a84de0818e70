/** Tenants of which there is anything: calls, rows of logs, or what a sync wrote. */
import type { CallRecordStore } from '../../store/store.ts';

/** @returns In order. */
export async function knownTenants({ evidence, upstream }: CallRecordStore): Promise<readonly string[]> {
  return [...new Set([...(await evidence.stored()), ...(await upstream.tenants())])].sort();
}
