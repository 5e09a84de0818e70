/** Adds calls and log rows to the store: those of a request, or generated ones. */
import { isUtf8 } from 'node:buffer';
import { planCall } from './generate/call-plan.ts';
import { callRecord } from './generate/call-record.ts';
import { type GenerateOptions, generateLines } from './generate/generate.ts';
import { generateLogRows } from './generate/log-rows.ts';
import { toGeneratorTicks } from './generate/ticks.ts';
import { oddReasons } from '../contract/oddities.ts';
import { readValues } from '../collect/ingest/read-value.ts';
import type { Received } from '../collect/ingest/received.ts';
import { withoutByteOrderMark } from '../collect/ingest/response-page.ts';
import { refusedBy, sentenceOf } from '../collect/ingest/refused.ts';
import type { CallRecordStore } from '../store/store.ts';
import { TextError } from '../wire/text/text-error.ts';
import { badBody } from './check-body.ts';
import { withoutLastParticipants } from './omit-participants.ts';

const noRecords = {
  ...{ records: 0, newVersions: 0, unchanged: 0, participants: 0, sessions: 0, logRows: 0, newLogRows: 0 },
};
type RecordCounts = typeof noRecords;

export interface AddedRecords extends RecordCounts {
  /** The ids of the added calls, each once, in order. */
  readonly ids: string[];
}

export interface AddOptions {
  readonly tenantId: string;
  /** The number of participants to omit at the end of participants_v2; sessions keep them. */
  readonly omitParticipants?: number | undefined;
}

/** Adds callRecords and log rows, all or none. @throws Fault `badEmulatorRequest` that names each invalid one */
export async function addRecords(
  store: CallRecordStore,
  text: Buffer,
  options: AddOptions,
): Promise<AddedRecords> {
  const bytes = withoutLastParticipants(withoutByteOrderMark(text), options.omitParticipants ?? 0);
  return add(store, received(bytes), options.tenantId);
}

/** Records added in one step; the server answers other requests between steps. */
const batchSize = 200;

interface GenerateAsked extends GenerateOptions {
  readonly logRows: number;
  /** Adds first versions only, which later versions complete. */
  readonly early: boolean;
  readonly omitParticipants?: number | undefined;
}

export async function addGenerated(store: CallRecordStore, asked: GenerateAsked): Promise<AddedRecords> {
  const total: AddedRecords = { ...noRecords, ids: [] };
  let lines: string[] = [];
  const flush = async () => {
    const text = Buffer.from(lines.join('\n'));
    lines = [];
    const added = await addRecords(store, text, asked);
    for (const name of Object.keys(noRecords) as (keyof RecordCounts)[]) total[name] += added[name];
    for (const id of added.ids) if (total.ids.at(-1) !== id) total.ids.push(id);
    await new Promise((resolve) => setImmediate(resolve));
  };
  for (const line of everything(asked)) if (lines.push(line) === batchSize) await flush();
  if (lines.length > 0) await flush();
  return total;
}

function* everything(asked: GenerateAsked): Generator<string> {
  if (asked.early) yield* earlyLines(asked);
  else yield* generateLines(asked);
  yield* generateLogRows({ ...asked, rows: asked.logRows });
}

function* earlyLines(asked: GenerateAsked): Generator<string> {
  const calendar = { until: toGeneratorTicks(asked.until), days: asked.days };
  for (let number = 0; number < asked.calls; number++) {
    const plan = planCall(asked, calendar, asked.largest, number);
    const [first] = plan.editions;
    if (first === undefined) continue;
    const known = Math.max(2, Math.floor(plan.attendances.length * 0.9));
    yield JSON.stringify(callRecord(plan, { ...first, early: true, participants: known }, asked));
  }
}

function received(text: Buffer): Received[] {
  if (!isUtf8(text)) throw badBody([{ target: 'the body', message: 'it is not UTF-8.' }]);
  let values: Received[];
  try {
    values = [...readValues(text)];
  } catch (error) {
    if (error instanceof TextError)
      throw badBody([{ target: 'the body', message: sentenceOf(refusedBy(error)) }]);
    throw error;
  }
  const problems = values.flatMap((value, i) => {
    if ('rejected' in value) return [{ target: `[${i}]`, message: sentenceOf(value.rejected) }];
    if ('record' in value || 'logRow' in value)
      return oddIn(value)
        .slice(0, 1)
        .map((message) => ({ target: `[${i}]`, message }));
    if (!('page' in value)) return [];
    return [
      { target: `[${i}]`, message: 'this is a page of a list. Send whole callRecords, or use import.' },
    ];
  });
  if (problems.length > 0) throw badBody(problems);
  if (values.length === 0) throw badBody([{ target: 'the body', message: 'it holds no record.' }]);
  return values;
}

/** Returns what differs from data of Graph: an import stores or quarantines such a record, the control API rejects it. */
function oddIn(value: Extract<Received, { record: unknown } | { logRow: unknown }>): readonly string[] {
  if ('logRow' in value) return value.logRow.odd.map((reason) => oddReasons[reason]);
  const { odd, setAside } = value.record.call;
  return [
    ...odd
      .filter(({ reason }) => reason !== 'setAside')
      .map(({ part, reason }) => `${part}: ${oddReasons[reason]}`),
    ...setAside.map(({ reason }) => reason),
  ];
}

async function add(
  store: CallRecordStore,
  values: readonly Received[],
  tenantId: string,
): Promise<AddedRecords> {
  const records = values.flatMap((value) => ('record' in value ? [value.record] : []));
  const rows = values.flatMap((value) => ('logRow' in value ? [value.logRow] : []));
  const calls = records.map(({ call }) => call);
  const outcomes = calls.length === 0 ? [] : await store.add(tenantId, calls);
  const rowOutcomes = rows.length === 0 ? [] : await store.addLogRows(tenantId, rows);
  const newVersions = outcomes.filter((one) => one === 'added').length;
  return {
    ...{ records: calls.length, newVersions, unchanged: outcomes.length - newVersions },
    participants: records.reduce((sum, one) => sum + one.participants, 0),
    sessions: records.reduce((sum, one) => sum + one.sessions, 0),
    logRows: rows.length,
    newLogRows: rowOutcomes.filter((one) => one === 'added').length,
    ids: [...new Set(calls.map(({ callId }) => callId))],
  };
}
