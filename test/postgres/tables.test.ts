/** What migrations make of a PostgreSQL database, held against the definitions of the tables. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addedColumns } from '../../src/store/postgres/added-rows.ts';
import { postgresDialect } from '../../src/store/postgres/dialect.ts';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { tableText } from '../../src/store/table-sql.ts';
import { type TableName, tableNames } from '../../src/store/tables.ts';
import { createDatabase, type TestDatabase } from '../support/test-database.ts';

let migrated: TestDatabase;
let defined: TestDatabase;
beforeAll(async () => {
  [migrated, defined] = [await createDatabase({ isEmpty: true }), await createDatabase({ isEmpty: true })];
  await using store = await openPostgresStore(migrated.url);
  await store.totals();
  await defined.query('CREATE SCHEMA rollcall');
  for (const name of tableNames) await defined.query(tableText(postgresDialect, name));
});
afterAll(async () => {
  await migrated[Symbol.asyncDispose]();
  await defined[Symbol.asyncDispose]();
});

/** Columns, and the keys and references as the server prints them. */
async function shapeOf({ query }: TestDatabase, table: TableName) {
  const columns = await query(`SELECT column_name, data_type, is_nullable, is_identity, column_default
    FROM information_schema.columns WHERE table_schema = 'rollcall' AND table_name = '${table}' ORDER BY column_name`);
  const keys = await query(`SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint
    WHERE conrelid = 'rollcall.${table}'::regclass AND contype IN ('p', 'u', 'f') ORDER BY text`);
  return { columns, keys };
}

it.each(tableNames)('the migrations create the table %s as it is defined', async (table) => {
  const shape = await shapeOf(migrated, table);
  expect(shape).toEqual(await shapeOf(defined, table));
  expect(shape.columns.length).toBeGreaterThan(1);
});

it.each(Object.entries(addedColumns))(
  'rows are added to %s with the types of its columns',
  async (table, columns) => {
    const rows = await migrated.query<
      Record<string, string>
    >(`SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
    WHERE attrelid = 'rollcall.${table}'::regclass AND attnum > 0 AND NOT attisdropped`);
    expect(Object.fromEntries(rows.map(Object.values))).toEqual(columns);
  },
);
