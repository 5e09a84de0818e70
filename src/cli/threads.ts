/**
 * Threads of a command, each of which does several jobs one after another. They begin with the first job, and what runs them
 * is loaded then: most commands have none.
 */
import { extname } from 'node:path';
import type { Tinypool } from 'tinypool';
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
  readonly #options: ThreadOptions;
  #pool: Promise<Tinypool> | undefined;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  /** @param name Of what the file exports. @param moved Of the job: it is gone here then. */
  async run(name: string, job: unknown, moved: readonly ArrayBuffer[] = []): Promise<unknown> {
    const pool = await (this.#pool ??= begin(this.#options));
    try {
      return (await pool.run(job, { name, transferList: [...moved] })) as unknown;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'))
        throw error;
      throw new StoreError(
        `A thread of the ${this.#options.command} has no memory left. Give each more with NODE_OPTIONS=--max-old-space-size=MEBIBYTES; the same command goes on from what is stored.`,
        { cause: error },
      );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#pool)?.destroy();
  }
}

async function begin({ file, count, jobsOfThread, workerData, teardown }: ThreadOptions): Promise<Tinypool> {
  const { Tinypool } = await import('tinypool');
  return new Tinypool({
    // Beside this file: in TypeScript in a checkout, in JavaScript in the package.
    filename: new URL(`${file}${extname(import.meta.url)}`, import.meta.url),
    workerData,
    ...(teardown !== undefined && { teardown }),
    minThreads: count,
    maxThreads: count,
    concurrentTasksPerWorker: jobsOfThread,
    // A thread that waits for its next job answers its servers meanwhile.
    useAtomics: false,
    // Of a line with a million entries most is garbage at once: collected early, it adds little to the memory of a thread.
    resourceLimits: { maxYoungGenerationSizeMb: 32 },
  });
}
