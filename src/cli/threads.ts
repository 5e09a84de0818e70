/** Threads of a command, each of which does several jobs one after another. */
import { extname } from 'node:path';
import { Tinypool } from 'tinypool';
import { StoreError } from '../store/store.ts';

export interface ThreadOptions {
  /** Name of the file beside this one that a thread runs. */
  readonly file: string;
  /** What they are of, in words. */
  readonly command: 'copy' | 'import';
  readonly count: number;
  /** Given to a thread at a time: it has another when it has done one. */
  readonly jobsOfThread: number;
  readonly workerData?: unknown;
  /** Name of what a thread runs when it ends. */
  readonly teardown?: string;
}

export class Threads {
  readonly #command: ThreadOptions['command'];
  readonly #pool: Tinypool;

  constructor({ file, command, count, jobsOfThread, ...options }: ThreadOptions) {
    this.#command = command;
    this.#pool = new Tinypool({
      ...options,
      // In TypeScript in a checkout, in JavaScript in the package.
      filename: new URL(`${file}${extname(import.meta.url)}`, import.meta.url),
      minThreads: count,
      maxThreads: count,
      concurrentTasksPerWorker: jobsOfThread,
      // A thread that waits for its next job answers its servers meanwhile.
      useAtomics: false,
    });
  }

  /** @param name Of what the file exports. @param moved Of the job: it is gone here then. */
  async run(name: string, job: unknown, moved: readonly ArrayBuffer[] = []): Promise<unknown> {
    try {
      return (await this.#pool.run(job, { name, transferList: [...moved] })) as unknown;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'))
        throw error;
      throw new StoreError(
        `A thread of the ${this.#command} has no memory left. Give each more with NODE_OPTIONS=--max-old-space-size=MEBIBYTES; the same command goes on from what is stored.`,
        { cause: error },
      );
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#pool.destroy();
  }
}
