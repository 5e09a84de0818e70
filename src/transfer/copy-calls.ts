/** Carries the calls of a tenant: while some are written, those after them are read. */
import { inOrder } from '../in-order.ts';
import type { Awaitable } from '../store/store.ts';
import { callIds, CallsAtOnce } from './calls-at-once.ts';
import type { CopyJobs, ReadyToPut } from './copy-jobs.ts';
import type { CopyingNote, MovingStore } from './copy-note.ts';
import { toldByCall } from './damaged-call.ts';

/** So much is put in one transaction. */
const batchBytes = 8 * 2 ** 20;
const batchEditions = 1000;

export interface CallsToCopy {
  readonly from: MovingStore;
  readonly to: MovingStore;
  readonly jobs: CopyJobs;
  readonly tenantId: string;
  readonly note: CopyingNote;
  readonly signal: AbortSignal;
  readonly onCalls: (calls: number) => void;
}

/** @returns The note as it is then, and how many editions were not there before. */
export async function copyCalls(copying: CallsToCopy): Promise<{ note: CopyingNote; copied: number }> {
  const { from, to, jobs, tenantId, note, signal, onCalls } = copying;
  const { after } = note.copying;
  const upTo = note.copying.upTo[tenantId] ?? 0;
  if (after !== undefined && after.tenantId > tenantId) return { note, copied: 0 }; // tenants come in order
  const offset = note.offsets[tenantId] ?? 0;
  let reached = note;
  let copied = 0;
  let held: Held[] = [];
  let writing = Promise.resolve();
  const telling = async <T>(ids: readonly string[], doing: () => Awaitable<T>): Promise<T> => {
    try {
      return await doing();
    } catch (error) {
      throw await toldByCall(error, from, tenantId, ids);
    }
  };
  const flush = async (callId: string) => {
    await writing;
    reached = { ...note, copying: { ...note.copying, after: { tenantId, callId } } };
    const [ids, calls] = [held.flatMap((one) => one.ids), held.map(({ ready }) => ready.calls)];
    writing = telling(ids, () => to.transfer.put(tenantId, calls, JSON.stringify(reached)));
    writing.catch(() => undefined); // it is waited for before the next, and at the end
    copied += sum(held, 'editions');
    held = [];
  };
  const isEmpty = (await to.evidence.tally(tenantId)).editions === 0;
  const start = after?.tenantId === tenantId ? after.callId : undefined;
  let last: string | undefined;
  const work = async (ids: readonly string[]) => ({
    ids,
    ready: await telling(ids, () => jobs.ready({ tenantId, ids, upTo, offset }, isEmpty)),
  });
  const atOnce = new CallsAtOnce();
  const jobsOfCalls = callIds(from, tenantId, atOnce, start);
  for await (const { ids, ready } of inOrder(jobsOfCalls, jobs, work)) {
    signal.throwIfAborted();
    atOnce.had(ids.length, ready?.bytes ?? 0);
    if (ready !== undefined) held.push({ ids, ready });
    last = ids.at(-1);
    onCalls(ids.length);
    if (last !== undefined && (sum(held, 'bytes') >= batchBytes || sum(held, 'editions') >= batchEditions))
      await flush(last);
  }
  if (held.length > 0 && last !== undefined) await flush(last);
  await writing;
  await to.transfer.reserve(tenantId, upTo + offset);
  return { note: reached, copied };
}

/** Calls that wait to be put together with others. */
interface Held {
  readonly ids: readonly string[];
  readonly ready: ReadyToPut;
}

function sum(held: readonly Held[], of: 'editions' | 'bytes'): number {
  return held.reduce((all, { ready }) => all + ready[of], 0);
}
