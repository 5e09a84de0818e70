/** The records that clients read: a made-up tenant up to today, for some clients ask only for the last 30 days. */
import { defaultGenerateOptions, generateLines } from '../../../src/emulator/generate/generate.ts';
import { generateLogRows, type LogRowKind } from '../../../src/emulator/generate/log-rows.ts';
import { declaredProperties } from '../../support/edm-facts.ts';
import { picked } from '../../support/naive-projection.ts';

export type Json = Record<string, unknown>;
interface Entity extends Json {
  readonly id: string;
}
interface Session extends Entity {
  readonly segments: readonly Entity[];
}
interface Call extends Entity {
  readonly version: number;
  readonly startDateTime: string;
  readonly organizer_v2: Entity;
  readonly participants_v2: readonly Entity[];
  readonly sessions: readonly Session[];
}

const until = new Date(new Date().setUTCHours(0, 0, 0, 0));
const options = { ...defaultGenerateOptions, until };
const editions = [
  // The largest meeting without media, which only its size is for.
  ...generateLines({ ...options, calls: 1, largest: 1250, media: false }),
  ...generateLines({ ...options, seed: 2, calls: 130, largest: 20 }),
].map((line) => JSON.parse(line) as Call);

/** The newest version of each call, in the order they started. */
export const calls: readonly Call[] = [
  ...new Map([...editions].sort((a, b) => a.version - b.version).map((call) => [call.id, call])).values(),
].sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1));

/** 1,250 participants. */
export const meeting = largestBy(({ participants_v2 }) => participants_v2.length, calls);
/** The call of the most segments that has media. */
export const conversation = largestBy(
  ({ sessions }) => sessions.flatMap(({ segments }) => segments).length,
  calls.filter((call) => call !== meeting),
);

/** As clients get it that do not ask for members which an enumeration got later. */
export function masked<T>(value: T): T {
  const text = JSON.stringify(value, (name, member: unknown) =>
    name === 'productFamily' && member === 'azureCommunicationServices' ? 'unknownFutureValue' : member,
  );
  return JSON.parse(text) as T; // the same but for one string
}

/** One page of 1,000 rows and some more, of each log. */
const logRows = [...generateLogRows({ ...options, rows: 1100 })].map((line) => JSON.parse(line) as Json);
/** The rows of a log with the members that a version has. */
export function logRowsOf(version: 'v1.0' | 'beta', kind: LogRowKind): readonly Json[] {
  const type = `microsoft.graph.callRecords.${kind}`;
  const names = declaredProperties(version, type);
  return logRows.filter((row) => row['@odata.type'] === `#${type}`).map((row) => picked(row, names));
}
export function without<T extends Json, K extends keyof T>(value: T, ...names: readonly K[]): Omit<T, K> {
  const kept = Object.entries(value).filter(([name]) => !names.some((one) => one === name));
  return Object.fromEntries(kept) as Omit<T, K>; // the members of `value` but those named
}
/** The order of rows is that of the log; rows are compared without it. */
export const byText = (rows: readonly Json[]) =>
  rows.map((row) => JSON.stringify(row, Object.keys(row).sort())).sort();
/** The days that all rows are of. */
export const logDays = { from: dayBefore(40), to: dayBefore(-1) };

export const lines: readonly object[] = [...editions, ...logRows];

function startOf({ startDateTime }: Call): string {
  // Fractions are trimmed on the wire: compared at full length.
  const [whole, fraction = ''] = startDateTime.slice(0, -1).split('.');
  return `${whole!}.${fraction.padEnd(7, '0')}`;
}

function largestBy(size: (call: Call) => number, of: readonly Call[]): Call {
  return of.reduce((largest, call) => (size(call) > size(largest) ? call : largest));
}

function dayBefore(days: number): string {
  return new Date(until.getTime() - days * 86_400_000).toISOString().slice(0, 10);
}
