/** `store info`, `copy` and `backup` as an operator meets them. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aRecord, participants } from '../support/records.ts';

const main = new URL('../../src/cli/main.ts', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
const path = (name: string) => join(folder, name);
const url = (name: string) => `sqlite:${path(name)}`;
afterAll(() => rmSync(folder, { recursive: true }));

function rollcall(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

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
      ...{ kind: 'sqlite', tenants: 1, calls: 300, participants: 900, incompleteCalls: 0 },
      oldestStartDateTime: '2026-03-02T10:00:00Z',
    });
    const tables = Object.values(info.tables).reduce((sum, bytes) => sum + bytes, 0);
    // All but free pages.
    expect(tables / info.bytes).toBeGreaterThan(0.9);
    expect((await rollcall('store', 'info', '--store', url('a.db'))).stdout).toMatch(/Calls +300\n/);
  });

  it('copies, and says that both are the same', async () => {
    const args = ['store', 'copy', '--from', url('a.db'), '--to', url('b.db')];
    const { code, stdout } = await rollcall(...args, '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { calls: 300, editions: 300, copied: 300, differences: 0 },
    ]);
    expect((await rollcall(...args)).stdout).toMatch(
      /0 of them copied now.*\nBoth stores are the same: \w{64}\n$/,
    );
    expect((await rollcall('verify', '--store', url('b.db'))).code).toBe(0);
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
    [[], 'store: say what: info, copy, backup.'],
    [['fly'], 'store fly: there is no such action. There are info, copy, backup.'],
    [['copy'], '--from: name a store.\n--to: name a store.'],
    [
      ['copy', '--from', 'mysql:x', '--to', 'sqlite:y'],
      '--from: sqlite:PATH, postgres://… or memory: is expected.',
    ],
    [['copy', '--from', 'sqlite:y', '--to', 'sqlite:y'], '--to: it is the store that --from names.'],
    [['copy', '--from', 'memory:', '--to', 'sqlite:FOLDER/none.db'], 'The source keeps nothing'],
    [['backup'], 'store backup FILE: name one file to write.'],
    [['backup', 'FOLDER/x.db', '--store', 'memory:'], '--store: only a sqlite: store is backed up so.'],
    [['info', '--store', 'memory:'], '--store: memory: keeps nothing to tell of.'],
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
      expect.stringContaining("The backup cannot be written to '/nowhere/b.db.part'"),
    ]);
    expect(existsSync('/nowhere')).toBe(false);
  });
});
