/** Writes the rejections of `import` by cause: the first to standard error, all of them to a file. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { sentenceOf } from '../collect/ingest/refused.ts';
import type { Reject } from '../collect/ingest/rejections.ts';
import { printable, printableJson } from '../base/printable.ts';
import { UsageError } from '../base/exit.ts';
import { FileError, fileFailure } from './file-failure.ts';

/** Rejections shown on standard error; the rest are counted. */
const shownRejects = 20;
/** Bytes per write to the file. */
const runBytes = 2 ** 16;
const pipeFullMs = 20;
const { O_WRONLY, O_CREAT, O_TRUNC, O_NONBLOCK } = constants;

interface RejectsOptions {
  /** Absent when no file was requested. */
  readonly path: string | undefined;
  readonly stderr: { write(text: string): unknown };
  /** Ends the wait for a pipe whose reader has stopped reading. */
  readonly signal: AbortSignal;
}

export class Rejects implements AsyncDisposable {
  readonly #options: RejectsOptions;
  readonly #file: FileHandle | undefined;
  #count = 0;
  #run: string[] = [];
  #runLength = 0;

  private constructor(options: RejectsOptions, file: FileHandle | undefined) {
    this.#options = options;
    this.#file = file;
  }

  /** Opens the file. @throws UsageError when it cannot be opened */
  static async open(options: RejectsOptions): Promise<Rejects> {
    const { path } = options;
    if (path === undefined) return new Rejects(options, undefined);
    try {
      // The file gets mode 0600, because a rejected line contains call data. Writes to a full pipe fail instead of
      // blocking, because a blocked write could not be aborted.
      return new Rejects(options, await open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK, 0o600));
    } catch (error) {
      const failure = fileFailure(error, `--rejects: Could not open '${path}'`);
      throw failure instanceof FileError ? new UsageError([failure.message]) : failure;
    }
  }

  /** Resolves when the write is complete, so that a slow disk or pipe slows the import down. */
  take(reject: Reject): Promise<void> | undefined {
    const { file, line, count, lines, reason, next, text } = reject;
    if (++this.#count <= shownRejects)
      this.#options.stderr.write(
        `${printable(`${file}:${line}: ${sentenceOf(reject)}${linesText(count)}`)}\n`,
      );
    if (this.#file === undefined) return undefined;
    const shown = { file, line, count, lines, reason, next, text: text.toString() };
    const json = `${printableJson(shown)}\n`;
    this.#run.push(json);
    this.#runLength += json.length;
    return this.#runLength < runBytes ? undefined : this.#flush();
  }

  /** Writes the remaining rejections, and prints how many were not shown. */
  async end(): Promise<void> {
    await this.#flush();
    const { path, stderr } = this.#options;
    const more = this.#count - shownRejects;
    const where = path === undefined ? '--rejects FILE writes them all.' : `${printable(path)} has them all.`;
    if (more > 0) stderr.write(`… and ${more} more rejections. ${where}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close().catch(() => undefined); // its content was written
  }

  async #flush(): Promise<void> {
    if (this.#file === undefined || this.#runLength === 0) return;
    const { path, signal } = this.#options;
    const bytes = Buffer.from(this.#run.join(''));
    this.#run = [];
    this.#runLength = 0;
    for (let at = 0; at < bytes.length;) {
      try {
        at += (await this.#file.write(bytes, at)).bytesWritten;
      } catch (error) {
        const isPipeFull = error instanceof Error && 'code' in error && error.code === 'EAGAIN';
        if (!isPipeFull) throw fileFailure(error, `Could not write the rejected lines to '${path}'`);
        if (signal.aborted) return; // the command was stopped, and reports it
        await sleep(pipeFullMs);
      }
    }
  }
}

function linesText(count: number): string {
  return count === 1 ? '' : ` (${count} lines, of which this is the first)`;
}
