/** Exports a tenant's data to a file in constant memory; an interrupted export can be resumed. */
import { CallDamaged, StoreDamaged } from '../store/store-errors.ts';
import type { CallRecordStore } from '../store/store.ts';
import type { Edition } from '../store/edition.ts';
import { CallBlocks } from './call-blocks.ts';
import type { Column } from './cell.ts';
import { callPages } from './call-source.ts';
import { csvEncoder, type CsvForm } from './csv.ts';
import type { Checkpoint, Destination } from './destination.ts';
import type { EncoderFactory } from './encoder.ts';
import { callLines, type ItemWriter, logLines, type RowsOf, tableRows } from './item-writer.ts';
import { jsonlEncoder } from './jsonl.ts';
import { logPages } from './log-source.ts';
import { logTable } from './log-table.ts';
import { parquetEncoder } from './parquet.ts';
import type { ExportPages } from './source.ts';
import { storedCall } from './stored-call.ts';
import { callTables, isLog, logFunction, logKinds, type What } from './what.ts';

export interface ExportQuestion {
  readonly tenantId: string;
  readonly what: What;
  readonly format: 'jsonl' | 'csv' | 'parquet';
  readonly csv: CsvForm;
  /** First tick of the start of a call, or of the time of a row. */
  readonly from: bigint | undefined;
  /** First tick after the time span. */
  readonly before: bigint | undefined;
  readonly participantId: string | undefined;
  /** The only calls to export, which exist; absent for all. */
  readonly callIds: readonly string[] | undefined;
  readonly allVersions: boolean;
  /** Column names in the requested order; all columns when absent. */
  readonly columns: readonly string[] | undefined;
}

interface ExportOptions {
  readonly store: CallRecordStore;
  readonly question: ExportQuestion;
  readonly destination: Destination;
  readonly from: Checkpoint | undefined;
  readonly beganDateTime: string;
  /** How much is written before the file is flushed, with the position to resume from. */
  readonly checkpointAfter?: { readonly bytes: number; readonly rows: number };
  readonly signal: AbortSignal;
  /** Called after each page with the number of calls, or log rows, so far. */
  readonly onPage: (items: number) => void;
}

export interface Exported {
  /** Lines of JSON, or rows of the table. */
  readonly rows: number;
  /** Exported calls, or rows of a log. */
  readonly items: number;
  readonly incomplete: number;
  /** Calls, or log rows, that are damaged in the store and therefore omitted. */
  readonly damaged: number;
  /** Ids of the first thousand damaged calls. */
  readonly damagedCalls: readonly string[];
  readonly bytes: number;
  readonly sha256: string;
  readonly asOf: number;
  readonly beganDateTime: string;
  /** Absent when lines are whole records. */
  readonly columns: readonly Column[] | undefined;
}

/** Maximum damaged calls listed by id; others are counted. */
const mostNamed = 1000;

const usualCheckpoint = { bytes: 16 * 2 ** 20, rows: 100_000 };

/** Returns a text that identifies a query. */
export function askedOf({ from, before, ...rest }: ExportQuestion): string {
  return JSON.stringify({ ...rest, from: String(from), before: String(before) });
}

/** Returns the columns of the export; `undefined` when it has whole records. */
function columnsOf({ what, format, columns }: ExportQuestion): readonly Column[] | undefined {
  const whole = format === 'jsonl' && columns === undefined && (what === 'calls' || isLog(what));
  if (whole) return undefined;
  const all = allColumns(what);
  return columns?.flatMap((name) => all.filter((column) => column.name === name)) ?? all;
}

export function allColumns(what: What): readonly Column[] {
  return isLog(what) ? logTable(what).columns : callTables[what].columns;
}

