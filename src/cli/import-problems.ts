/**
 * Reports problems of `import` besides rejected lines: the first on standard error, and more in the output of `--json`.
 */
import type { ImportProblem } from '../collect/ingest/problems.ts';
import { type Reject, asProblem } from '../collect/ingest/rejections.ts';
import type { PassedOver } from '../collect/ingest/sources.ts';
import { printable } from '../base/printable.ts';

/** Problems shown on standard error; the rest are counted. */
const shownProblems = 20;
/** Problems in the output of `--json`. */
const mostProblems = 1000;

export class ImportProblems {
  readonly #stderr: { write(text: string): unknown };
  readonly #problems: ImportProblem[] = [];
  #shown = 0;

  constructor(stderr: { write(text: string): unknown }) {
    this.#stderr = stderr;
  }

  /** The problems for `--json`, in order of occurrence. */
  get listed(): readonly ImportProblem[] {
    return this.#problems;
  }

  take(problem: ImportProblem): void {
    this.#list(problem);
    if (++this.#shown <= shownProblems) this.#stderr.write(`${printable(textOf(problem))}\n`);
  }

  /** Adds a rejection that was already printed. */
  rejected(reject: Reject): void {
    this.#list(asProblem(reject));
  }

  passedOver({ folder, count, names }: PassedOver): void {
    const more = count > names.length ? `, and ${count - names.length} more` : '';
    this.take({
      ...{ file: folder, line: 0, unit: 'file', count },
      reason: `${count === 1 ? 'One file was' : `${count} files were`} skipped because of ${count === 1 ? 'its name' : 'their names'}: ${names.join(', ')}${more}.`,
      next: 'In a folder, import reads .json, .jsonl and .ndjson files, packed as .gz or .zst or not. Rename the others, or name each as a PATH.',
    });
  }

  /** Prints how many were not shown. */
  end(): void {
    const more = this.#shown - shownProblems;
    if (more > 0) this.#stderr.write(`… and ${more} more problems. rollcall verify names the calls.\n`);
  }

  #list(problem: ImportProblem): void {
    if (this.#problems.length < mostProblems) this.#problems.push(problem);
  }
}

function textOf({ file, line, call, reason, next, count }: ImportProblem): string {
  const where = line === 0 ? file : `${file}:${line}`;
  const of = call === undefined ? '' : ` call ${call}:`;
  return `${where}:${of} ${reason}${line > 0 && count > 1 ? ` (${count})` : ''} ${next}`;
}
