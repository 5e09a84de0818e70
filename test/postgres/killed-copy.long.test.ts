/** `store copy` as a process that is killed. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { copyTenants, fillWhole } from '../support/copied.ts';
import { importLines } from '../support/filled-store.ts';
import { isSoak, longestMs, often } from '../support/often.ts';
import { aRecord, participants } from '../support/records.ts';
import { storedRows } from '../support/stored-rows.ts';
import { createDatabase } from '../support/test-database.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a copy; kills it after so many milliseconds. */
function copy(from: string, to: string, killAfterMs?: number): Promise<NodeJS.Signals | number | null> {
  return new Promise((resolve) => {
    const args = [main, 'store', 'copy', '--quiet', '--from', from, '--to', to];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    const timer =
      killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      resolve(signal ?? code);
    });
  });
}

/** A dozen processes. */
const copies = { timeout: longestMs };

it(
  'goes there and back, killed on both ways at many moments, and every row is the same',
  copies,
  async () => {
    const [path, returned] = [join(folder, 'from.db'), join(folder, 'back.db')];
    {
      await using store = openSqliteStore(path);
      await fillWhole(store, 50);
      const lines = Array.from({ length: often(600, 2500) }, (_, i) =>
        JSON.stringify(aRecord(`call-${i}`, { version: 1, participants_v2: participants(3) })),
      );
      await importLines(store, copyTenants[1], lines);
      await importLines(
        store,
        copyTenants[1],
        lines.map((line) => line.replace('"version":1', '"version":2')),
      );
    }
    await using database = await createDatabase();
    await using undisturbed = await createDatabase();
    const [source, back] = [`sqlite:${path}`, `sqlite:${returned}`];
    const begun = performance.now();
    expect(await copy(source, undisturbed.url)).toBe(0);
    const wholeMs = performance.now() - begun;
    const moments = isSoak ? [0.25, 0.4, 0.55, 0.7] : [0.4, 0.7];
    const ends: unknown[] = [];
    for (const moment of moments) ends.push(await copy(source, database.url, wholeMs * moment));
    expect(await copy(source, database.url)).toBe(0);
    for (const moment of moments) ends.push(await copy(database.url, back, wholeMs * moment));
    expect(await copy(database.url, back)).toBe(0);
    // How many are met before their end depends on what else the machine does; one was, or nothing was seen.
    expect(ends).toContain('SIGKILL');
    const [rows, copied] = [storedRows(path), storedRows(returned)];
    // A verification is of the store that it read.
    for (const table of Object.keys(rows).filter((name) => name !== 'verification'))
      expect([table, copied[table]]).toEqual([table, rows[table]]);
  },
);
