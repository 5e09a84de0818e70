import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, it, onTestFinished } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { interruptSyncs, startInterruptedUpstream } from '../support/interrupted-sync.ts';
import { often } from '../support/often.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

it('sync --once resumes at once after a kill, and never exits with 0 when it was stopped early', async () => {
  const upstream = await startInterruptedUpstream();
  onTestFinished(() => upstream.server.stop());
  const path = join(folder, 'store.db');
  const seed = Math.floor(Math.random() * 2 ** 31);
  const open = () => Promise.resolve(openSqliteStore(path));
  await interruptSyncs(upstream, open, `sqlite:${path}`, { seed, rounds: often(2, 4) });
}, 900_000);
