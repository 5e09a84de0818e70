import { it, onTestFinished } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { interruptSyncs, startInterruptedUpstream } from '../support/interrupted-sync.ts';
import { often } from '../support/often.ts';
import { createDatabase } from '../support/test-database.ts';

it('sync --once resumes at once after a kill, and never exits with 0 when it was stopped early', async () => {
  const upstream = await startInterruptedUpstream();
  onTestFinished(() => upstream.server.stop());
  const database = await createDatabase();
  onTestFinished(() => database[Symbol.asyncDispose]());
  const seed = Math.floor(Math.random() * 2 ** 31);
  const open = () => openPostgresStore(database.url);
  await interruptSyncs(upstream, open, database.url, { seed, rounds: often(2, 4) });
}, 900_000);
