/** Reads all rows of a SQLite file. */
import { DatabaseSync } from 'node:sqlite';
import { isOfSearch } from '../../src/store/sqlite/schema.ts';

/** Tables with the state of a running process or of the file itself. */
const passing = new Set(['lease']);

function tablesOf(path: string): readonly string[] {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  database.close();
  return rows.map(({ name }) => String(name)).filter((name) => !passing.has(name));
}

/** Returns the rows by table as sorted text, without the store's secrets. */
export function storedRows(path: string): Readonly<Record<string, readonly string[]>> {
  // The search index is built separately in every store, with its own numbers.
  const tables = tablesOf(path).filter((table) => !isOfSearch(table));
  const database = new DatabaseSync(path, { readOnly: true });
  const all = tables.map((table) => {
    const statement = database.prepare(`SELECT * FROM "${table}"`);
    statement.setReadBigInts(true);
    const rows = statement.all().map((row) => JSON.stringify(row, shown));
    return [table, rows.filter((row) => !/"(store-id|transfer-note)"/.test(row)).sort()];
  });
  database.close();
  return Object.fromEntries(all) as Record<string, string[]>; // made of pairs
}

function shown(_: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'bigint' ? `${value}n` : value;
}

/** Changes bytes of a packed list of sessions, from which participants are inferred. @returns The id of the call */
export function damageOneCall(path: string, column: 'body' | 'layout' = 'body'): string {
  using database = new DatabaseSync(path);
  const row = database
    .prepare(
      `SELECT b.rowid, b.${column} AS bytes, e.call_id FROM session_block b JOIN edition e ON e.edition_no = b.list_no
      WHERE b.flags & 1 ORDER BY b.list_no LIMIT 1 OFFSET 10`,
    )
    .get()!; // there are more
  const bytes = Buffer.from(row['bytes'] as Uint8Array);
  bytes.fill(0xff, 20, 30);
  database.prepare(`UPDATE session_block SET ${column} = ? WHERE rowid = ?`).run(bytes, row['rowid']!);
  return row['call_id'] as string;
}
