/** A thread of `store copy`: it opens both stores for itself, and does some calls at a time. */
import { kTransferable, kValue, Tinypool } from 'tinypool';
import { systemClock } from '../clock.ts';
import { StoreError } from '../store/store.ts';
import { type CallsOfCopy, type CopyJobs, OwnJobs, type ReadyToPut } from '../transfer/copy-jobs.ts';
import { openStore } from './open-store.ts';

export interface StoresOfCopy {
  readonly from: string;
  readonly to: string;
}

/** A failure that has a sentence goes to the other thread as this: it does not take classes. */
export type Done<Result> = { readonly result: Result } | { readonly problem: string };

let stores: AsyncDisposableStack | undefined;
let jobs: Promise<CopyJobs> | undefined;

export function ready(job: { readonly calls: CallsOfCopy; readonly isEmpty: boolean }): Promise<unknown> {
  return telling(async () => {
    const made = await (await ours()).ready(job.calls, job.isEmpty);
    return made === undefined ? { result: undefined } : moved(made);
  });
}

export function compare(calls: CallsOfCopy): Promise<unknown> {
  return telling(async () => ({ result: await (await ours()).compare(calls) }));
}

/** When the thread ends. */
export async function close(): Promise<void> {
  await jobs?.catch(() => undefined);
  await stores?.disposeAsync();
}

function ours(): Promise<CopyJobs> {
  return (jobs ??= open());
}

async function open(): Promise<CopyJobs> {
  const { from, to } = Tinypool.workerData as StoresOfCopy; // of our own pool
  stores = new AsyncDisposableStack();
  const read = async (url: string) => stores!.use(await openStore(url, systemClock, { isReadOnly: true }));
  return new OwnJobs(await read(from), await read(to));
}

async function telling(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError) return { problem: error.message };
    throw error;
  }
}

function moved(result: ReadyToPut): unknown {
  return Tinypool.move({ [kTransferable]: result.calls.movable, [kValue]: { result } });
}
