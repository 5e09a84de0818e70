/** The search index of PostgreSQL beyond the suite of every store: what is there before it, beside it, and carried to it. */
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { startCatchingUp } from '../../src/store/catch-up.ts';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { migrations } from '../../src/store/postgres/schema.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { ticksOf } from '../../src/base/ticks.ts';
import { copyStore } from '../../src/maintain/transfer/copy-store.ts';
import { fill, importLines } from '../support/filled-store.ts';
import { aParticipant, aRecord } from '../support/records.ts';
import { createDatabase, type TestDatabase } from '../support/test-database.ts';

const tenantId = '11111111-1111-4111-8111-111111111111';
const otherTenantId = '33333333-3333-4333-8333-333333333333';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => database.empty());

const open = () => openPostgresStore(database.url);
const failing = (error: unknown) => {
  throw error;
};

async function searched(store: CallRecordStore, tenant = tenantId) {
  return [
    await store.search.find(tenant, {}, undefined, 200),
    await store.search.find(tenant, { person: 'weber', number: '49' }, undefined, 200),
    await store.search.find(tenant, { state: 'failed' }, undefined, 200),
    await store.search.find(tenant, { reason: 'notAnswered' }, undefined, 200),
    await store.search.find(tenant, { external: 'yes', rating: 'poor' }, undefined, 200),
    await store.search.find(tenant, { domain: 'contoso.example', tenant }, undefined, 200),
    await store.search.find(tenant, { q: 'found-person' }, undefined, 200),
    await store.search.days(tenant, -1e6, 1e6),
  ];
}

function aCallOf(id: string, name: string, more: Record<string, unknown> = {}): string {
  const identity = { user: { id: `u-${name}`, displayName: name } };
  return JSON.stringify(aRecord(id, { participants_v2: [aParticipant(name, { identity })], ...more }));
}

const phrases = async () =>
  (await database.query<{ text: string }>('SELECT text FROM rollcall.phrase ORDER BY text')).map(
    ({ text }) => text,
  );
const countOf = async (store: CallRecordStore, person: string) =>
  (await store.search.find(tenantId, { person }, undefined, 99)).calls.length;

it('indexes the calls that were there before, in several processes at once, and says so until it is done', async () => {
  if (inject('isCluster')) return; // there its tables are distributed: dropping and making them is not what an upgrade does
  let expected: unknown;
  {
    await using store = await open();
    for (const tenant of [tenantId, otherTenantId]) await fill(store, tenant, 15);
    expected = [await searched(store), await searched(store, otherTenantId)];
  }
  await database.query(`DROP TABLE rollcall.phrase, rollcall.found_call, rollcall.call_day, rollcall.search_backlog;
    ALTER TABLE rollcall.tally DROP COLUMN phrases_dropped`);
  for (const migration of migrations.filter((one) => one.includes('found_call')))
    await database.query(migration);
  {
    await using store = await open();
    await expect(searched(store)).rejects.toThrow('still being built');
    await expect(store.search.call(tenantId, 'found')).rejects.toThrow('still being built');
    expect(await store.search.catchUp(4)).toBe(4);
  }
  await using store = await open();
  await using beside = await open();
  // Whatever comes meanwhile is indexed at once, and not again.
  await importLines(store, tenantId, [aCallOf('late', 'Late', { startDateTime: '2020-01-01T00:00:00Z' })]);
  await importLines(store, tenantId, [
    aCallOf('late', 'Later', { startDateTime: '2020-01-01T00:00:00Z', version: 2 }),
  ]);
  await Promise.all([store, beside].map(({ search }) => startCatchingUp(search, failing).finished));
  expect(await store.search.call(tenantId, 'late')).toMatchObject({ version: 2n });
  expect([await countOf(store, 'late'), await countOf(store, 'Later')]).toEqual([1, 1]);
  await store.retention.dropCalls(tenantId, ticksOf(new Date('2021-01-01')), 9);
  expect([await searched(beside), await searched(beside, otherTenantId)]).toEqual(expected);
});

it('forgets a name with the last call that has it, whichever process remembers it', async () => {
  await using one = await open();
  await using two = await open();
  await importLines(one, tenantId, [aCallOf('a', 'Anna'), aCallOf('b', 'Berta')]);
  await importLines(two, tenantId, [aCallOf('c', 'Anna')]);
  await importLines(one, tenantId, [aCallOf('a', 'Berta', { version: 2 })]);
  expect(await phrases()).toEqual(['anna', 'berta']);
  await importLines(one, tenantId, [aCallOf('c', 'Berta', { version: 2 })]);
  expect(await phrases()).toEqual(['berta']);
  // The other process had seen that Anna is there.
  await importLines(two, tenantId, [aCallOf('d', 'Anna')]);
  expect([await phrases(), await countOf(two, 'anna')]).toEqual([['anna', 'berta'], 1]);
  await one.retention.dropCalls(tenantId, ticksOf(new Date('2030-01-01')), 99);
  expect(await phrases()).toEqual([]);
});

it('remembers nothing of an addition that failed', async () => {
  await using store = await open();
  await importLines(store, tenantId, [aCallOf('a', 'Berta')]);
  await database.query(`ALTER TABLE rollcall.found_call ADD CONSTRAINT few CHECK (participants_count < 2)`);
  const two = JSON.stringify(aRecord('b', { participants_v2: [aParticipant('x'), aParticipant('y')] }));
  await expect(importLines(store, tenantId, [two])).rejects.toThrow();
  await database.query('ALTER TABLE rollcall.found_call DROP CONSTRAINT few');
  await importLines(store, tenantId, [two]);
  expect([await countOf(store, 'person x'), await countOf(store, 'y')]).toEqual([1, 1]);
});

it('keeps tenants apart in the index itself: the same calls have no term in common', async () => {
  await using store = await open();
  for (const tenant of [tenantId, otherTenantId]) await fill(store, tenant, 5);
  const of = (table: string, column: string, tenant: string) =>
    `SELECT unnest(${column}) FROM rollcall.${table} JOIN rollcall.tenant t USING (tenant_no) WHERE t.tenant_id = '${tenant}'`;
  for (const [table, column] of [
    ['found_call', 'terms'],
    ['phrase', 'parts'],
  ] as const) {
    const all = await database.query(of(table, column, tenantId));
    const common = await database.query(
      `${of(table, column, tenantId)} INTERSECT ${of(table, column, otherTenantId)}`,
    );
    expect([all.length > 100, common.length]).toEqual([true, 0]);
  }
});

it('finds in a copy what is found in the source, whatever comes to both by and by', async () => {
  await using from = openSqliteStore(':memory:');
  await using to = await open();
  const copy = () =>
    copyStore({ from, to, signal: new AbortController().signal, onProgress: () => undefined });
  await fill(from, tenantId, 15);
  await copy();
  expect(await searched(to)).toEqual(await searched(from));
  // Editions that share the lists of what was carried before, and one that takes names away.
  await importLines(from, tenantId, [
    JSON.stringify(aRecord('found', { version: 1, startDateTime: '2026-03-03T10:00:00Z' })),
    aCallOf('versions', 'Weber', { version: 3 }),
  ]);
  await copy();
  expect(await searched(to)).toEqual(await searched(from));
});
