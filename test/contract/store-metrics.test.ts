/** Tests the store figures at `/metrics`: read once for concurrent scrapes, and absent when unknown. */
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createMovableClock } from '../../src/base/clock.ts';
import { storeMetrics } from '../../src/serve/observe/store-metrics.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { StoreError } from '../../src/store/store-errors.ts';
import { completenessOf, mostGaps } from '../../src/maintain/verify/report.ts';
import { aRecord } from '../support/records.ts';
import { importLines, startTestServer } from '../support/server.ts';

/** A store that counts how often its tenants are asked for, and answers when it is let to. */
async function slowStore() {
  const clock = createMovableClock(new Date('2026-03-03T00:00:00Z'));
  const store = openSqliteStore(':memory:', { clock });
  await importLines(store, [aRecord('call')], 't');
  const state = { asked: 0, answers: Promise.resolve<undefined>(undefined), fails: false };
  const stored = async () => {
    state.asked++;
    await state.answers;
    if (state.fails) throw new StoreError('The store does not answer.');
    return store.evidence.stored();
  };
  const evidence = { ...store.evidence, stored };
  const slow = new Proxy(store, {
    get(_, name) {
      if (name === 'evidence') return evidence;
      const value: unknown = Reflect.get(store, name, store);
      return typeof value === 'function' ? (value.bind(store) as unknown) : value;
    },
  });
  const register = new Registry();
  const refresh = storeMetrics(slow, clock, register);
  const scrape = async () => {
    await refresh();
    return (await register.metrics()).split('\n').filter((line) => !line.startsWith('#') && line !== '');
  };
  return { clock, state, scrape };
}

const read = (seconds: number) => `rollcall_store_read_timestamp_seconds ${seconds}`;
const began = Date.parse('2026-03-03T00:00:00Z') / 1000;

it('the store is read once for concurrent scrapes, and not again just after', async () => {
  const { clock, state, scrape } = await slowStore();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  state.answers = promise;
  const scrapes = Array.from({ length: 20 }, scrape);
  resolve(undefined);
  for (const lines of await Promise.all(scrapes)) {
    expect(lines).toContain('rollcall_calls 1');
    expect(lines).toContain(read(began));
  }
  await scrape();
  expect(state.asked).toBe(1);
  clock.advance(15_000);
  expect(await scrape()).toContain(read(began + 15));
  expect(state.asked).toBe(2);
});

it('figures that could not be read are not there, and there again when they can be', async () => {
  const { clock, state, scrape } = await slowStore();
  expect(await scrape()).toContain('rollcall_calls 1');
  state.fails = true;
  clock.advance(15_000);
  expect(await scrape()).toEqual([]);
  expect(await scrape()).toEqual([]);
  state.fails = false;
  expect(await scrape()).toContain('rollcall_calls 1');
});

it('a scrape of a slow store returns the previous figures with their time, and none that are too old', async () => {
  const { clock, state, scrape } = await slowStore();
  await scrape();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  state.answers = promise;
  clock.advance(60_000);
  expect(await scrape()).toContain(read(began));
  clock.advance(300_000);
  expect(await scrape()).toEqual([]);
  resolve(undefined);
  expect(state.asked).toBe(2);
}, 60_000);

it('a server names the first gaps of many, and how many there are', async () => {
  await using server = await startTestServer();
  const { store } = server;
  const tenantId = '11111111-1111-4111-8111-111111111111';
  const sightings = Array.from({ length: mostGaps + 200 }, (_, i) => ({
    callId: `call-${i}`,
    version: 1n,
    startTicks: 0n,
  }));
  await store.upstream.observe(tenantId, sightings, 0);
  const all = await completenessOf(store, tenantId, { now: () => new Date() } as never, { most: 10_000 });
  expect([all.gaps.length, all.gapsCut]).toEqual([mostGaps + 200, false]);
  for (const path of ['/rollcall/completeness', '/rollcall/status']) {
    const told = (await (await server.get(path)).json()) as Record<string, unknown>;
    expect(told).toMatchObject({ gapCount: mostGaps + 200, gapsCut: true });
    expect((told['gaps'] as unknown[]).length).toBe(mostGaps);
  }
});
