/** Threads that read and compare for `store copy`, so that one has only to write. */
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Tinypool } from 'tinypool';
import { StoreError } from '../store/store.ts';
import type { CallsOfCopy, ComparedCalls, CopyJobs, ReadyToPut } from '../transfer/copy-jobs.ts';
import type { Done, StoresOfCopy } from './copy-thread.ts';

/** One thread writes what all of them make. How many it keeps up with was not measured: there were two cores. */
const mostThreads = 4;
/** Of each thread: one that is worked at, and one that its server is asked for meanwhile. */
const jobsOfThread = 2;

export class CopyThreads implements CopyJobs {
  readonly width: number;
  readonly #pool: Tinypool;

  constructor(stores: StoresOfCopy, threads: number) {
    this.width = threads * jobsOfThread;
    this.#pool = new Tinypool({
      // Beside this file: in TypeScript in a checkout, in JavaScript in the package.
      filename: new URL(`copy-thread${extname(import.meta.url)}`, import.meta.url),
      workerData: stores,
      minThreads: threads,
      maxThreads: threads,
      concurrentTasksPerWorker: jobsOfThread,
      // A thread that waits for its next job answers its servers meanwhile.
      useAtomics: false,
      teardown: 'close',
    });
  }

  ready(calls: CallsOfCopy, isEmpty: boolean): Promise<ReadyToPut | undefined> {
    return this.#done('ready', { calls, isEmpty });
  }

  compare(calls: CallsOfCopy): Promise<ComparedCalls> {
    return this.#done('compare', calls);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#pool.destroy();
  }

  async #done<Result>(name: 'ready' | 'compare', job: unknown): Promise<Result> {
    const done = (await this.#pool.run(job, { name }).catch(refuseOutOfMemory)) as Done<Result>; // as copy-thread.ts gives it
    if ('problem' in done) throw new StoreError(done.problem);
    return done.result;
  }
}

function refuseOutOfMemory(error: unknown): never {
  if (!(error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')) throw error;
  throw new StoreError(
    'A thread of the copy has no memory left. Give each more with NODE_OPTIONS=--max-old-space-size=MEBIBYTES; the same command goes on where it is.',
    { cause: error },
  );
}

/** A core is left to the thread that writes, and to its server. */
export function threadsToCopy(cores = availableParallelism()): number {
  return Math.max(1, Math.min(mostThreads, cores - 1));
}
