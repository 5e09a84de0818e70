/** Carries the calls of a tenant: while some are written, those after them are read. */
import type { CallRecordStore } from '../store/store.ts';
import type { EditionContent, TransferredCall } from '../store/transfer.ts';
import type { Block } from '../text/block.ts';
import type { CopyingNote, MovingStore } from './copy-note.ts';
import { renumbered } from './renumbered.ts';

/** So much is put in one transaction. */
const batchBytes = 8 * 2 ** 20;
const batchEditions = 1000;
/** Calls that are read together, so that what is in memory does not grow with the store. */
const callsAtOnce = 32;

export interface CallsToCopy {
  readonly from: MovingStore;
  readonly to: MovingStore;
  readonly tenantId: string;
  readonly note: CopyingNote;
  readonly signal: AbortSignal;
  readonly onCalls: (calls: number) => void;
}

/** @returns The note as it is then, and how many editions were not there before. */
export async function copyCalls(work: CallsToCopy): Promise<{ note: CopyingNote; copied: number }> {
  const { from, to, tenantId, note, signal, onCalls } = work;
  const { after } = note.copying;
  const upTo = note.copying.upTo[tenantId] ?? 0;
  if (after !== undefined && after.tenantId > tenantId) return { note, copied: 0 }; // tenants come in order
  const offset = note.offsets[tenantId] ?? 0;
  let reached = note;
  let copied = 0;
  let held: TransferredCall[] = [];
  let size = { bytes: 0, editions: 0 };
  let writing = Promise.resolve();
  const flush = async (callId: string) => {
    await writing;
    const calls = held;
    reached = { ...note, copying: { ...note.copying, after: { tenantId, callId } } };
    const text = JSON.stringify(reached);
    writing = Promise.resolve(to.transfer.put(tenantId, calls, text));
    writing.catch(() => undefined); // it is waited for before the next, and at the end
    copied += size.editions;
    held = [];
    size = { bytes: 0, editions: 0 };
  };
  const isFirst = (await to.evidence.tally(tenantId)).editions === 0;
  const start = after?.tenantId === tenantId ? after.callId : undefined;
  let last: string | undefined;
  for await (const ids of callIds(from, tenantId, start)) {
    signal.throwIfAborted();
    const there = isFirst ? [] : await to.transfer.numbersOf(tenantId, ids);
    const without = new Set([...there].map((number) => number - offset));
    for (const call of await from.transfer.read(tenantId, ids, { upTo, without })) {
      if (call.contents.size === 0) continue;
      held.push(renumbered(call, offset));
      size.editions += call.contents.size;
      for (const content of call.contents.values()) size.bytes += bytesOf(content);
    }
    last = ids.at(-1);
    onCalls(ids.length);
    if (last !== undefined && (size.bytes >= batchBytes || size.editions >= batchEditions)) await flush(last);
  }
  if (held.length > 0 && last !== undefined) await flush(last);
  await writing;
  await to.transfer.reserve(tenantId, upTo + offset);
  return { note: reached, copied };
}

/** Some at a time. */
export async function* callIds(
  { evidence }: CallRecordStore,
  tenantId: string,
  from?: string,
): AsyncGenerator<readonly string[]> {
  for (let after = from; ;) {
    const ids = await evidence.calls(tenantId, after, callsAtOnce);
    after = ids.at(-1);
    if (after === undefined) return;
    yield ids;
  }
}

function bytesOf({ head, participants = [], sessions, found = [] }: EditionContent): number {
  const lists: readonly (readonly Block[])[] = [
    [head],
    participants,
    sessions?.blocks ?? [],
    sessions?.segments ?? [],
    found,
  ];
  return lists.flat().reduce((sum, { body }) => sum + body.length, 0);
}
