/** Threads that read and compare for `store copy`, so that one has only to write. */
import { availableParallelism } from 'node:os';
import { StoreError } from '../store/store.ts';
import type { CallsOfCopy, ComparedCalls, CopyJobs, ReadyToPut } from '../transfer/copy-jobs.ts';
import type { Done, StoresOfCopy } from './copy-thread.ts';
import { Threads } from './threads.ts';

/** One thread writes what all of them make. How many it keeps up with was not measured: there were two cores. */
const mostThreads = 4;
/** Of each thread: one that is worked at, and one that its server is asked for meanwhile. */
const jobsOfThread = 2;

export class CopyThreads implements CopyJobs {
  readonly width: number;
  readonly #threads: Threads;

  constructor(stores: StoresOfCopy, count: number) {
    this.width = count * jobsOfThread;
    const of = { file: 'copy-thread', command: 'copy', workerData: stores, teardown: 'close' } as const;
    this.#threads = new Threads({ ...of, count, jobsOfThread });
  }

  ready(calls: CallsOfCopy, isEmpty: boolean): Promise<ReadyToPut | undefined> {
    return this.#done('ready', { calls, isEmpty });
  }

  compare(calls: CallsOfCopy): Promise<ComparedCalls> {
    return this.#done('compare', calls);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#threads[Symbol.asyncDispose]();
  }

  async #done<Result>(name: 'ready' | 'compare', job: unknown): Promise<Result> {
    const done = (await this.#threads.run(name, job)) as Done<Result>; // as copy-thread.ts gives it
    if ('problem' in done) throw new StoreError(done.problem);
    return done.result;
  }
}

/** A core is left to the thread that writes, and to its server. */
export function threadsToCopy(cores = availableParallelism()): number {
  return Math.max(1, Math.min(mostThreads, cores - 1));
}
