/** Checks calls in batches, and distinguishes damage from concurrent changes of another process. */
import type { CallRecordStore } from '../../store/store.ts';
import type { Edition } from '../../store/edition.ts';
import { StoreDamaged } from '../../store/store-errors.ts';

import { bytesOf } from '../../store/transfer.ts';
import { damagedParts } from './check-call.ts';

/** The result of checking one call. */
export interface CheckedCall {
  readonly callId: string;
  /** False when the store detects damage and returns nothing. */
  readonly isRead: boolean;
  /** Ordered by number; empty when the call was not read or no longer exists. */
  readonly editions: readonly Edition[];
  readonly damaged: number;
  /** Bytes of the blocks that were read. */
  readonly bytes: number;
}

/** The maximum number of reads of a call that other processes keep changing. */
const mostLooks = 5;

/** Checks calls. @throws StoreError A store that does not respond is not damage. */
export async function lookAt(
  store: CallRecordStore,
  tenantId: string,
  callIds: readonly string[],
): Promise<readonly CheckedCall[]> {
  const looked: CheckedCall[] = [];
  for (const one of await lookOnce(store, tenantId, callIds))
    looked.push(one.damaged === 0 ? one : await confirmed(store, tenantId, one));
  return looked;
}

/** Reads calls again: real damage is still there. A call that was added or deleted meanwhile is read again. */
async function confirmed(store: CallRecordStore, tenantId: string, first: CheckedCall): Promise<CheckedCall> {
  let last = first;
  for (let looks = 2; looks <= mostLooks; looks++) {
    const [again] = await lookOnce(store, tenantId, [last.callId]);
    const isSettled = again!.damaged === 0 || numbers(again!) === numbers(last); // one was asked for
    last = again!;
    if (isSettled) break;
  }
  return last;
}

function numbers({ editions }: CheckedCall): string {
  return editions.map(({ edition }) => edition).join();
}

async function lookOnce(
  store: CallRecordStore,
  tenantId: string,
  callIds: readonly string[],
): Promise<readonly CheckedCall[]> {
  try {
    return await lookTogether(store, tenantId, callIds);
  } catch (error) {
    if (!(error instanceof StoreDamaged)) throw error;
    // The engine detects that one of them is damaged, but not which.
    if (callIds.length > 1) {
      const each: CheckedCall[] = [];
      for (const callId of callIds) each.push(...(await lookOnce(store, tenantId, [callId])));
      return each;
    }
    return [{ callId: callIds[0]!, isRead: false, editions: [], damaged: 1, bytes: 0 }];
  }
}

async function lookTogether(
  { evidence }: CallRecordStore,
  tenantId: string,
  callIds: readonly string[],
): Promise<readonly CheckedCall[]> {
  const calls = await evidence.whole(tenantId, callIds);
  const checked = calls.map((call) => ({ call, damaged: damagedParts(call) }));
  // A damaged call cannot be looked up by its content.
  const whole = checked.filter(({ damaged }) => damaged === 0).map(({ call }) => call);
  const misplaced = new Set(await evidence.misplaced(tenantId, whole));
  return checked.map(({ call, damaged }) => ({
    callId: call.callId,
    isRead: true,
    editions: call.editions,
    damaged: damaged + Number(misplaced.has(call.callId)),
    bytes: bytesOf([call]),
  }));
}
