/** Imports call records from files into the store. An invalid value is rejected alone and reported with its reason. */
import type { OddReason } from '../../contract/oddities.ts';
import type { CallRecordStore } from '../../store/store.ts';
import type { LogRow } from '../../store/log-row.ts';
import type { ReceivedCall } from '../../store/received-call.ts';
import { contentsOf } from './line-contents.ts';
import { PageStage } from './page-stage.ts';
import { markProblems, missingProblem, type ImportProblem, rowProblems } from './problems.ts';
import type { Received } from './received.ts';
import { Rejections, type Reject } from './rejections.ts';
import type { Refused } from './refused.ts';
import { linesOf, type SourceLine } from './source-lines.ts';
import type { Source } from './sources.ts';
import { UnfinishedLists } from './unfinished-lists.ts';

const noCounts = {
  records: 0,
  participants: 0,
  sessions: 0,
  /** Rows of the PSTN, direct routing and SMS logs. */
  logRows: 0,
  newLogRows: 0,
  newVersions: 0,
  unchanged: 0,
  /** Causes of rejection, counted per file… */
  rejected: 0,
  /** …and the lines or values rejected for them. */
  rejectedLines: 0,
  /** Stored calls with data that differs from the model. */
  markedCalls: 0,
  /** Stored log rows with data that differs from the model. */
  markedRows: 0,
  /** Quarantined pieces of values that were otherwise stored. */
  setAside: 0,
  /** Lists of calls with missing pages. */
  missingPages: 0,
  /** Lists of calls of which nothing was received. */
  missingLists: 0,
};
export type ImportCounts = typeof noCounts;

interface ImportOptions {
  readonly tenantId: string;
  readonly store: CallRecordStore;
  readonly maxLineBytes: number;
  /** Stops the import and stores what was read, except pages: more pages of their calls may follow. */
  readonly signal?: AbortSignal;
  /** Called at the end of each file with its rejects, and awaited, so that a slow writer slows the import down. */
  readonly onReject: (reject: Reject) => Promise<void> | void;
  /** Called for data that was stored with oddities, and for missing data. */
  readonly onProblem?: (problem: ImportProblem) => void;
  /** Called after each read with the number of bytes read, and the number of records so far. */
  readonly onRead: (bytes: number, records: number) => void;
}

/** Bytes of text per transaction: large enough to be cheap, small enough to repeat. */
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
    await run.endSource();
  }
  if (isStopped()) await run.flush();
  else await run.finish();
  return run.counts;
}

class ImportRun {
  readonly counts = { ...noCounts };
  readonly #options: ImportOptions;
  readonly #rejections = new Rejections();
  readonly #pages = new PageStage();
  readonly #unfinished = new UnfinishedLists();
  #batch: ReceivedCall[] = [];
  #rows: LogRow[] = [];
  #batchBytes = 0;

  constructor(options: ImportOptions) {
    this.#options = options;
  }

  async take(line: SourceLine): Promise<void> {
    if (line.unreadable !== undefined) {
      this.#reject(line, { reason: line.unreadable }, false);
      return;
    }
    const contents = contentsOf(line.bytes, line.piece === 'more');
    if ('refused' in contents) {
      const { refused, problem } = contents;
      const cut = problem === 'truncated' && !line.ended ? 'The last line is truncated: ' : '';
      this.#reject(line, { ...refused, reason: `${cut}${refused.reason}` }, problem === 'notJson');
    } else {
      if (contents.received.some((received) => 'page' in received)) this.#pages.retain(line.bytes);
      for (const received of contents.received) await this.#take(line, received);
    }
  }

  /** Reports what was rejected of the file. */
  async endSource(): Promise<void> {
    for (const reject of this.#rejections.end()) {
      this.counts.rejected++;
      await this.#options.onReject(reject);
    }
  }

  /** Stores all held data, and reports which lists are incomplete. */
  async finish(): Promise<void> {
    await this.#storePages();
    const { tenantId, store } = this.#options;
    for await (const { call, list, unit, where } of this.#unfinished.missing(tenantId, store)) {
      this.counts[unit === 'page' ? 'missingPages' : 'missingLists']++;
      this.#options.onProblem?.(missingProblem(where, call, list, unit));
    }
  }

  async #storePages(): Promise<void> {
    await this.flush();
    const { tenantId, store } = this.#options;
    for await (const { call, where } of this.#pages.flush(tenantId, store)) {
      this.#reportMarks(where, call);
      this.#unfinished.note(call.callId, where);
    }
  }

  async #take(line: SourceLine, received: Received): Promise<void> {
    const where = { file: line.source.name, line: line.number };
    if ('rejected' in received) {
      const { logRow } = received.rejected;
      if (logRow === undefined) this.#reject(line, received.rejected, false);
      else await this.#setAsideRow(line, received.rejected, logRow);
    } else if ('page' in received) {
      const { kind, entries } = received.page;
      this.counts[kind === 'sessions' ? 'sessions' : 'participants'] += entries.length;
      this.#pages.hold(received.page, line);
      if (this.#pages.isFull) await this.#storePages();
    } else if ('logRow' in received) {
      this.counts.logRows++;
      this.#rows.push(received.logRow);
      this.#reportRowMarks(where, received.logRow.odd);
      await this.#hold(line.bytes.length);
    } else {
      const { call, participants, sessions } = received.record;
      this.counts.records++;
      this.counts.participants += participants;
      this.counts.sessions += sessions;
      this.#batch.push(call.setAside.length === 0 ? call : { ...call, origin: originOf(where) });
      if (call.odd.length > 0) this.#reportMarks(where, call);
      if (![call.participants, call.sessions].every((list) => list?.value.complete === true))
        this.#unfinished.note(call.callId, where);
      this.#pages.note(call, line);
      await this.#hold(line.bytes.length);
    }
  }

  #reportMarks(where: Pick<ImportProblem, 'file' | 'line'>, { callId, odd, setAside }: ReceivedCall): void {
    if (odd.length === 0) return;
    this.counts.markedCalls++;
    this.counts.setAside += setAside.length;
    for (const problem of markProblems(where, callId, odd)) this.#options.onProblem?.(problem);
  }

  #reportRowMarks(where: Pick<ImportProblem, 'file' | 'line'>, odd: readonly OddReason[]): void {
    if (odd.length === 0) return;
    this.counts.markedRows++;
    for (const problem of rowProblems(where, odd)) this.#options.onProblem?.(problem);
  }

  /** Quarantines an invalid log row of a response whose other rows are stored. */
  async #setAsideRow(line: SourceLine, { reason }: Refused, text: Buffer): Promise<void> {
    const { tenantId, store, onProblem } = this.#options;
    const where = { file: line.source.name, line: line.number };
    const origin = originOf(where);
    await store.quarantine.add(tenantId, [{ unit: 'logRow', reason, text, origin, callId: undefined }]);
    this.counts.setAside++;
    const next = 'The other rows were imported. Run rollcall quarantine show ID to see this row.';
    onProblem?.({ ...where, unit: 'logRow', reason, next, count: 1 });
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

  #reject(line: SourceLine, refused: Refused, isText: boolean): void {
    this.counts.rejectedLines++;
    this.#rejections.take(line, refused, isText);
  }
}

function originOf({ file, line }: Pick<ImportProblem, 'file' | 'line'>): string {
  return `import ${file}:${line}`;
}
