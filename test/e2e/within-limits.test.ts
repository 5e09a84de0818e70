/** What Graph's limits allow is used, and nothing beyond: how long a large meeting and the logs of 90 days take. */
import { expect, it } from 'vitest';
import { development } from '../../src/auth/issuer/issuer.ts';
import { edms } from '../../src/model/edm.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { logNamed } from '../../src/sync/log-days.ts';
import type { TenantOutcome } from '../../src/sync/tenant-report.ts';
import { aParticipant, aRecord, aSession } from '../support/records.ts';
import { startStage, type TestStage } from '../support/stage.ts';
import { hurry, testSync, type TestSync } from '../support/sync.ts';

const { tenantId } = development;

/** Syncs once. @returns How many seconds that took by the clock of upstream, and what was counted there. */
async function timed(
  { clock, counts }: TestStage,
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
  const { throttled, limits } = counts.report();
  const exceeded = limits.filter(({ isExceeded }) => isExceeded);
  const largest = Object.fromEntries(limits.map(({ name, largest: most }) => [name, most]));
  return { outcome: await ended, seconds: seconds(), throttled, exceeded, largest };
}

it('a meeting of 20,000 people takes four minutes, and other calls do not wait for it', async () => {
  await using upstream = await startStage({ throttleScale: 1 });
  const startDateTime = '2026-11-02T08:00:00Z';
  const call = (id: string, people: readonly string[]) =>
    aRecord(id, {
      startDateTime,
      endDateTime: '2026-11-02T09:00:00Z',
      participants_v2: people.map((one) => aParticipant(one)),
      sessions: people.map((one) => aSession(`session-${one}`, one)),
    });
  await upstream.import([
    call(
      'meeting',
      Array.from({ length: 20_000 }, (_, i) => `person-${i}`),
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
  expect(await store.edition(tenantId, 'meeting')).toMatchObject({
    participants: { count: 20_000, complete: true, pages: 154 },
    sessions: { count: 20_000, complete: true, pages: 334 },
  });
  // Every page, and one look at the call for its version: 489 requests, 40 in 20 seconds.
  const least = Math.floor((154 + 334) / 40) * 20;
  expect(seconds).toBeGreaterThanOrEqual(least);
  expect(seconds).toBeLessThan(least * 1.02);
  expect(largest['callRecord']).toBe(40);
  expect(othersSeconds).toBeLessThan(20);
});

it('the logs of 90 days are read as fast as all of them together may be', async () => {
  await using upstream = await startStage({ throttleScale: 1 });
  const logs = edms.beta.functions.map(({ name }) => logNamed(name)!);
  expect(logs).toHaveLength(5);
  const { clock } = upstream;
  const store = openSqliteStore(':memory:', { clock });
  using sync = testSync({ url: upstream.url, store, clock, budgetScale: 1, logs });
  const { outcome, seconds, throttled, exceeded, largest } = await timed(upstream, sync);
  expect([outcome.problems, throttled, exceeded]).toEqual([[], 0, []]);
  const asked = upstream.counts
    .report()
    .endpoints.filter(({ endpoint }) => endpoint.includes('/get'))
    .map(({ requests }) => requests);
  // Each day of 90, and two windows before them.
  expect(asked).toEqual([92, 92, 92, 92, 92]);
  const least = Math.floor((5 * 92) / 200) * 60;
  expect(seconds).toBeGreaterThanOrEqual(least);
  expect(seconds).toBeLessThan(least * 1.02);
  expect(largest['logsOfAppInTenant']).toBe(200);
});
