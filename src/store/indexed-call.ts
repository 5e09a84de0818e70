/** Reads what the search index knows of a call where the call can be read without it, only slower. */
import { Fault } from '../contract/faults.ts';
import type { FoundCall } from './search.ts';
import type { CallRecordStore } from './store.ts';

/** Returns the newest edition of a call; `undefined` also while the index of an earlier release's store is being written. */
export async function indexedCall(
  { search }: Pick<CallRecordStore, 'search'>,
  tenantId: string,
  callId: string,
): Promise<FoundCall | undefined> {
  try {
    return await search.call(tenantId, callId);
  } catch (error) {
    if (error instanceof Fault && error.fault === 'unavailable') return undefined;
    throw error;
  }
}
