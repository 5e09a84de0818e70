/** Tests that commands that read report a missing store and do not create it. */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { importLines } from '../support/filled-store.ts';
import { aRecord } from '../support/records.ts';
import { backupCommand, readingCommands } from '../support/reading-commands.ts';
import { rollcall } from '../support/rollcall.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
const mine = '33333333-3333-4333-8333-333333333333';
const theirs = '44444444-4444-4444-8444-444444444444';

const asked = [...readingCommands, backupCommand].map(
  ({ args, says }) => [args('STORE', 'OUT').join(' '), args, says] as const,
);

describe('a store that is not there', () => {
  it.each(asked)('is no store to %s', async (_, args, says) => {
    const empty = mkdtempSync(join(folder, 'empty-'));
    writeFileSync(join(empty, 'empty.db'), '');
    // A database of SQLite's with nothing in it.
    const blank = new DatabaseSync(join(empty, 'blank.db'));
    blank.exec('CREATE TABLE t (a); DROP TABLE t; VACUUM');
    blank.close();
    const before = readdirSync(empty);
    for (const name of ['missing.db', 'no-folder/missing.db', 'empty.db', 'blank.db']) {
      const path = join(empty, name);
      const { code, stdout, stderr } = await rollcall(args(`sqlite:${path}`, join(empty, 'out')));
      expect([name, code, says === 'stdout' ? stdout : stderr]).toEqual([
        name,
        2,
        expect.stringContaining(`No store exists at '${path}'.`),
      ]);
    }
    expect(readdirSync(empty)).toEqual(before);
    expect(statSync(join(empty, 'empty.db')).size).toBe(0);
  });
});

describe('a tenant of which there is nothing', () => {
  const path = join(folder, 'one.db');
  it.each([
    ['verify', 'stderr'],
    ['export', 'stderr'],
    ['export --call call', 'stderr'],
    ['find', 'stderr'],
    ['find --what sms', 'stderr'],
    ['show call', 'stderr'],
    ['retention --keep-days 30', 'stderr'],
    ['doctor', 'stdout'],
    ['store info', 'stderr'],
  ] as const)('is none to %s', async (command, says) => {
    if (!existsSync(path)) {
      await using store = openSqliteStore(path);
      await importLines(store, mine, [JSON.stringify(aRecord('call'))]);
    }
    const run = await rollcall([...command.split(' '), '--store', `sqlite:${path}`, '--tenant', theirs]);
    expect([run.code, run[says]]).toEqual([
      2,
      expect.stringContaining(
        `--tenant: the store holds nothing of '${theirs}'. It has calls of one tenant: ${mine}.`,
      ),
    ]);
    const known = await rollcall([
      ...command.split(' '),
      ...['--store', `sqlite:${path}`, '--tenant', mine.toUpperCase()],
    ]);
    expect(known.code).not.toBe(2);
  });
});

it('verify says that nothing was checked where nothing is stored', async () => {
  const path = join(folder, 'no-calls.db');
  await openSqliteStore(path)[Symbol.asyncDispose]();
  const { code, stdout } = await rollcall(['verify', '--quiet', '--store', `sqlite:${path}`]);
  expect([code, stdout]).toEqual([3, expect.stringContaining('No calls are stored: nothing was checked.')]);
  expect(stdout).not.toContain('Every checksum');
  const allowed = await rollcall(['verify', '--allow-empty', '--quiet', '--store', `sqlite:${path}`]);
  expect([allowed.code, allowed.stdout]).toEqual([0, expect.stringContaining('nothing was checked.')]);
});
