import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { twoSyncsSuite } from '../support/two-syncs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

let stores = 0;

describe('two processes that sync one tenant into a SQLite file', () => {
  twoSyncsSuite(() => {
    const path = join(folder, `store-${stores++}.db`);
    return Promise.resolve({ url: `sqlite:${path}`, open: () => Promise.resolve(openSqliteStore(path)) });
  });
});
