/** Import: whatever people have of call records, line by line, into the store; what cannot be taken is set aside. */
import { isUtf8 } from 'node:buffer';
import type { CallRecordStore, LogRow, ReceivedCall } from '../store/store.ts';
import { Scanner, TextError, type TextProblem } from '../text/scanner.ts';
import { type Line, readLines } from './lines.ts';
import { PageStage } from './page-stage.ts';
import { type Received, readValues } from './read-value.ts';
import type { Source } from './sources.ts';

export interface ImportCounts {
  records: number;
  participants: number;
  sessions: number;
  /** Rows of the PSTN, direct routing and SMS logs. */
  logRows: number;
  newLogRows: number;
  newVersions: number;
  unchanged: number;
  rejected: number;
}

/** A line that was not taken. */
export interface Reject {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
  /** The line as it was; empty when it was too long to hold. */
  readonly text: Buffer;
}

export interface ImportOptions {
  readonly tenantId: string;
  readonly store: CallRecordStore;
  readonly maxLineBytes: number;
  readonly onReject: (reject: Reject) => void;
  /** Told after each read how many bytes more were read, and how many records there are so far. */
  readonly onRead: (bytes: number, records: number) => void;
}

/** A transaction takes so much text at most: large enough to be cheap, small enough to be lost without regret. */
const batchBytes = 8 * 2 ** 20;

export async function importSources(
  sources: readonly Source[],
  options: ImportOptions,
): Promise<ImportCounts> {
  const run = new ImportRun(options);
  for (const source of sources) await run.read(source);
  await run.finish();
  return run.counts;
}

class ImportRun {
  readonly counts: ImportCounts = {
    records: 0,
    participants: 0,
    sessions: 0,
    logRows: 0,
    newLogRows: 0,
    newVersions: 0,
    unchanged: 0,
    rejected: 0,
  };
  readonly #options: ImportOptions;
  readonly #pages = new PageStage();
  #batch: ReceivedCall[] = [];
  #rows: LogRow[] = [];
  #batchBytes = 0;

  constructor(options: ImportOptions) {
    this.#options = options;
  }

  async read(source: Source): Promise<void> {
    const { maxLineBytes, onRead } = this.#options;
    // A file that begins with the beginning of a value may be one document over many lines. Its lines are held until
    // the file ends or they are more than a line may be; a file of JSON Lines is read line by line.
    let held: Line[] | undefined;
    let heldBytes = 0;
    let last = 0;
    let isFirst = true;
    try {
      for await (const line of readLines(
        source.open((bytes) => onRead(bytes, this.counts.records)),
        maxLineBytes,
      )) {
        last = line.number;
        if (held === undefined) {
          if (isFirst && isBeginning(line)) held = [];
          isFirst &&= isBlank(line.bytes);
        }
        if (held === undefined) await this.#takeLine(source, line);
        else {
          held.push(line);
          heldBytes += line.bytes.length;
          if (heldBytes <= maxLineBytes) continue;
          for (const one of held) await this.#takeLine(source, one);
          held = undefined;
        }
      }
    } catch (error) {
      if (!isStreamError(error)) throw error;
      this.#reject(
        source,
        last + 1,
        'The file cannot be read to its end: it is cut short or damaged.',
        nothing,
      );
    }
    if (held !== undefined) await this.#takeDocument(source, held);
  }

  async finish(): Promise<void> {
    await this.#flush();
    await this.#pages.flush(this.#options.tenantId, this.#options.store);
  }

  async #takeDocument(source: Source, lines: readonly Line[]): Promise<void> {
    const bytes = Buffer.concat(lines.flatMap((line) => [line.bytes, newline]));
    const document = { number: lines[0]!.number, bytes, tooLong: undefined, ended: false };
    if (isUtf8(bytes) && isJson(bytes)) await this.#takeLine(source, document);
    else for (const line of lines) await this.#takeLine(source, line);
  }

  async #takeLine(source: Source, line: Line): Promise<void> {
    const { number, bytes, tooLong } = line;
    if (tooLong !== undefined) {
      const megabytes = Math.round(this.#options.maxLineBytes / 2 ** 20);
      const found = Math.ceil(tooLong / 2 ** 20);
      this.#reject(
        source,
        number,
        `The line is longer than ${megabytes} MiB (about ${found}): raise --max-line-mb to take it.`,
        bytes,
      );
      return;
    }
    if (isBlank(bytes)) return;
    if (!isUtf8(bytes)) {
      this.#reject(source, number, 'The line is not UTF-8.', bytes);
      return;
    }
    try {
      // All of the line before any of it: a line is taken whole or not at all.
      for (const received of [...readValues(bytes)]) await this.#take(source, line, received, bytes);
    } catch (error) {
      if (!(error instanceof TextError)) throw error;
      const cut = error.problem === 'truncated' && !line.ended ? 'The last line is cut short: ' : '';
      this.#reject(source, number, `${cut}${error.message}`, bytes);
    }
  }

  async #take(source: Source, line: Line, received: Received, text: Buffer): Promise<void> {
    if ('rejected' in received) {
      this.#reject(source, line.number, received.rejected, text);
    } else if ('page' in received) {
      const { kind, entries } = received.page;
      this.counts[kind === 'sessions' ? 'sessions' : 'participants'] += entries.length;
      this.#pages.hold(received.page);
      if (this.#pages.isFull) await this.finish();
    } else if ('logRow' in received) {
      this.counts.logRows++;
      this.#rows.push(received.logRow);
      await this.#hold(text.length);
    } else {
      const { call, participants, sessions } = received.record;
      this.counts.records++;
      this.counts.participants += participants;
      this.counts.sessions += sessions;
      this.#batch.push(call);
      await this.#hold(text.length);
    }
  }

  async #hold(bytes: number): Promise<void> {
    this.#batchBytes += bytes;
    if (this.#batchBytes >= batchBytes) await this.#flush();
  }

  async #flush(): Promise<void> {
    const { tenantId, store } = this.#options;
    if (this.#batch.length > 0) {
      const outcomes = await store.add(tenantId, this.#batch);
      for (const outcome of outcomes) this.counts[outcome === 'added' ? 'newVersions' : 'unchanged']++;
    }
    if (this.#rows.length > 0) {
      const outcomes = await store.addLogRows(tenantId, this.#rows);
      this.counts.newLogRows += outcomes.filter((outcome) => outcome === 'added').length;
    }
    this.#batch = [];
    this.#rows = [];
    this.#batchBytes = 0;
  }

  #reject(source: Source, line: number, reason: string, text: Buffer): void {
    this.counts.rejected++;
    this.#options.onReject({ file: source.name, line, reason, text });
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

/** Failures of a file or of its packing, by Node's codes; anything else is a defect. */
function isStreamError(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    /^(Z_|ERR_ZLIB|ZSTD_|EIO|EISDIR|EACCES|ENOENT|ERR_STREAM)/.test(String(error.code))
  );
}
