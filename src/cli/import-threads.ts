/** Threads that tell what is in the lines of an import, so that one has only to write: reading takes three times as long. */
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import type { Tinypool } from 'tinypool';
import { type LineContents, type LineReader, OwnLineReader } from '../ingest/line-contents.ts';
import { arrived } from '../ingest/moved-contents.ts';
import { StoreError } from '../store/store.ts';
import { isRoomyHere } from './garbage.ts';
import type { JoinedLines } from './import-thread.ts';

/** One thread writes what so many read. */
const mostThreads = 4;
/** Of each thread: what keeps it busy while a transaction is written. */
const jobsOfThread = 4;
/** Some text is read while some is stored. */
const fewestJobs = 2;
/** Of text that waits to be read and stored; lines may have more. */
const mostBytes = 32 * 2 ** 20;
/** Threads take as long to begin as it takes to read so much. */
const fewBytes = 16 * 2 ** 20;

export class ImportThreads implements LineReader {
  readonly #count: number;
  readonly #from: number;
  readonly #own = new OwnLineReader();
  #pool: Promise<Tinypool> | undefined;
  #bytes = 0;
  /** Of the text that came last: what comes next is taken to be as long. */
  #last = 0;

  /** @param count Without any, the thread that asks reads. @param from It reads so many bytes of text itself first. */
  constructor(count: number, from = fewBytes) {
    this.#count = count;
    this.#from = from;
  }

  get width(): number {
    if (this.#pool === undefined) return this.#own.width;
    return Math.max(fewestJobs, Math.min(this.#count * jobsOfThread, Math.floor(mostBytes / this.#last)));
  }

  async read(lines: readonly Buffer[]): Promise<readonly LineContents[]> {
    const lengths = lines.map(({ length }) => length);
    const bytes = lengths.reduce((sum, length) => sum + length, 0);
    this.#last = bytes;
    this.#bytes += bytes;
    if (this.#count === 0 || this.#bytes < this.#from) return await this.#own.read(lines);
    const pool = await (this.#pool ??= startThreads(this.#count));
    // Other lines are read while the threads start: `#last` may be of those.
    const text = joined(lines, bytes);
    const job: JoinedLines = { text, lengths };
    try {
      const read = (await pool.run(job, { name: 'read', transferList: [text.buffer] })) as unknown;
      return arrived(read as readonly LineContents[]); // as import-thread.ts gives it
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'))
        throw error;
      throw new StoreError(
        'A thread of the import has no memory left. Give each more with NODE_OPTIONS=--max-old-space-size=MEBIBYTES; the same command goes on from what is stored.',
        { cause: error },
      );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#pool)?.destroy();
  }
}

/** What runs the threads is loaded when they start: most commands have none. */
async function startThreads(count: number): Promise<Tinypool> {
  const { Tinypool } = await import('tinypool');
  return new Tinypool({
    // Beside this file: in TypeScript in a checkout, in JavaScript in the package.
    filename: new URL(`import-thread${extname(import.meta.url)}`, import.meta.url).href,
    minThreads: count,
    maxThreads: count,
    concurrentTasksPerWorker: jobsOfThread,
    // A thread that waits for its next job goes on with what it awaits.
    useAtomics: false,
    // Of a line with a million entries most is garbage at once: collected early, it adds little to the memory of a thread.
    resourceLimits: { maxYoungGenerationSizeMb: 32 },
  });
}

/** A copy to move: the lines themselves stay, for those that are not taken, and a pool of Node's that others share does. */
function joined(lines: readonly Buffer[], bytes: number): Buffer<ArrayBuffer> {
  const text = Buffer.allocUnsafeSlow(bytes);
  let at = 0;
  for (const line of lines) {
    text.set(line, at);
    at += line.length;
  }
  return text;
}

/** As many as there are cores: the thread that writes has less to do than one that reads. None where memory is short. */
export function threadsToImport(cores = availableParallelism(), isRoomy = isRoomyHere()): number {
  return cores === 1 || !isRoomy ? 0 : Math.min(mostThreads, cores);
}
