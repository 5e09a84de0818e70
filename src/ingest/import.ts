/** Import: whatever people have of call records, line by line, into the store; what cannot be taken is set aside. */
import type { CallRecordStore, LogRow, ReceivedCall } from '../store/store.ts';
import { contentsOf } from './line-contents.ts';
import { PageStage } from './page-stage.ts';
import type { Received } from './read-value.ts';
import { linesOf, type SourceLine } from './source-lines.ts';
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
  const { signal, maxLineBytes, onRead } = options;
  const run = new ImportRun(options);
  const isStopped = () => signal?.aborted === true;
  for (const source of sources) {
    if (isStopped()) break;
    for await (const line of linesOf(source, maxLineBytes, (bytes) => onRead(bytes, run.counts.records))) {
      if (isStopped()) break;
      await run.take(line);
    }
  }
  if (isStopped()) await run.flush();
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

  async take(line: SourceLine): Promise<void> {
    if (line.unreadable !== undefined) {
      await this.#reject(line, line.unreadable);
      return;
    }
    const contents = contentsOf(line.bytes);
    if ('refused' in contents) {
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
