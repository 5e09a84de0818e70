/** Compares the tables that migrations create in a SQLite file with their definitions. */
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/store/sqlite/open.ts';
import { migrations } from '../../src/store/sqlite/schema.ts';
import { sqliteDialect } from '../../src/store/sqlite/dialect.ts';
import { tableText } from '../../src/store/table-sql.ts';
import { type TableName, tableNames } from '../../src/store/tables.ts';

/** Returns columns, primary key, unique keys and references of a table, as SQLite reports them. */
function shapeOf(database: DatabaseSync, table: TableName) {
  const all = (text: string) => database.prepare(text).all();
  const columns = all(`SELECT name, type, "notnull" OR pk > 0 AS required, dflt_value, pk
    FROM pragma_table_info('${table}') ORDER BY name`);
  const unique = all(`SELECT group_concat(c.name) AS columns FROM pragma_index_list('${table}') i,
    pragma_index_info(i.name) c WHERE i.origin = 'u' GROUP BY i.name`);
  // Some tables also refer to the table of tenants, whose rows are never deleted.
  const references = all(`SELECT "from", "table", on_delete FROM pragma_foreign_key_list('${table}')
    WHERE "table" <> 'tenant' ORDER BY "from"`);
  return { columns, unique, references };
}

it.each(tableNames)('the migrations create the table %s as it is defined', (table) => {
  using migrated = openDatabase(':memory:');
  using defined = new DatabaseSync(':memory:');
  for (const name of tableNames) defined.exec(tableText(sqliteDialect, name));
  const shape = shapeOf(migrated, table);
  expect(shape).toEqual(shapeOf(defined, table));
  expect(shape.columns.length).toBeGreaterThan(1);
});

it('a new store is what all migrations make of an empty database', () => {
  using created = openDatabase(':memory:');
  using migrated = new DatabaseSync(':memory:');
  for (const migration of migrations) migrated.exec(migration);
  const schemaOf = (database: DatabaseSync) =>
    database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name').all();
  expect(schemaOf(created)).toEqual(schemaOf(migrated));
  // No migration adds a row to an empty database.
  for (const { name } of migrated.prepare(`SELECT name FROM pragma_table_list WHERE type = 'table'`).all())
    if (name !== 'sqlite_schema')
      expect(migrated.prepare(`SELECT * FROM "${String(name)}"`).all()).toEqual([]);
});
