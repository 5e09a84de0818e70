/** Copies for which several threads read and compare. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Tinypool } from 'tinypool';
import { afterAll, expect, it, onTestFinished, vi } from 'vitest';
import { CopyThreads, threadsToCopy } from '../../src/cli/copy-threads.ts';
import { openStore } from '../../src/cli/open-store.ts';
import { systemClock } from '../../src/clock.ts';
import type { CallSearch } from '../../src/store/search.ts';
import { StoreError } from '../../src/store/store.ts';
import { copyStore } from '../../src/transfer/copy-store.ts';
import { copyTenants, fillWhole } from '../support/copied.ts';
import { fill, importLines } from '../support/filled-store.ts';
import { aRecord, participants } from '../support/records.ts';
import { damageOneCall, storedRows } from '../support/stored-rows.ts';
import { createDatabase } from '../support/test-database.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
const [tenantId, otherTenantId] = copyTenants;
const signal = new AbortController().signal;
const onProgress = () => undefined;

/** @param threads Beside this one. */
async function copy(fromUrl: string, toUrl: string, threads: number) {
  await using from = await openStore(fromUrl, systemClock);
  await using to = await openStore(toUrl, systemClock);
  await using jobs = threads === 0 ? undefined : new CopyThreads({ from: fromUrl, to: toUrl }, threads);
  return await copyStore({ from, to, jobs, signal, onProgress });
}

/** What is found by all of somebody, by a part of many names, by ids and by what calls are, and what days count. */
async function foundIn(url: string) {
  await using store = await openStore(url, systemClock);
  const everything = (await store.search.find(tenantId, {}, undefined, 1000)).calls;
  const organizers = [...new Set(everything.map(({ organizer }) => organizer?.displayName ?? 'nobody'))];
  const people = [...organizers.slice(0, 30), 'an', 'shared', 'found-person'];
  const searches: CallSearch[] = [
    { number: '49' },
    { state: 'poor' },
    ...people.map((person) => ({ person })),
  ];
  const found: string[][] = [];
  for (const search of searches) {
    const { calls } = await store.search.find(tenantId, search, undefined, 1000);
    found.push(calls.map(({ callId }) => callId));
  }
  expect(found.filter(({ length }) => length > 0).length).toBeGreaterThan(20);
  return [everything, found, await store.search.days(tenantId, -1e6, 1e6)];
}

it('come to the same as when one thread does it all, there and back', { timeout: 120_000 }, async () => {
  const path = (name: string) => join(folder, name);
  const source = `sqlite:${path('from.db')}`;
  {
    await using store = await openStore(source, systemClock);
    await fillWhole(store, 300);
    await fill(store, otherTenantId, 200, 8);
  }
  await using alone = await createDatabase();
  await using together = await createDatabase();
  const report = await copy(source, alone.url, 0);
  expect(report).toMatchObject({ differences: 0, grown: false });
  expect(await copy(source, together.url, 3)).toEqual(report);
  expect(await foundIn(together.url)).toEqual(await foundIn(source));
  // What has come since goes the same way, and what is there stays.
  {
    await using store = await openStore(source, systemClock);
    const more = [2, 3].map((version) => aRecord('more', { version, participants_v2: participants(200) }));
    await importLines(
      store,
      tenantId,
      more.map((one) => JSON.stringify(one)),
    );
  }
  expect(await copy(source, together.url, 2)).toMatchObject({ copied: 2, differences: 0, grown: false });
  for (const [name, threads] of [
    ['back-alone.db', 0],
    ['back-together.db', 2],
  ] as const) {
    expect(await copy(together.url, `sqlite:${path(name)}`, threads)).toMatchObject({ differences: 0 });
    const [rows, copied] = [storedRows(path('from.db')), storedRows(path(name))];
    for (const table of Object.keys(rows)) expect([table, copied[table]]).toEqual([table, rows[table]]);
  }
});

it('tell what a thread cannot open in the words of the store', { timeout: 60_000 }, async () => {
  await using database = await createDatabase();
  const url = new URL(database.url);
  url.pathname = '/nowhere';
  await using jobs = new CopyThreads({ from: `sqlite:${join(folder, 'from.db')}`, to: url.href }, 1);
  const asked = jobs.compare({ tenantId, ids: ['a'], upTo: 1, offset: 0 });
  await expect(asked).rejects.toThrow(StoreError);
  await expect(asked).rejects.toThrow('nowhere');
});

it.each(['body', 'layout'] as const)(
  'tell whose %s is damaged in the source',
  { timeout: 60_000 },
  async (column) => {
    const path = join(folder, `damaged-${column}.db`);
    {
      await using store = await openStore(`sqlite:${path}`, systemClock);
      await fill(store, tenantId, 60);
    }
    const callId = damageOneCall(path, column);
    await using database = await createDatabase();
    for (const threads of [0, 2])
      await expect(copy(`sqlite:${path}`, database.url, threads)).rejects.toThrow(
        `The call ${callId} of tenant ${tenantId} is damaged in the source.`,
      );
  },
);

it('tell that one of them has no memory left, and the next step', async () => {
  const worker = new Worker('const all = []; for (;;) all.push([all.length]);', {
    eval: true,
    resourceLimits: { maxOldGenerationSizeMb: 8 },
  });
  const [error] = (await once(worker, 'error')) as [Error];
  const run = vi.spyOn(Tinypool.prototype, 'run').mockRejectedValue(error);
  onTestFinished(() => run.mockRestore());
  await using jobs = new CopyThreads({ from: 'sqlite:a.db', to: 'sqlite:b.db' }, 1);
  const asked = jobs.compare({ tenantId, ids: ['a'], upTo: 1, offset: 0 });
  await expect(asked).rejects.toThrow(StoreError);
  await expect(asked).rejects.toThrow('Give each more with NODE_OPTIONS=--max-old-space-size=');
});

it('take all cores but one, and no more than four', () => {
  expect([1, 2, 3, 5, 64].map(threadsToCopy)).toEqual([1, 1, 2, 4, 4]);
});
