/** Copies between SQLite and PostgreSQL. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { copiedTables } from '../../src/store/tables.ts';
import { copy, copySuite, copyTenants, fillWhole } from '../support/copied.ts';
import { fill, importLines } from '../support/filled-store.ts';
import { aRecord } from '../support/records.ts';
import { storedRows } from '../support/stored-rows.ts';
import { createDatabase, type TestDatabase } from '../support/test-database.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
const databases: TestDatabase[] = [];
afterAll(async () => {
  for (const database of databases) await database[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const sqlite = () => Promise.resolve(openSqliteStore(':memory:'));
const postgres = async () => openPostgresStore((await newDatabase()).url);
const [tenantId, otherTenantId] = copyTenants;

async function newDatabase(options?: { readonly isEmpty: boolean }): Promise<TestDatabase> {
  const database = await createDatabase(options);
  databases.push(database);
  return database;
}

describe('from SQLite to PostgreSQL', () => copySuite({ source: sqlite, target: postgres }));
describe('from PostgreSQL to PostgreSQL', () => copySuite({ source: postgres, target: postgres }));

it('from SQLite to PostgreSQL and back, every row of every table is the same', async () => {
  const [path, returned] = [join(folder, 'from.db'), join(folder, 'back.db')];
  await using from = openSqliteStore(path);
  await fillWhole(from, 10);
  await fill(from, otherTenantId, 5, 8);
  await using between = await postgres();
  expect(await copy(from, between)).toMatchObject({ differences: 0, grown: false });
  await using back = openSqliteStore(returned);
  expect(await copy(between, back)).toMatchObject({ differences: 0, grown: false });
  // A verification is of the store that it read.
  const [rows, copies] = [storedRows(path), storedRows(returned)];
  for (const table of Object.keys(rows).filter((name) => name !== 'verification'))
    expect([table, copies[table]]).toEqual([table, rows[table]]);
});

/** Tables that are written of the calls that are carried, and those that belong to a server and its processes. */
const notCarried = [
  ...[
    'edition',
    'listing',
    'participant',
    'participant_block',
    'segment_block',
    'session_block',
    'tally',
    'tenant',
  ],
  // The search index is made anew in every store.
  ...['call_day', 'found_call', 'phrase', 'search_backlog'],
  ...['lease', 'migration', 'verification'],
];

it('every table is carried, or is said not to be', async () => {
  const { url, query } = await newDatabase();
  await using store = await openPostgresStore(url);
  expect((await store.totals()).calls).toBe(0);
  const rows = await query<{ table: string }>(
    "SELECT table_name AS table FROM information_schema.tables WHERE table_schema = 'rollcall'",
  );
  expect(rows.map(({ table }) => table).sort()).toEqual([...copiedTables, ...notCarried].sort());
});

describe('numbers that two tenants have in common', () => {
  it('are moved up for SQLite, with room for those that come, and nothing else is', async () => {
    await using from = await postgres();
    for (const tenant of copyTenants) await fill(from, tenant, 3);
    await using to = await sqlite();
    expect(await copy(from, to)).toMatchObject({ differences: 0, grown: false });
    const numbers = async (tenant: string) => (await to.edition(tenant, 'found'))!;
    const [one, other] = [await numbers(tenantId), await numbers(otherTenantId)];
    expect(one).toEqual(await from.edition(tenantId, 'found'));
    expect(other.edition).toBeGreaterThan(one.edition);
    expect(other.found?.list).toBe(-other.edition);
    expect(await to.inferredIndex(other, 'found-person')).toBe(0);
    for (const tenant of copyTenants)
      await importLines(from, tenant, [JSON.stringify(aRecord('found', { version: 2 }))]);
    expect(await copy(from, to)).toMatchObject({ copied: 2, differences: 0, grown: false });
    await importLines(to, tenantId, [JSON.stringify(aRecord('found', { version: 3 }))]);
    expect((await numbers(tenantId)).version).toBe(3n);
  });

  it('since they were copied refuse another copy', async () => {
    await using first = await sqlite();
    for (const tenant of copyTenants) await fill(first, tenant, 1);
    await using from = await postgres();
    await copy(first, from);
    await using to = await sqlite();
    await copy(from, to);
    for (const tenant of copyTenants)
      await importLines(from, tenant, [JSON.stringify(aRecord('found', { version: 2 }))]);
    await expect(copy(from, to)).rejects.toThrow('--to: two tenants have used the same edition numbers');
  });
});

