/** A log with something odd: an odd row costs itself, a day that cannot be read that day; and how far back a log is read. */
import { beforeEach, expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { createEmulatorClock, type EmulatorClock } from '../../src/emulator/emulator-clock.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { unlistedSpans } from '../../src/store/unlisted-spans.ts';
import { logNamed } from '../../src/collect/sync/log-days.ts';
import type { TenantOutcome } from '../../src/collect/sync/tenant-report.ts';
import { parseTicks } from '../../src/base/ticks.ts';
import { type GraphAnswer, startSmallGraph } from '../support/small-graph.ts';
import { hurry, testSync } from '../support/sync.ts';

const { tenantId } = development;
const log = 'getPstnCalls';
const day = (text: string) => parseTicks(`${text}T00:00:00Z`)!;
const row = (id: string, startDateTime: unknown, more: object = {}) => ({ id, startDateTime, ...more });

let clock: EmulatorClock;
let store: CallRecordStore;
beforeEach(() => {
  clock = createEmulatorClock(new Date('2026-11-02T12:00:00Z'), undefined);
  store = openSqliteStore(':memory:', { clock });
});

/** Days are asked for in runs. */
const covers = (from: string, to: string, ...days: string[]) => days.some((one) => from <= one && one < to);

/** @param answer To a request for days of the log, or for another page of it. */
async function readLogs(
  answer: (from: string, to: string, link: (text: string) => string, page: string | undefined) => GraphAnswer,
  more: { readonly sinceMs?: number } = {},
): Promise<{ readonly outcome: TenantOutcome; readonly asked: readonly string[] }> {
  await using graph = await startSmallGraph(0, 0, (body, { of, url }, origin) => {
    if (of !== 'other') return body;
    const [, from = '', to = ''] =
      /fromDateTime=([\d-]+),toDateTime=([\d-]+)/.exec(decodeURIComponent(url.pathname)) ?? [];
    return answer(
      from,
      to,
      (text) => `${origin}${url.pathname}?page=${text}`,
      url.searchParams.get('page') ?? undefined,
    );
  });
  using sync = testSync({
    ...{ url: graph.url, store, clock, ...more },
    tenants: [{ authority: new URL(graph.url) }],
    logs: [logNamed(log)!],
  });
  let outcome: TenantOutcome | undefined;
  const ended = sync.tenants[0]!.once(new AbortController().signal).then((one) => (outcome = one));
  await hurry(clock, sync, () => outcome !== undefined);
  return { outcome: await ended, asked: graph.asked.filter((target) => target.includes(log)) };
}

const stored = async (from: string, before: string) => {
  const query = { kind: 'pstnCallLogRow', from: day(from), before: day(before), skip: 0, limit: 100 };
  const rows = await store.logRows(tenantId, query);
  return rows.map((text) => (JSON.parse(Buffer.from(text).toString()) as { id: string }).id);
};
const units = ({ problems }: TenantOutcome) => problems.map(({ unit }) => unit);

it('keeps every other row, and goes on to later pages and days', async () => {
  const { outcome } = await readLogs((from, to, link, page) => {
    if (covers(from, to, '2026-10-01') && page === undefined)
      return {
        value: [
          row('a', '2026-10-01T01:00:00Z'),
          row('no start', null, { endDateTime: '2026-10-01T02:00:00Z' }),
          row('no time', null),
          null,
          'row',
        ],
        '@odata.nextLink': link('2'),
      };
    if (covers(from, to, '2026-10-01')) return { value: [row('b', '2026-10-01T03:00:00Z')] };
    return { value: covers(from, to, '2026-10-02') ? [row('c', '2026-10-02T01:00:00Z')] : [] };
  });
  expect(await stored('2026-10-01', '2026-10-03')).toEqual(['no time', 'a', 'no start', 'b', 'c']);
  expect([outcome.logRows, units(outcome), outcome.setAside]).toEqual([5, ['logRow', 'logRow'], 2]);
});

it.each([
  ['HTML', (): GraphAnswer => '<html></html>', 1],
  ['an error', (): GraphAnswer => ({ status: 400, text: '{"error":{"code":"BadRequest"}}' }), 0],
  ['a page without a list', (): GraphAnswer => ({ value: null }), 1],
  [
    'a link to itself',
    (link: (text: string) => string): GraphAnswer => ({ value: [], '@odata.nextLink': link('1') }),
    0,
  ],
])('reads the days after one that is %s, and that day when it can', async (_, odd, setAside) => {
  let isOdd = true;
  const answer: Parameters<typeof readLogs>[0] = (from, to, link) => {
    if (isOdd && covers(from, to, '2026-10-01', '2026-10-02')) return odd(link);
    const days = ['2026-09-30', '2026-10-01', '2026-10-02', '2026-10-03'].filter((one) =>
      covers(from, to, one),
    );
    return { value: days.map((one) => row(`row of ${one}`, `${one}T01:00:00Z`)) };
  };
  const { outcome } = await readLogs(answer, { sinceMs: Date.parse('2026-09-30T00:00:00Z') });
  expect(outcome.problems.map(({ unit, reason }) => [unit, reason.slice(0, 66)])).toEqual([
    ['logDay', 'Could not read the log getPstnCalls for 2026-10-01 to 2026-10-02. '.slice(0, 66)],
  ]);
  expect([outcome.setAside, outcome.hasLoss]).toEqual([setAside, true]);
  expect(await unlistedSpans(store, tenantId, log)).toMatchObject([
    { from: day('2026-10-01'), before: day('2026-10-03') },
  ]);
  expect(await stored('2026-09-30', '2026-10-04')).toEqual(['row of 2026-09-30', 'row of 2026-10-03']);
  isOdd = false;
  const again = await readLogs(answer, { sinceMs: Date.parse('2026-09-30T00:00:00Z') });
  expect([again.outcome.problems, again.outcome.setAside]).toEqual([[], 0]);
  expect(await unlistedSpans(store, tenantId, log)).toEqual([]);
});

it('does not ask for every day of a log that upstream does not answer for', async () => {
  const { outcome, asked } = await readLogs(() => ({ status: 403, text: '{"error":{"code":"Forbidden"}}' }));
  expect(asked).toHaveLength(1);
  expect(units(outcome)).toEqual(['logDay']);
});

const windowed = (asked: readonly string[]) =>
  asked.flatMap((target) => {
    const [, from, to] = /fromDateTime=([\d-]+),toDateTime=([\d-]+)/.exec(target)!;
    return Date.parse(to!) - Date.parse(from!) > 10 * 864e5 ? [`${from} ${to}`] : [];
  });

it('walks back in windows of 90 days until two in a row are empty, and not again', async () => {
  const rows = (from: string, to: string) =>
    from <= '2026-03-01' && '2026-03-01' < to ? [row('old', '2026-03-01T01:00:00Z')] : [];
  const { asked } = await readLogs((from, to) => ({ value: rows(from, to) }));
  expect(windowed(asked)).toEqual([
    '2026-05-07 2026-08-05',
    '2026-02-06 2026-05-07',
    '2025-11-08 2026-02-06',
    '2025-08-10 2025-11-08',
  ]);
  expect(await stored('2026-03-01', '2026-03-02')).toEqual(['old']);
  expect(windowed((await readLogs(() => ({ value: [] }))).asked)).toEqual([]);
});

it('asks for every window back to --since', async () => {
  const since = { sinceMs: Date.parse('2025-06-01T00:00:00Z') };
  const { asked } = await readLogs(() => ({ value: [] }), since);
  expect(windowed(asked).at(-1)).toMatch(/^2025-06-01 /);
  expect(windowed((await readLogs(() => ({ value: [] }), since)).asked)).toEqual([]);
});

it('is complete where upstream refuses what is older than 90 days', async () => {
  const { outcome } = await readLogs((from) =>
    from < '2026-08-05' ? { status: 400, text: '{"error":{"code":"BadRequest"}}' } : { value: [] },
  );
  expect([outcome.problems, outcome.hasLoss]).toEqual([[], false]);
});

it('reads the newest 90 days with so few requests that none waits for a limit', async () => {
  const { asked } = await readLogs(() => ({ value: [] }));
  // Nine runs of days that get no more rows, the three days that may, and two windows before them.
  expect(asked).toHaveLength(9 + 3 + 2);
});
