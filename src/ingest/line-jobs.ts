/** The lines of sources, so many together as are read at a time; a document over many lines is one. */
import { isUtf8 } from 'node:buffer';
import { Scanner, TextError, type TextProblem } from '../text/scanner.ts';
import { type Line, readLines } from './lines.ts';
import type { Source } from './sources.ts';

/** Of text that is read together; a line may have more. */
const bytesAtOnce = 2 ** 20;

export interface SourceLine extends Line {
  readonly source: Source;
  /** Why it cannot be read at all. */
  readonly unreadable: string | undefined;
}

export async function* lineJobs(
  sources: readonly Source[],
  maxLineBytes: number,
  onRead: (bytes: number) => void,
): AsyncGenerator<readonly SourceLine[]> {
  let lines: SourceLine[] = [];
  let bytes = 0;
  for (const source of sources) {
    for await (const line of linesOf(source, maxLineBytes, onRead)) {
      lines.push(line);
      bytes += line.bytes.length;
      if (bytes < bytesAtOnce) continue;
      yield lines;
      lines = [];
      bytes = 0;
    }
  }
  if (lines.length > 0) yield lines;
}

async function* linesOf(
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
 * A file that begins with the beginning of a value may be one document over many lines. Its lines are held until the file
 * ends or they are more than a line may be; a file of JSON Lines is given line by line.
 */
async function* withDocuments(lines: AsyncIterable<Line>, maxLineBytes: number): AsyncGenerator<Line> {
  let held: Line[] | undefined;
  let heldBytes = 0;
  let isFirst = true;
  try {
    for await (const line of lines) {
      if (held === undefined) {
        if (isFirst && isBeginning(line)) held = [];
        isFirst &&= isBlank(line.bytes);
      }
      if (held === undefined) yield line;
      else {
        held.push(line);
        heldBytes += line.bytes.length;
        if (heldBytes <= maxLineBytes) continue;
        yield* held;
        held = undefined;
      }
    }
  } catch (error) {
    if (held !== undefined) yield* asDocument(held); // what came before the file broke off
    throw error;
  }
  if (held !== undefined) yield* asDocument(held);
}

function asDocument(lines: readonly Line[]): readonly Line[] {
  const bytes = Buffer.concat(lines.flatMap((line) => [line.bytes, newline]));
  if (!isUtf8(bytes) || !isJson(bytes)) return lines;
  return [{ number: lines[0]!.number, bytes, tooLong: undefined, ended: false }];
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
