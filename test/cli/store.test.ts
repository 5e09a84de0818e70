/** `store info`, `copy` and `backup` as an operator meets them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { copy } from '../support/copied.ts';
import { aRecord, participants } from '../support/records.ts';
import { main, rollcall as run } from '../support/rollcall.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
const path = (name: string) => join(folder, name);
const url = (name: string) => `sqlite:${path(name)}`;
afterAll(() => rmSync(folder, { recursive: true }));

const rollcall = (...args: string[]) => run(args);

beforeAll(async () => {
  const records = Array.from({ length: 300 }, (_, i) =>
    JSON.stringify(aRecord(`call-${i}`, { participants_v2: participants(3) })),
  );
  writeFileSync(path('in.jsonl'), records.join('\n'));
  expect((await rollcall('import', path('in.jsonl'), '--store', url('a.db'))).code).toBe(0);
});

describe('store', () => {
  it('tells what a store holds and takes', async () => {
    const { stdout } = await rollcall('store', 'info', '--store', url('a.db'), '--json');
    const info = JSON.parse(stdout) as { bytes: number; tables: Record<string, number> };
    expect(info).toMatchObject({
      ...{ kind: 'sqlite', tenants: 1, calls: 300, participants: 900, sessions: 0, incompleteCalls: 0 },
      oldestStartDateTime: '2026-03-02T10:00:00Z',
    });
    const tables = Object.values(info.tables).reduce((sum, bytes) => sum + bytes, 0);
    // All but free pages.
    expect(tables / info.bytes).toBeGreaterThan(0.9);
    expect((await rollcall('store', 'info', '--store', url('a.db'))).stdout).toMatch(/Calls +300\n/);
    const one = ['store', 'info', '--store', url('a.db'), '--json', '--tenant', development.tenantId];
    expect(JSON.parse((await rollcall(...one)).stdout)).toEqual(info);
  });

  it('copies, and says that both are the same', async () => {
    const args = ['store', 'copy', '--from', url('a.db'), '--to', url('b.db')];
    const { code, stdout } = await rollcall(...args, '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { calls: 300, editions: 300, copied: 300, differences: 0 },
    ]);
    expect((await rollcall(...args)).stdout).toMatch(
      /0 of them copied now.*\nWhat was copied is the same in both: \w{64}\n$/,
    );
    expect((await rollcall('verify', '--store', url('b.db'))).code).toBe(0);
  });

  it('ends with 1 and names what is not the same in both', async () => {
    const args = ['store', 'copy', '--from', url('a.db'), '--to', url('spoilt.db')];
    expect((await rollcall(...args)).code).toBe(0);
    const spoiler = new DatabaseSync(path('spoilt.db'));
    spoiler.exec("UPDATE participant_block SET body = CAST('x' || substr(body, 2) AS BLOB) WHERE rowid = 7");
    spoiler.close();
    const { code, stdout, stderr } = await rollcall(...args, '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([1, { differences: 1 }]);
    const { error } = JSON.parse(stderr) as { error: { messages: string[] } };
    expect(error.messages).toEqual([
      expect.stringMatching(/^The call call-\d+ of tenant 1{8}-[-\d]+ differs\.$/),
      expect.stringMatching(/^The stores differ\./),
    ]);
  });

  it('ends with 3 where the source was written to meanwhile, and brings the rest when it is run again', async () => {
    const args = ['store', 'copy', '--from', url('growing.db'), '--to', url('grown.db'), '--json'];
    const add = (id: string) =>
      run(['import', '-', '--store', url('growing.db')], { input: `${JSON.stringify(aRecord(id))}\n` });
    await add('first');
    // The copy is stopped where it has written down how far the source goes.
    {
      await using from = openSqliteStore(path('growing.db'));
      await using to = openSqliteStore(path('grown.db'));
      const stop = new AbortController();
      const onProgress = () => stop.abort();
      await expect(copy(from, to, stop.signal, onProgress)).rejects.toThrow('aborted');
    }
    await add('second');
    const grown = await rollcall(...args);
    expect([grown.code, JSON.parse(grown.stdout)]).toMatchObject([3, { calls: 1, grown: true }]);
    expect(grown.stderr).toContain('Run the same command again to copy the rest.');
    const rest = await rollcall(...args);
    expect([rest.code, JSON.parse(rest.stdout)]).toMatchObject([0, { calls: 2, copied: 1, grown: false }]);
  });

  it.each([
    [['info', '--store', 'STORE'], '--store'],
    [['backup', 'FOLDER/no-backup.db', '--store', 'STORE'], '--store'],
    [['copy', '--from', 'STORE', '--to', 'sqlite:FOLDER/no-copy.db'], '--from'],
  ])('makes no store where there is none to read from: %j', async (args, option) => {
    const missing = path('missing.db');
    const { code, stderr } = await rollcall(
      'store',
      ...args.map((arg) => arg.replace('STORE', `sqlite:${missing}`).replace('FOLDER', folder)),
    );
    expect([code, stderr]).toEqual([
      2,
      `${option}: No store exists at '${missing}'. Name the store that you mean, or create one with import or sync.\n`,
    ]);
    expect(['missing.db', 'no-backup.db', 'no-copy.db'].filter((name) => existsSync(path(name)))).toEqual([]);
  });

  it.each(['info', 'copy', 'backup'])('%s refuses a store of a newer release', async (action) => {
    const newer = new DatabaseSync(path('newer.db'));
    newer.exec('PRAGMA application_id = 0x526f6c6c; PRAGMA user_version = 999');
    newer.close();
    const operands = {
      info: ['--store', url('newer.db')],
      copy: ['--from', url('a.db'), '--to', url('newer.db')],
      backup: [path('of-newer.db'), '--store', url('newer.db')],
    }[action]!;
    const { code, stderr } = await rollcall('store', action, ...operands);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('was created by a newer Rollcall (schema 999'),
    ]);
  });

  it('is not copied to itself by another name', async () => {
    symlinkSync(path('a.db'), path('link.db'));
    const { code, stderr } = await rollcall('store', 'copy', '--from', url('a.db'), '--to', url('link.db'));
    expect([code, stderr]).toEqual([
      2,
      '--to: this is the store of --from, or a backup of it. Name another store.\n',
    ]);
  });

  it('backs up a store that is being written to', async () => {
    const writer = spawn(process.execPath, [main, 'import', '-', '--store', url('a.db'), '--quiet']);
    const more = Array.from({ length: 3000 }, (_, i) =>
      JSON.stringify(aRecord(`more-${i}`, { participants_v2: participants(5) })),
    );
    writer.stdin.end(more.join('\n'));
    const { code, stdout } = await rollcall('store', 'backup', path('backup.db'), '--store', url('a.db'));
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^\d+ bytes in .*backup.db\.\n$/)]);
    if (writer.exitCode === null) await once(writer, 'exit');
    expect((await rollcall('verify', '--store', url('backup.db'))).code).toBe(0);
    const again = await rollcall('store', 'backup', path('backup.db'), '--store', url('a.db'));
    expect([again.code, again.stderr]).toEqual([
      2,
      `${path('backup.db')}: is there already; name another file.\n`,
    ]);
  });

  it.each([
    [[], 'store: say what: info, copy, backup, distribute.'],
    [['fly'], 'store fly: there is no such action. There are info, copy, backup, distribute.'],
    [['copy'], '--from: name a store.\n--to: name a store.'],
    [
      ['copy', '--from', 'mysql:x', '--to', 'sqlite:y'],
      '--from: sqlite:PATH, postgres://… or memory: is expected.',
    ],
    [['copy', '--from', 'sqlite:y', '--to', 'sqlite:y'], '--to: it is the store that --from names.'],
    [['copy', '--from', 'memory:', '--to', 'sqlite:FOLDER/none.db'], '--from: memory: keeps nothing;'],
    [['copy', '--from', 'sqlite:FOLDER/none.db', '--to', 'memory:'], '--to: memory: keeps nothing;'],
    [['backup'], 'store backup FILE: name one file to write.'],
    [['backup', 'FOLDER/x.db', '--store', 'memory:'], '--store: only a sqlite: store is backed up so.'],
    [['info', '--store', 'memory:'], '--store: memory: has no stored data to show.'],
  ])('refuses %j', async (args, says) => {
    const { code, stderr, stdout } = await rollcall(
      'store',
      ...args.map((arg) => arg.replace('FOLDER', folder)),
    );
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(says);
  });

  it('leaves no half of a backup where there is no folder for it', async () => {
    const { code, stderr } = await rollcall('store', 'backup', '/nowhere/b.db', '--store', url('a.db'));
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("Could not write the backup to '/nowhere/b.db.part'"),
    ]);
    expect(existsSync('/nowhere')).toBe(false);
  });
});
