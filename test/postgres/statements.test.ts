/** Every statement, held to what a server takes, and to what Citus would ask of it. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { distribution } from '../../src/store/postgres/distribution.ts';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { type StatementName, statements } from '../../src/store/postgres/statements.ts';
import { createDatabase, type TestDatabase } from '../support/test-database.ts';

/** What each table is distributed by; those that are not here are small: a copy on every node. */
const distributedBy: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(distribution).map(([table, { column }]) => [table, column]),
);
/** They ask of every tenant, or of all calls of one: no request of the API waits for them. */
const wide: ReadonlySet<StatementName> = new Set<StatementName>([
  'tenants',
  'storedTenants',
  'totals',
  'upstreamTenants',
  'callIds',
  'wantingIds',
  'lackingEditions',
  'firstBacklog',
  'firstRenewal',
  'firstInference',
  'unlistedCalls',
  'dropParticipantsOfList',
]);

/** Those, and what adds, drops and compares many calls at once. */
const several: ReadonlySet<StatementName> = new Set<StatementName>([
  ...wide,
  ...([
    'knownEditions',
    'heldOfCalls',
    'newestOfCalls',
    'placedParticipants',
    'dropParticipants',
    'dropParticipantBlocks',
  ] as const),
  ...(['dropSessionBlocks', 'dropSegmentBlocks', 'dropEditions', 'dropPending'] as const),
]);

/** Tasks that the cluster makes of a statement: one for each shard it touches. */
async function tasksOf(name: string): Promise<number> {
  const [prepared] = await database.query<{ types: string[] }>(
    `SELECT parameter_types::text[] AS types FROM pg_prepared_statements WHERE name = '${name.toLowerCase()}'`,
  );
  const values = prepared!.types.map((type) => exampleOf[type] ?? "'x'");
  const plan = await database.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN EXECUTE ${name}${values.length > 0 ? `(${values.join(', ')})` : ''}`,
  );
  const tasks = plan.map((line) => /Task Count: (\d+)/.exec(line['QUERY PLAN'])?.[1]);
  return Math.max(0, ...tasks.map((count) => Number(count ?? 0)));
}

const exampleOf: Readonly<Record<string, string>> = {
  integer: '1',
  bigint: '1',
  boolean: 'true',
  bytea: String.raw`'\x00'`,
  'bytea[]': String.raw`ARRAY['\x00'::bytea]`,
  'bigint[]': 'ARRAY[1::bigint]',
  'integer[]': 'ARRAY[1]',
  'text[]': "ARRAY['x']",
};

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await using store = await openPostgresStore(database.url);
  await store.totals();
});
afterAll(() => database[Symbol.asyncDispose]());

const tablesOf = (text: string) => [
  ...new Set([...text.matchAll(/rollcall\.([a-z_]+)/g)].map(([, table]) => table!)),
];

describe.each(Object.entries(statements))('%s', (name, text) => {
  it('is taken by the server', async () => {
    await database.query(`PREPARE ${name} AS ${text}`);
  });

  it('rides on an index, however the planner values it', async () => {
    if (inject('isCluster')) return; // the coordinator's plan says which shards, not how each reads
    const places = [...text.matchAll(/\$(\d+)/g)].map(([, place]) => Number(place));
    const values = Array.from({ length: Math.max(0, ...places) }, () => 'NULL');
    await database.query('SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan');
    const plan = await database.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN EXECUTE ${name}${values.length > 0 ? `(${values.join(', ')})` : ''}`,
    );
    const lines = plan.map((line) => line['QUERY PLAN']);
    // A scan of an index without a condition on it reads all of it.
    const unguided = lines.filter((line, i) => /Scan/.test(line) && !/Index Cond/.test(lines[i + 1] ?? ''));
    const read = unguided.flatMap((line) => / on ([a-z_]+)/.exec(line)?.[1] ?? []);
    const bitmaps = lines.filter((line) => line.includes('Bitmap Heap Scan')).length;
    if (bitmaps === 0 && !wide.has(name as StatementName))
      expect(read.filter((table) => table in distributedBy)).toEqual([]);
  });

  it('touches one shard', async () => {
    if (inject('isCluster'))
      expect(await tasksOf(name)).toBeLessThanOrEqual(several.has(name as StatementName) ? Infinity : 1);
    const distributed = tablesOf(text).filter((table) => Object.hasOwn(distributedBy, table));
    const columns = new Set(distributed.map((table) => distributedBy[table]!));
    expect(columns.size).toBeLessThanOrEqual(1);
    for (const column of columns)
      if (!wide.has(name as StatementName))
        expect(text).toMatch(new RegExp(`\\b${column}\\b[^=]*(= (ANY \\()?|VALUES \\(|SELECT )\\$\\d`));
  });
});

it('every key begins with the tenant and holds what its table is distributed by', async () => {
  const keys = await database.query<{ table: string; columns: string[] }>(
    `SELECT c.relname AS table, array_agg(a.attname::text ORDER BY k.place) AS columns
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
      CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
    WHERE i.indisunique AND c.relnamespace = 'rollcall'::regnamespace GROUP BY c.relname, i.indexrelid`,
  );
  const distributed = keys.filter(({ table }) => Object.hasOwn(distributedBy, table));
  expect(distributed.length).toBe(Object.keys(distributedBy).length);
  for (const { table, columns } of distributed)
    expect([columns[0], columns.includes(distributedBy[table]!)]).toEqual(['tenant_no', true]);
});

it('no distributed table refers to another', async () => {
  const references = await database.query<{ table: string }>(
    `SELECT conrelid::regclass::text AS table FROM pg_constraint WHERE contype = 'f'`,
  );
  const tables = references.map(({ table }) => table.replace('rollcall.', ''));
  expect(tables.filter((table) => Object.hasOwn(distributedBy, table))).toEqual([]);
});
