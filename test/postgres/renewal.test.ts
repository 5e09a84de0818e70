/** Runs the renewal suite on blocks of an earlier release that were copied unchanged into PostgreSQL. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { copyStore } from '../../src/maintain/transfer/copy-store.ts';
import { writeEarlierStore } from '../support/earlier-store.ts';
import { createDatabase } from '../support/test-database.ts';
import { renewalSuite } from '../store/renewal-suite.ts';

renewalSuite('PostgreSQL', async () => {
  const database = await createDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
  try {
    writeEarlierStore(join(folder, 'earlier.db'));
    await using from = openSqliteStore(join(folder, 'earlier.db'));
    await using to = await openPostgresStore(database.url);
    const { signal } = new AbortController();
    await copyStore({ from, to, signal, onProgress: () => undefined });
  } finally {
    rmSync(folder, { recursive: true });
  }
  return {
    open: () => openPostgresStore(database.url),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
});
