/** Import: whatever people have of call records, line by line, into the store; what cannot be taken is set aside. */
import { inOrder } from '../in-order.ts';
import type { CallRecordStore, LogRow, ReceivedCall } from '../store/store.ts';
import { type LineContents, type LineReader, OwnLineReader } from './line-contents.ts';
import { lineJobs, type SourceLine } from './line-jobs.ts';
import { PageStage } from './page-stage.ts';
import type { Received } from './read-value.ts';
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

interface ImportOptions {
  readonly tenantId: string;
  readonly store: CallRecordStore;
  readonly maxLineBytes: number;
  /** Who tells what is in lines; this thread when absent. */
  readonly reader?: LineReader;
  /** Ends it, with what was taken by then stored, but for pages: further ones of their calls may be to come. */
  readonly signal?: AbortSignal;
  /** Awaited, so that a slow writer of rejected lines slows the import down. */
  readonly onReject: (reject: Reject) => Promise<void> | void;
  /** Told after each read how many bytes more were read, and how many records there are so far. */
  readonly onRead: (bytes: number, records: number) => void;
}

/** A transaction takes so much text at most: large enough to be cheap, small enough to be lost without regret. */
const batchBytes = 8 * 2 ** 20;

export async function importSources(
  sources: readonly Source[],
  options: ImportOptions,
): Promise<ImportCounts> {
  const { reader = new OwnLineReader(), signal, maxLineBytes, onRead } = options;
  const run = new ImportRun(options);
  const jobs = lineJobs(sources, maxLineBytes, (bytes) => onRead(bytes, run.counts.records));
  const work = async (lines: readonly SourceLine[]) => ({
    lines,
    contents: await reader.read(lines.map(({ bytes }) => bytes)),
  });
  for await (const { lines, contents } of inOrder(jobs, reader, work)) {
    if (signal?.aborted === true) break;
    for (const [i, line] of lines.entries()) await run.take(line, contents[i]!);
  }
  if (signal?.aborted === true) await run.flush();
  else await run.finish();
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

  async take(line: SourceLine, contents: LineContents): Promise<void> {
    if (line.unreadable !== undefined) await this.#reject(line, line.unreadable);
    else if ('refused' in contents) {
      const cut = contents.isCut && !line.ended ? 'The last line is cut short: ' : '';
      await this.#reject(line, `${cut}${contents.refused}`);
    } else {
      if (contents.received.some((received) => 'page' in received)) this.#pages.retain(line.bytes);
      for (const received of contents.received) await this.#take(line, received);
    }
  }

  async finish(): Promise<void> {
    await this.flush();
    await this.#pages.flush(this.#options.tenantId, this.#options.store);
  }

  async #take(line: SourceLine, received: Received): Promise<void> {
    if ('rejected' in received) {
      await this.#reject(line, received.rejected);
    } else if ('page' in received) {
      const { kind, entries } = received.page;
      this.counts[kind === 'sessions' ? 'sessions' : 'participants'] += entries.length;
      this.#pages.hold(received.page);
      if (this.#pages.isFull) await this.finish();
    } else if ('logRow' in received) {
      this.counts.logRows++;
      this.#rows.push(received.logRow);
      await this.#hold(line.bytes.length);
    } else {
      const { call, participants, sessions } = received.record;
      this.counts.records++;
      this.counts.participants += participants;
      this.counts.sessions += sessions;
      this.#batch.push(call);
      await this.#hold(line.bytes.length);
    }
  }

  async #hold(bytes: number): Promise<void> {
    this.#batchBytes += bytes;
    if (this.#batchBytes >= batchBytes) await this.flush();
  }

  async flush(): Promise<void> {
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

  #reject({ source, number, bytes }: SourceLine, reason: string): Promise<void> | void {
    this.counts.rejected++;
    return this.#options.onReject({ file: source.name, line: number, reason, text: bytes });
  }
}
