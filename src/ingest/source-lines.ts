/** The lines of a source; a document over many lines is one. */
import { isUtf8 } from 'node:buffer';
import { Scanner, TextError, type TextProblem } from '../text/scanner.ts';
import { GrowingBytes } from './growing-bytes.ts';
import { type Line, readLines } from './lines.ts';
import type { Source } from './sources.ts';

export interface SourceLine extends Line {
  readonly source: Source;
  /** Why it cannot be read at all. */
  readonly unreadable: string | undefined;
}

export async function* linesOf(
  source: Source,
  maxLineBytes: number,
  onRead: (bytes: number) => void,
): AsyncGenerator<SourceLine> {
  let last = 0;
  try {
    for await (const line of withDocuments(readLines(source.open(onRead), maxLineBytes), maxLineBytes)) {
      last = line.number;
      if (line.tooLong === undefined && isBlank(line.bytes)) continue;
      const unreadable = line.tooLong === undefined ? undefined : tooLongText(line.tooLong, maxLineBytes);
      yield { ...line, source, unreadable };
    }
  } catch (error) {
    if (!isStreamError(error)) throw error;
    const unreadable = 'The file cannot be read to its end: it is cut short or damaged.';
    yield { ...{ source, number: last + 1, bytes: nothing, tooLong: undefined, ended: false }, unreadable };
  }
}

/**
 * A file that begins with the beginning of a value may be one document over many lines. Its text is held until the file
 * ends or it is more than a line may be; a file of JSON Lines is given line by line.
 */
async function* withDocuments(lines: AsyncIterable<Line>, maxLineBytes: number): AsyncGenerator<Line> {
  let held: HeldLines | undefined;
  let isFirst = true;
  try {
    for await (const line of lines) {
      if (held === undefined) {
        if (isFirst && isBeginning(line)) held = new HeldLines(line.number);
        isFirst &&= isBlank(line.bytes);
      }
      if (held === undefined) {
        yield line;
        continue;
      }
      if (line.tooLong === undefined && held.length + line.bytes.length < maxLineBytes) {
        held.add(line);
        continue;
      }
      yield* held.lines();
      held = undefined;
      yield line;
    }
  } catch (error) {
    if (held !== undefined) yield* held.documentOrLines(); // what came before the file broke off
    throw error;
  }
  if (held !== undefined) yield* held.documentOrLines();
}

/** Lines as one text: an object a line would cost more than a short line does. */
class HeldLines {
  readonly #first: number;
  readonly #text = new GrowingBytes();
  #isLastEnded = true;

  constructor(first: number) {
    this.#first = first;
  }

  get length(): number {
    return this.#text.length;
  }

  add({ bytes, ended }: Line): void {
    this.#text.append(bytes);
    this.#text.append(newline);
    this.#isLastEnded = ended;
  }

  *documentOrLines(): Generator<Line> {
    const bytes = this.#text.take();
    if (isUtf8(bytes) && isJson(bytes))
      yield { number: this.#first, bytes, tooLong: undefined, ended: false };
    else yield* this.#linesIn(bytes);
  }

  lines(): Generator<Line> {
    return this.#linesIn(this.#text.take());
  }

  *#linesIn(text: Buffer): Generator<Line> {
    let number = this.#first;
    for (let start = 0; start < text.length;) {
      const end = text.indexOf(0x0a, start);
      const ended = end + 1 < text.length || this.#isLastEnded;
      yield { number: number++, bytes: text.subarray(start, end), tooLong: undefined, ended };
      start = end + 1;
    }
  }
}

const newline = Buffer.from('\n');
const nothing = Buffer.alloc(0);

/** True when a text is JSON, wanted or not. */
function isJson(bytes: Buffer): boolean {
  const problem = problemOf(bytes);
  return problem === undefined || problem === 'notWanted';
}

function problemOf(bytes: Buffer): TextProblem | undefined {
  const scanner = new Scanner(bytes);
  try {
    while (scanner.peek() !== -1) scanner.value(undefined);
    return undefined;
  } catch (error) {
    if (error instanceof TextError) return error.problem;
    throw error;
  }
}

/** True when a line is the beginning of a JSON value that goes on. */
function isBeginning(line: Line): boolean {
  return (
    line.ended && line.tooLong === undefined && isUtf8(line.bytes) && problemOf(line.bytes) === 'truncated'
  );
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09);
}

function tooLongText(length: number, maxLineBytes: number): string {
  const allowed = Math.round(maxLineBytes / 2 ** 20);
  return `The line is longer than ${allowed} MiB (about ${Math.ceil(length / 2 ** 20)}): raise --max-line-mb to take it.`;
}

/** Failures of a file or of its packing, by Node's codes; anything else is a defect. */
function isStreamError(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    /^(Z_|ERR_ZLIB|ZSTD_|EIO|EISDIR|EACCES|ENOENT|ERR_STREAM)/.test(String(error.code))
  );
}
