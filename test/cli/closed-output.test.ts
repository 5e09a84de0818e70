/** Tests how commands end when the reader of their standard output has closed it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { importLines } from '../support/filled-store.ts';
import { aRecord, participants } from '../support/records.ts';
import { main } from '../support/rollcall.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
const tenantId = '11111111-1111-4111-8111-111111111111';
const [sound, incomplete, damaged] = ['sound', 'incomplete', 'damaged'].map((name) =>
  join(folder, `${name}.db`),
) as [string, string, string];
const whole = { participants_v2: participants(200), sessions: [] };

beforeAll(async () => {
  for (const path of [sound, damaged]) {
    await using store = openSqliteStore(path);
    const lines = Array.from({ length: 50 }, (_, i) => JSON.stringify(aRecord(`call-${i}`, whole)));
    await importLines(store, tenantId, lines);
  }
  {
    await using store = openSqliteStore(incomplete);
    await importLines(store, tenantId, [
      JSON.stringify(aRecord('call', { 'participants_v2@odata.nextLink': 'https://next', ...whole })),
    ]);
  }
  const database = new DatabaseSync(damaged);
  database.exec('UPDATE participant_block SET body = zeroblob(length(body)) WHERE rowid = 1');
  database.close();
});

/** Closes the pipe before the command has written to it, or after its first bytes. */
async function endWithoutReader(args: readonly string[], isReadFirst: boolean) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = text(child.stderr);
  if (isReadFirst) await once(child.stdout, 'data');
  child.stdout.destroy();
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code, stderr: await said };
}

it.each([
  ['verify, of a damaged store', ['verify', '--quiet', '--store', `sqlite:${damaged}`], 1],
  ['verify, of an incomplete store', ['verify', '--quiet', '--store', `sqlite:${incomplete}`], 3],
  ['verify, of a sound store: its report was not written', ['verify', '--store', `sqlite:${sound}`], 1],
  ['find: its table was not written', ['find', '--store', `sqlite:${sound}`], 1],
  ['show: the call was not written', ['show', 'call-1', '--store', `sqlite:${sound}`], 1],
  ['wrong usage', ['verify', '--nonsense'], 2],
])('with their own exit code: %s', async (_, args, expected) => {
  const { code, stderr } = await endWithoutReader(args, false);
  expect([code, stderr]).toEqual([expected, expect.not.stringMatching(/EPIPE|reader|^ {4}at /m)]);
});

it.each([
  ['generate', ['generate', '--calls', '1000000']],
  ['export', ['export', '--quiet', '--store', `sqlite:${sound}`]],
])('with 1 and no message: %s, which waits for its reader', async (_, args) => {
  expect(await endWithoutReader(args, true)).toEqual({ code: 1, stderr: '' });
});
