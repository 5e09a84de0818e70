import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createMemoryStore } from '../../src/store/memory/memory-store.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { storeSuite } from './suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

storeSuite('memory', () => Promise.resolve(createMemoryStore()));
storeSuite('SQLite, in memory', () => Promise.resolve(openSqliteStore(':memory:')));
storeSuite('a SQLite file', () => Promise.resolve(openSqliteStore(join(folder, `${files++}.db`))));
