/** Threads that tell what is in the lines of an import, so that one has only to write: reading takes three times as long. */
import { availableParallelism } from 'node:os';
import { type LineContents, type LineReader, OwnLineReader } from '../ingest/line-contents.ts';
import { arrived } from '../ingest/moved-contents.ts';
import { isRoomyHere } from './garbage.ts';
import type { JoinedLines } from './import-thread.ts';
import { Threads } from './threads.ts';

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
  #threads: Threads | undefined;
  #bytes = 0;
  /** Of the text that came last: what comes next is taken to be as long. */
  #last = 0;

  /** @param count Without any, the thread that asks reads. @param from It reads so many bytes of text itself first. */
  constructor(count: number, from = fewBytes) {
    this.#count = count;
    this.#from = from;
  }

  get width(): number {
    if (this.#threads === undefined) return this.#own.width;
    return Math.max(fewestJobs, Math.min(this.#count * jobsOfThread, Math.floor(mostBytes / this.#last)));
  }

  async read(lines: readonly Buffer[]): Promise<readonly LineContents[]> {
    const lengths = lines.map(({ length }) => length);
    this.#last = lengths.reduce((sum, length) => sum + length, 0);
    this.#bytes += this.#last;
    if (this.#count === 0 || this.#bytes < this.#from) return await this.#own.read(lines);
    this.#threads ??= new Threads({
      ...{ file: 'import-thread', command: 'import' },
      ...{ count: this.#count, jobsOfThread },
    });
    const text = joined(lines, this.#last);
    const job: JoinedLines = { text, lengths };
    return arrived((await this.#threads.run('read', job, [text.buffer])) as readonly LineContents[]); // as import-thread.ts gives it
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#threads?.[Symbol.asyncDispose]();
  }
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