/** Exports the data. @throws the signal's reason when it is aborted: the next run resumes the file */
export async function exportTo(options: ExportOptions): Promise<Exported> {
  const { question, store, from: resumed } = options;
  const { tenantId, what, participantId, callIds, allVersions } = question;
  const asOf = resumed?.asOf ?? (await store.newestEdition(tenantId));
  const columns = columnsOf(question);
  const span = { from: question.from ?? 0n, before: question.before ?? maxTicks };
  if (isLog(what)) {
    const { time, returns } = logFunction(what);
    const pages = logPages({
      ...{ store, tenantId, kind: logKinds[what], time },
      ...(time === undefined ? { from: 0n, before: 1n } : span),
    });
    const { cells } = logTable(what);
    const rowsOf = (row: Uint8Array) => Promise.resolve([cells(row)]);
    const writer =
      columns === undefined ? logLines(returns) : tableWriter(question, columns, resumed, rowsOf);
    return run(options, { asOf, columns, pages, writer });
  }
  const limits = [question.from, question.before, participantId, callIds];
  const isEverything = limits.every((limit) => limit === undefined);
  const query = { ...span, participantId, withFound: true, endedBy: undefined, at: undefined };
  const pages = callPages({ ...question, store, query, asOf, withoutStart: isEverything });
  const table = callTables[what];
  const rowsOf = async (edition: Edition) =>
    table.rows(storedCall(await CallBlocks.open(store, edition, table.parts)));
  const writer = columns === undefined ? callLines(store) : tableWriter(question, columns, resumed, rowsOf);
  const unlisted = async (listed: number) => {
    if (!isEverything || allVersions) return 0;
    const { calls } = await store.evidence.tally(tenantId);
    // Calls added during the export are counted but not listed.
    return (await store.newestEdition(tenantId)) === asOf ? Math.max(0, calls - listed) : 0;
  };
  const isIncomplete = ({ lacking }: Edition) => lacking.length > 0;
  return run(options, { asOf, columns, pages, writer, isIncomplete, unlisted });
}

/** After every call. */
const maxTicks = 2n ** 62n;

const encoders = {
  jsonl: () => jsonlEncoder,
  csv: csvEncoder,
  parquet: () => parquetEncoder,
} satisfies Record<ExportQuestion['format'], (form: CsvForm) => EncoderFactory>;

function tableWriter<Item>(
  { what, format, csv }: ExportQuestion,
  columns: readonly Column[],
  from: Checkpoint | undefined,
  rowsOf: RowsOf<Item>,
): ItemWriter<Item> {
  const all = allColumns(what);
  const picked = columns.map((column) => all.indexOf(column));
  return tableRows({ rowsOf, picked, encoder: encoders[format](csv)(columns, from?.writer) });
}

/** Returns damage as a result, and throws any other error. */
function passOverDamaged(error: unknown): StoreDamaged {
  if (error instanceof StoreDamaged) return error;
  throw error;
}

interface Run<Item> extends Pick<Exported, 'asOf' | 'columns'> {
  readonly pages: ExportPages<Item>;
  readonly writer: ItemWriter<Item>;
  /** Absent for items that are always complete. */
  readonly isIncomplete?: (item: Item) => boolean;
  /** Returns how many calls the store counts but does not list, given the number of listed calls. */
  readonly unlisted?: (listed: number) => Promise<number>;
}

async function run<Item>(
  options: ExportOptions,
  { asOf, columns, pages, writer, isIncomplete, unlisted }: Run<Item>,
): Promise<Exported> {
  const { question, destination, from, signal, onPage, checkpointAfter = usualCheckpoint } = options;
  const beganDateTime = from?.beganDateTime ?? options.beganDateTime;
  const before = { rows: 0, items: 0, incomplete: 0, damaged: 0, ...from?.counts };
  let { items, incomplete, damaged } = before;
  const damagedCalls = [...(from?.damagedCalls ?? [])];
  const leaveOut = (callId: string | undefined) => {
    damaged++;
    if (callId !== undefined && damagedCalls.length < mostNamed) damagedCalls.push(callId);
  };
  let last = { bytes: destination.bytes, rows: 0 };
  if (from === undefined) await destination.write(await writer.begin());
  for await (const page of pages(from?.after)) {
    signal.throwIfAborted();
    for (const callId of page.damaged ?? []) leaveOut(callId);
    for (const item of page.items) {
      const written = await writer.write(item).catch(passOverDamaged);
      if (written instanceof StoreDamaged) {
        leaveOut(written instanceof CallDamaged ? written.callId : undefined);
        continue;
      }
      items++;
      if (isIncomplete?.(item) === true) incomplete++;
      for await (const bytes of written) await destination.write(bytes);
    }
    onPage(items);
    const isDue =
      destination.bytes - last.bytes >= checkpointAfter.bytes ||
      writer.rows - last.rows >= checkpointAfter.rows;
    if (!isDue) continue;
    await destination.write(await writer.flush());
    await destination.checkpoint({
      ...{ asked: askedOf(question), after: page.after, writer: writer.state() },
      counts: { rows: before.rows + writer.rows, items, incomplete, damaged },
      ...{ damagedCalls, asOf, beganDateTime },
    });
    last = { bytes: destination.bytes, rows: writer.rows };
  }
  await destination.write(await writer.flush());
  await destination.write(await writer.end());
  const { bytes } = destination;
  return {
    ...{ rows: before.rows + writer.rows, items, incomplete, damagedCalls, bytes },
    damaged: damaged + ((await unlisted?.(items + damaged)) ?? 0),
    sha256: await destination.finish(),
    ...{ asOf, beganDateTime, columns },
  };
}
