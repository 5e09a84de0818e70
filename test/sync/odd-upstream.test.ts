import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { oddUpstreamSuite } from '../support/odd-upstream-suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'kept.db');

oddUpstreamSuite(
  'SQLite',
  () => `sqlite:${path}`,
  () => Promise.resolve(openSqliteStore(path)),
);
