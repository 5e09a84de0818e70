/** Reads the lines of a source, and the values of multi-line documents. */
import { DocumentSplitter } from './documents.ts';
import { UnreadableFile } from './file-forms.ts';
import type { Line } from './lines.ts';
import type { Source } from './sources.ts';
import { utf8Of } from './text-encoding.ts';

export interface SourceLine extends Line {
  readonly source: Source;
  /** Why it cannot be read. */
  readonly unreadable: string | undefined;
}

export async function* linesOf(
  source: Source,
  maxLineBytes: number,
  onRead: (bytes: number) => void,
): AsyncGenerator<SourceLine> {
  const splitter = new DocumentSplitter(maxLineBytes);
  let last = 0;
  const given = (line: Line): SourceLine => {
    last = line.number;
    return { ...line, source, unreadable: line.problem ?? tooLongText(line, maxLineBytes) };
  };
  let unreadable: string | undefined;
  try {
    for await (const chunk of utf8Of(source.open(onRead)))
      for (const line of splitter.push(chunk)) yield given(line);
  } catch (error) {
    if (error instanceof UnreadableFile) unreadable = error.message;
    else if (isStreamError(error))
      unreadable = 'The file cannot be read to its end: it is truncated or damaged.';
    else throw error;
  }
  for (const line of splitter.end()) yield given(line); // lines before the read error
  if (unreadable !== undefined)
    yield { ...{ source, number: last + 1, bytes: nothing, tooLong: undefined, ended: false }, unreadable };
}

const nothing = Buffer.alloc(0);

function tooLongText({ tooLong, isRecord }: Line, maxLineBytes: number): string | undefined {
  if (tooLong === undefined) return undefined;
  const allowed = Math.round(maxLineBytes / 2 ** 20);
  const what = isRecord === true ? 'record' : 'line';
  return `The ${what} is longer than ${allowed} MiB (about ${Math.ceil(tooLong / 2 ** 20)}): raise --max-line-mb to import it.`;
}

/** Returns true for errors of a file or its compression, by Node's codes; any other error is a defect. */
function isStreamError(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    /^(Z_|ERR_ZLIB|ZSTD_|EIO|EISDIR|EACCES|ENOENT|ERR_STREAM)/.test(String(error.code))
  );
}
