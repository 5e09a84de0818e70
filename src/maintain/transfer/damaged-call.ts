/** Explains why calls cannot be copied when one of them is damaged in the source. */
import type { Awaitable } from '../../base/awaitable.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { StoreError } from '../../store/store-errors.ts';
import { lookAt } from '../verify/look.ts';

/**
 * Runs an operation on calls of the source.
 *
 * @throws StoreError that names the call, instead of the operation's error, when one of them is damaged
 */
export async function reportByCall<T>(
  from: CallRecordStore,
  tenantId: string,
  callIds: readonly string[],
  work: () => Awaitable<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const looked = await lookAt(from, tenantId, callIds).catch(() => []); // the source does not respond
    const damaged = looked.find((call) => call.damaged > 0);
    if (damaged === undefined) throw error;
    throw new StoreError(
      `The call ${damaged.callId} of tenant ${tenantId} is damaged in the source. Run rollcall verify to list all damage, then copy an undamaged backup to a new store.`,
      { cause: error },
    );
  }
}
