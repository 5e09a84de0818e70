/** The logs of upstream, a day at a time: rows have no versions and no list of what there is, so days are read again. */
import type { Clock } from '../clock.ts';
import { readPage } from '../ingest/call-pages.ts';
import { readLogRow } from '../ingest/read-log-row.ts';
import { edms } from '../model/edm.ts';
import { simpleName } from '../model/names.ts';
import type { CallRecordStore, LogRow } from '../store/store.ts';
import type { ListedSpan } from '../store/upstream.ts';
import { ticksOf } from '../text/ticks.ts';
import { Scanner } from '../text/scanner.ts';
import { type AskStore, requestRetry, withRetry } from './retry.ts';
import { understand } from './understand.ts';
import type { UpstreamClient } from './upstream-client.ts';

/** A log as it is asked for: `v1.0/getPstnCalls`. */
export interface LogName {
  readonly version: 'v1.0' | 'beta';
  readonly name: string;
  readonly kind: string;
}

const dayMs = 24 * 3600_000;
/** Graph answers for so many days (reference "getPstnCalls"). */
const retentionDays = 90;
/** Rows come late: a day is read again until so long after its end, but not more often than `againMs`. */
const lateMs = 2 * dayMs;
const againMs = 6 * 3600_000;

/** Every log there is. A name without a version is v1.0's, where it has the log. */
export function logNamed(text: string): LogName | undefined {
  const [, version, name = ''] = /^(?:(v1\.0|beta)\/)?(\w+)$/.exec(text) ?? [];
  const versions = version === undefined ? (['v1.0', 'beta'] as const) : [version as 'v1.0' | 'beta']; // the pattern's
  for (const one of versions) {
    const found = edms[one].functions.find((log) => log.name === name);
    if (found !== undefined) return { version: one, name, kind: simpleName(found.returns) };
  }
  return undefined;
}

/** Days to read, oldest first, as the first moment of each. */
export function dueDays(
  nowMs: number,
  sinceMs: number | undefined,
  listed: readonly ListedSpan[],
  freshForMs = againMs,
): number[] {
  const today = Math.floor(nowMs / dayMs) * dayMs;
  const oldest = today - (retentionDays - 1) * dayMs;
  const first = Math.max(oldest, sinceMs === undefined ? oldest : Math.floor(sinceMs / dayMs) * dayMs);
  const due: number[] = [];
  for (let ms = first; ms <= today; ms += dayMs) {
    const [from, before] = [ticksOf(new Date(ms)), ticksOf(new Date(ms + dayMs))];
    const read = listed.find((span) => span.from <= from && span.before >= before);
    const isFinal = read !== undefined && read.listedMs >= ms + dayMs + lateMs;
    const isFresh = read !== undefined && read.listedMs > nowMs - freshForMs;
    if (!isFinal && !isFresh) due.push(ms);
  }
  return due;
}

interface ReadLog {
  readonly tenantId: string;
  readonly store: CallRecordStore;
  readonly client: UpstreamClient;
  readonly clock: Clock;
  readonly askStore: AskStore;
  readonly signal: AbortSignal;
}

/** Reads one day of a log to its last page. @returns How many rows there were. @throws UpstreamFailure */
export async function readLogDay(log: LogName, dayMsOf: number, read: ReadLog): Promise<number> {
  const { tenantId, store, client, clock, askStore, signal } = read;
  const nowMs = clock.now().getTime();
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const span = `fromDateTime=${day(dayMsOf)},toDateTime=${day(dayMsOf + dayMs)}`;
  let link: string | undefined;
  let rows = 0;
  do {
    const at = link;
    const ask = async () => {
      const path = `${log.version}/communications/callRecords/${log.name}(${span})`;
      const body =
        at === undefined
          ? await client.get(path, { of: 'other' }, signal)
          : await client.follow(at, { of: 'other' }, signal);
      return understand(() => rowsOf(body, log.kind));
    };
    const page = await withRetry(ask, { clock, signal, ...requestRetry });
    await askStore(() => store.addLogRows(tenantId, page.rows));
    rows += page.rows.length;
    link = page.nextLink;
  } while (link !== undefined);
  const listed = {
    from: ticksOf(new Date(dayMsOf)),
    before: ticksOf(new Date(dayMsOf + dayMs)),
    listedMs: nowMs,
  };
  await askStore(() => store.upstream.addListed(tenantId, log.name, listed));
  return rows;
}

function rowsOf(body: Buffer, kind: string): { rows: LogRow[]; nextLink: string | undefined } {
  const { value, nextLink } = readPage(body);
  const rows: LogRow[] = [];
  const scanner = new Scanner(body, value.valueStart, value.end);
  scanner.array(() => {
    scanner.peek();
    const start = scanner.pos;
    scanner.value(undefined);
    rows.push(readLogRow(body, start, scanner.pos, kind));
  });
  return { rows, nextLink };
}
