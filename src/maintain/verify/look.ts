/** Checks calls in batches, and distinguishes damage from concurrent changes of another process. */
import type { CallRecordStore } from '../../store/store.ts';
import type { Edition } from '../../store/edition.ts';
import { StoreDamaged } from '../../store/store-errors.ts';

import { bytesOf } from '../../store/transfer.ts';
import { damagedParts } from './check-call.ts';

/** What was found of one call. */
export interface CheckedCall {
  readonly callId: string;
  /** False when the store finds it damaged and gives nothing of it. */
  readonly isRead: boolean;
  /** In the order of their numbers; none when the call was not read, or is not there any more. */
  readonly editions: readonly Edition[];
  /** Parts that are not what was stored. */
  readonly damaged: number;
  /** Of the blocks that were read. */
  readonly bytes: number;
}

/** So often a call is looked at that others write to all the time. */
const mostLooks = 5;

/** @throws StoreError What the store does not answer is no damage. */
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

/** Damage is there at the second look too. A call that was added to or dropped in between is looked at again. */
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
    // The engine finds one of them damaged, and does not say which.
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
  // What is damaged cannot be looked for by what is in it.
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
