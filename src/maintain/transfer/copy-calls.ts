/** Copies the calls of a tenant: the next are read while the previous are written. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { callIds, CallsAtOnce } from '../../store/calls-at-once.ts';
import type { Awaitable } from '../../base/awaitable.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { StoreError } from '../../store/store-errors.ts';
import { bytesOf, type TransferredCall } from '../../store/transfer.ts';
import type { CopyingNote } from './copy-note.ts';
import { lookAt } from '../verify/look.ts';
import { meantCalls } from './renumbered.ts';

const batchBytes = 8 * 2 ** 20;
const batchCalls = 1000;

interface CallsToCopy {
  readonly from: CallRecordStore;
  readonly to: CallRecordStore;
  readonly tenantId: string;
  readonly note: CopyingNote;
  readonly signal: AbortSignal;
  readonly onCalls: (calls: number) => void;
}

/** Copies the calls. @returns The updated note, and the number of new editions. */
export async function copyCalls(copying: CallsToCopy): Promise<{ note: CopyingNote; copied: number }> {
  const { from, to, tenantId, note, signal, onCalls } = copying;
  const { after } = note.copying;
  if (after !== undefined && after.tenantId > tenantId) return { note, copied: 0 }; // tenants come in order
  let reached = note;
  let copied = 0;
  let held: TransferredCall[] = [];
  let bytes = 0;
  let writing = Promise.resolve(0);
  const telling = <T>(ids: readonly string[], work: () => Awaitable<T>) =>
    reportByCall(from, tenantId, ids, work);
  const flush = async (callId: string) => {
    copied += await writing;
    reached = { ...note, copying: { ...note.copying, after: { tenantId, callId } } };
    const [calls, text] = [held, JSON.stringify(reached)];
    const ids = calls.map((call) => call.callId);
    writing = telling(ids, () => to.transfer.put(tenantId, calls, text));
    writing.catch(() => undefined); // awaited before the next write, and at the end
    held = [];
    bytes = 0;
  };
  const start = after?.tenantId === tenantId ? after.callId : undefined;
  const atOnce = new CallsAtOnce();
  let last: string | undefined;
  for await (const ids of callIds(from, tenantId, atOnce, start)) {
    signal.throwIfAborted();
    await nextTurn(); // a source that responds synchronously would block the target's responses
    const calls = await telling(ids, () => meantCalls(from, tenantId, ids, note));
    const read = bytesOf(calls);
    atOnce.had(ids.length, read);
    held.push(...calls);
    bytes += read;
    last = ids.at(-1)!; // at least one
    onCalls(ids.length);
    if (bytes >= batchBytes || held.length >= batchCalls) await flush(last);
  }
  if (last !== undefined) await flush(last);
  copied += await writing;
  await to.transfer.reserve(tenantId, (note.copying.upTo[tenantId] ?? 0) + (note.offsets[tenantId] ?? 0));
  return { note: reached, copied };
}

/**
 * Runs an operation on calls of the source.
 *
 * @throws StoreError that names the call, instead of the operation's error, when one of them is damaged
 */
async function reportByCall<T>(
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