/** What a row is told by: on a cluster that is more than where it lies. */
const keys = {
  edition: ['tenant_no', 'call_key', 'version', 'edition_no'],
  participant_block: ['tenant_no', 'call_key', 'list_no', 'block_no'],
  session_block: ['tenant_no', 'call_key', 'list_no', 'block_no'],
  participant: ['tenant_no', 'participant_key', 'start_ticks', 'call_no', 'list_no'],
  listing: ['tenant_no', 'start_ticks', 'call_no', 'edition_no'],
} as const;

const damages = [
  ['edition', "head_body = head_body || '\\x20'", 'differs'],
  ['participant_block', 'body = set_byte(body, 9, get_byte(body, 9) # 1)', 'differs'],
  [
    'session_block',
    'session_keys = array_cat(session_keys, session_keys)',
    'does not match its search index',
  ],
  ['participant', 'position = position + 1', 'does not match its search index'],
  ['listing', 'until_edition = 1', 'does not match its search index'],
  [
    'listing',
    'head_body = set_byte(head_body, 9, get_byte(head_body, 9) # 1)',
    'does not match its search index',
  ],
] as const;

describe('a copy that is damaged afterwards', () => {
  let from: CallRecordStore;
  let to: CallRecordStore;
  let target: TestDatabase;
  beforeAll(async () => {
    from = await sqlite();
    await fill(from, tenantId, 5);
    target = await newDatabase();
    to = await openPostgresStore(target.url);
    await copy(from, to);
  });
  afterAll(async () => {
    await from[Symbol.asyncDispose]();
    await to[Symbol.asyncDispose]();
  });

  it.each(damages)('is found to have a %s of which %s', async (table, change, says) => {
    const key = keys[table];
    const column = change.slice(0, change.indexOf(' '));
    const [row] = await target.query<Record<string, string>>(
      `SELECT ${[...key, column].map((name) => `quote_literal(${name}::text) AS ${name}`).join()}
      FROM rollcall.${table} ORDER BY ${key.join()} OFFSET 3 LIMIT 1`,
    );
    const set = (to: string) =>
      target.query(
        `UPDATE rollcall.${table} SET ${to} WHERE ${key.map((name) => `${name} = ${row![name]}`).join(' AND ')}`,
      );
    await set(change);
    expect(await copy(from, to)).toMatchObject({
      differences: 1,
      listed: [expect.stringContaining(says)],
    });
    await set(`${column} = ${row![column]}`);
  });
});

it('makes no schema where there is no store to read from', async () => {
  const { url, query } = await newDatabase({ isEmpty: true });
  const { host, pathname } = new URL(url);
  await expect(openPostgresStore(url, { mustExist: true })).rejects.toThrow(
    `No store exists at postgres://${host}${pathname}.`,
  );
  const schemas = "SELECT 1 FROM information_schema.schemata WHERE schema_name = 'rollcall'";
  expect(await query(schemas)).toEqual([]);
});

it('says what a user lacks who may not write the target, or read the source', async () => {
  const { url, query } = await newDatabase();
  await using from = await openPostgresStore(url);
  await fill(from, tenantId, 1);
  await query(
    `CREATE ROLE mere_reader LOGIN PASSWORD 'reader'; GRANT USAGE ON SCHEMA rollcall TO mere_reader`,
  );
  const address = new URL(url);
  [address.username, address.password] = ['mere_reader', 'reader'];
  await expect(openPostgresStore(address.href)).rejects.toThrow(
    'the user does not have a privilege it needs',
  );
  await query('GRANT SELECT ON ALL TABLES IN SCHEMA rollcall TO mere_reader');
  {
    await using reader = await openPostgresStore(address.href);
    await using source = await sqlite();
    await fill(source, tenantId, 1);
    await expect(copy(source, reader)).rejects.toThrow('the user does not have a privilege it needs');
  }
  await query('DROP OWNED BY mere_reader; DROP ROLE mere_reader');
});
