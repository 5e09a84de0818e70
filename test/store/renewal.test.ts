import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { renewCalls } from '../../src/store/renewal.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { verifyTenant } from '../../src/maintain/verify/report.ts';
import { systemClock } from '../../src/base/clock.ts';
import { tenantId } from '../support/direct-read.ts';
import { writeEarlierStore } from '../support/earlier-store.ts';
import { renewalSuite } from './renewal-suite.ts';

function createEarlier() {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
  const path = join(folder, 'earlier.db');
  writeEarlierStore(path);
  return {
    path,
    open: () => Promise.resolve(openSqliteStore(path)),
    [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true });
      return Promise.resolve();
    },
  };
}

renewalSuite('SQLite', () => Promise.resolve(createEarlier()));

const corruptIn = async (path: string) => {
  await using store = openSqliteStore(path);
  return (await verifyTenant(store, tenantId, { clock: systemClock, onRead: () => undefined })).corrupt;
};

it('a damaged layout is distinguished from one that an earlier release wrote, and is not rewritten', async () => {
  await using earlier = createEarlier();
  {
    using database = new DatabaseSync(earlier.path);
    // The layout of the first entity: invalid for this text.
    database.exec(`UPDATE participant_block SET layout = CAST(
      substr(layout, 1, 1) || unhex('05') || substr(layout, 3) AS BLOB) WHERE rowid = (SELECT min(rowid) FROM participant_block)`);
  }
  const before = await corruptIn(earlier.path);
  expect(before).toBeGreaterThan(0);
  {
    await using store = openSqliteStore(earlier.path);
    while ((await renewCalls(store, 50)) > 0);
  }
  expect(await corruptIn(earlier.path)).toBe(before);
});

it('survives that its process is killed at any point', async () => {
  await using earlier = createEarlier();
  const program = fileURLToPath(new URL('../support/renew-calls.ts', import.meta.url));
  let isDone = false;
  for (let kills = 0; !isDone; kills++) {
    const child = spawn(process.execPath, [program, earlier.path], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    let lines = 0;
    child.stdout.on('data', (data: Buffer) => {
      lines += data.length / 4;
      if (lines >= 15) child.kill('SIGKILL');
    });
    const [code] = (await ended) as [number | null];
    isDone = code === 0;
    expect(await corruptIn(earlier.path)).toBe(0);
    // There are some 60 calls.
    expect(kills).toBeLessThan(10);
  }
  await using store = openSqliteStore(earlier.path);
  expect(await renewCalls(store, 1)).toBe(0);
});
