/** Tests damaged calls of a SQLite store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { damagedSuite } from './damaged-suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

damagedSuite('a SQLite file', () => {
  const path = join(folder, `${files++}.db`);
  const store = openSqliteStore(path);
  const change = (sql: string) => {
    const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
    try {
      return Promise.resolve(Number(database.prepare(sql.replaceAll('rollcall.', '')).run().changes));
    } finally {
      database.close();
    }
  };
  return Promise.resolve({ store, change });
});
