/** What Graph's limits allow is used, and nothing beyond: how long a large meeting and the logs of 90 days take. */
import { expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { defaultGenerateOptions } from '../../src/emulator/generate/generate.ts';
import { generateLogRows } from '../../src/emulator/generate/log-rows.ts';
import { edms } from '../../src/contract/edm.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { logNamed } from '../../src/collect/sync/log-days.ts';
import type { TenantOutcome } from '../../src/collect/sync/tenant-report.ts';
import { aParticipant, aRecord, aSession } from '../support/records.ts';
import { often } from '../support/often.ts';
import { startEmulator, type TestEmulator } from '../support/emulator.ts';
import { hurry, testSync, type TestSync } from '../support/sync.ts';

const { tenantId } = development;

/** Syncs once. @returns How many seconds that took by the clock of upstream, and what was counted there. */
async function timed(
  { clock, recorder }: TestEmulator,
  sync: TestSync,
  onTurn: (seconds: number) => Promise<void> = () => Promise.resolve(),
) {
  const begunMs = clock.now().getTime();
  const seconds = () => (clock.now().getTime() - begunMs) / 1000;
  let outcome: TenantOutcome | undefined;
  const ended = sync.tenants[0]!.once(new AbortController().signal).then((one) => (outcome = one));
  await hurry(clock, sync, async () => {
    await onTurn(seconds());
    return outcome !== undefined;
  });
  const { throttled, limits } = recorder.report();
  const exceeded = limits.filter(({ isExceeded }) => isExceeded);
  const largest = Object.fromEntries(limits.map(({ name, largest: most }) => [name, most]));
  return { outcome: await ended, seconds: seconds(), throttled, exceeded, largest };
}

/** A meeting of 20,000 people, which takes 240 seconds, in the soak. */
const people = often(4000, 20_000);

it('a large meeting takes the least possible time, and other calls do not wait for it', async () => {
  await using upstream = await startEmulator({ throttleScale: 1 });
  const startDateTime = '2026-11-02T08:00:00Z';
  const call = (id: string, names: readonly string[]) =>
    aRecord(id, {
      startDateTime,
      endDateTime: '2026-11-02T09:00:00Z',
      participants_v2: names.map((one) => aParticipant(one)),
      sessions: names.map((one) => aSession(`session-${one}`, one)),
    });
  await upstream.import([
    call(
      'meeting',
      Array.from({ length: people }, (_, i) => `person-${i}`),
    ),
    ...Array.from({ length: 100 }, (_, i) => call(`call-${i}`, ['one', 'two'])),
  ]);
  const store = openSqliteStore(':memory:', { clock: upstream.clock });
  using sync = testSync({ url: upstream.url, store, clock: upstream.clock, budgetScale: 1 });
  let othersSeconds: number | undefined;
  const { outcome, seconds, throttled, exceeded, largest } = await timed(upstream, sync, async (now) => {
    if ((await store.totals()).calls >= 100) othersSeconds ??= now;
  });
  expect([outcome.problems, throttled, exceeded]).toEqual([[], 0, []]);
  const pages = { participants: Math.ceil(people / 130), sessions: Math.ceil(people / 60) };
  expect(await store.edition(tenantId, 'meeting')).toMatchObject({
    participants: { count: people, complete: true, pages: pages.participants },
    sessions: { count: people, complete: true, pages: pages.sessions },
  });
  // Every page, and one look at the call for its version: 40 requests in 20 seconds.
  const least = Math.floor((pages.participants + pages.sessions) / 40) * 20;
  expect(seconds).toBeGreaterThanOrEqual(least);
  expect(seconds).toBeLessThan(least * 1.02);
  expect(largest['callRecord']).toBe(40);
  expect(othersSeconds).toBeLessThan(20);
});

const everyLog = edms.beta.functions.map(({ name }) => name);

/** @param fault Played on the logs of upstream, which have rows on most days. */
async function timedLogs(logNames: readonly string[], fault?: object) {
  await using upstream = await startEmulator({ throttleScale: 1 });
  const { clock } = upstream;
  const rows = { ...defaultGenerateOptions, days: 90, rows: 200, until: clock.now() };
  await upstream.import([...generateLogRows(rows)]);
  if (fault !== undefined)
    for (const name of logNames) {
      const rule = { match: { endpoint: `communications/callRecords/${name}` }, effect: fault };
      expect((await upstream.ask('POST', 'faults', rule)).status).toBe(201);
    }
  const store = openSqliteStore(':memory:', { clock });
  const logs = logNames.map((name) => logNamed(name)!);
  using sync = testSync({ url: upstream.url, store, clock, budgetScale: 1, logs });
  const timing = await timed(upstream, sync);
  const asked = upstream.recorder
    .report()
    .endpoints.filter(({ endpoint }) => endpoint.includes('/get'))
    .map(({ requests }) => requests);
  return { ...timing, asked };
}

it('logs of 90 days are read without waiting for a limit', async () => {
  const { outcome, seconds, throttled, exceeded, asked } = await timedLogs(
    everyLog.filter((name) => !logNamed(name)!.isReport),
  );
  expect([outcome.problems, throttled, exceeded]).toEqual([[], 0, []]);
  expect(asked).toEqual([15, 15, 15, 15]);
  expect(seconds).toBeLessThan(5);
});

it('five logs of which every page has an odd row are read day by day, as fast as their limits allow', async () => {
  const { seconds, throttled, exceeded, asked, largest } = await timedLogs(everyLog, { odd: 'nullItem' });
  expect([throttled, exceeded]).toEqual([0, []]);
  const all = asked.reduce((sum, one) => sum + one, 0);
  const least = Math.floor(all / 200) * 60;
  expect(seconds).toBeGreaterThanOrEqual(least);
  // A log that begins late gets few of the first 200 requests, and then needs one more window of its own 50.
  expect(seconds).toBeLessThan((least + 60) * 1.05);
  expect(largest['logsOfAppInTenant']).toBe(200);
});
