import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { CallRecordStore } from '../../src/store/store.ts';
import { createMemoryStore } from '../../src/store/memory/memory-store.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { listingSuite } from './listing-suite.ts';
import { storeSuite } from './suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

const backends: Readonly<Record<string, () => CallRecordStore>> = {
  memory: () => createMemoryStore(),
  'SQLite, in memory': () => openSqliteStore(':memory:'),
  'a SQLite file': () => openSqliteStore(join(folder, `${files++}.db`)),
};
for (const [backend, open] of Object.entries(backends)) {
  storeSuite(backend, () => Promise.resolve(open()));
  listingSuite(backend, () => Promise.resolve(open()));
}
