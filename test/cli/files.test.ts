/** Tests that a command ends with an error message, and never with a stack trace, when it cannot write a file. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main, rollcall } from '../support/rollcall.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
const full = join(folder, 'full');
const store = `sqlite:${join(folder, 'kept.db')}`;
const calls = join(folder, 'calls.jsonl');
const bad = join(folder, 'bad.jsonl');
const isRoot = process.getuid?.() === 0;

beforeAll(async () => {
  const { stdout } = await rollcall(['generate', '--calls', '300', '--until', '2026-11-01']);
  writeFileSync(calls, stdout);
  // Longer than a pipe holds.
  writeFileSync(bad, `${'x'.repeat(2 ** 20)}\n`);
  const ended = await rollcall(['import', calls, '--store', store, '--quiet']);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

async function failing(code: number, ...args: string[]): Promise<string> {
  const ended = await rollcall(args);
  expect(ended.stderr).not.toContain('\n    at ');
  expect(ended.code).toBe(code);
  return ended.stderr.trimEnd().split('\n').at(-1)!;
}

const freeSpace = 'the disk is full. Free some space and run the command again.';

describe.runIf(isRoot)('a disk that is full', () => {
  beforeAll(() => {
    mkdirSync(full);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', full]);
    return () => execFileSync('umount', [full]);
  });

  it('ends an import into a store there', async () => {
    expect(await failing(1, 'import', calls, '--store', `sqlite:${full}/a.db`, '--quiet')).toContain(
      'the disk is full',
    );
    for (const name of readdirSync(full)) rmSync(join(full, name));
  });

  it('ends an import whose rejected lines go there', async () => {
    expect(await failing(1, 'import', bad, '--store', store, '--quiet', '--rejects', `${full}/r`)).toBe(
      `Could not write the rejected lines to '${full}/r': ${freeSpace}`,
    );
    rmSync(`${full}/r`);
  });

  it('ends an export, which resumes when there is space', async () => {
    expect(await failing(1, 'export', '--store', store, '--quiet', '--out', `${full}/x`)).toBe(
      `Could not write '${full}/x.part': ${freeSpace} Run the same command again to continue.`,
    );
    for (const name of readdirSync(full)) rmSync(join(full, name));
  });

  it('ends a backup and leaves no file behind', async () => {
    expect(await failing(1, 'store', 'backup', '--store', store, '--quiet', `${full}/b.db`)).toContain(
      'the disk is full',
    );
    expect(readdirSync(full)).toEqual([]);
  });
});

describe.runIf(process.platform === 'linux')('a device that is full', () => {
  it('ends an import that writes its rejected lines to it', async () => {
    expect(await failing(1, 'import', bad, '--store', store, '--quiet', '--rejects', '/dev/full')).toBe(
      `Could not write the rejected lines to '/dev/full': ${freeSpace}`,
    );
  });

  it.each([['generate'], ['export', '--store', store], ['verify', '--store', store]])(
    'as standard output ends %s with a sentence',
    async (...args) => {
      const output = openSync('/dev/full', 'w');
      const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', output, 'pipe'] });
      closeSync(output);
      let text = '';
      child.stderr!.on('data', (piece: Buffer) => (text += piece.toString()));
      const [code] = (await once(child, 'close')) as [number];
      expect([code, text.trimEnd().split('\n').at(-1)]).toEqual([
        1,
        `Could not write to standard output: ${freeSpace}`,
      ]);
    },
  );
});

it.runIf(process.platform !== 'win32')(
  'a pipe that nobody reads slows an import, which stops at a signal',
  async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    const args = ['import', bad, '--store', store, '--quiet', '--rejects', pipe];
    const child = spawn(process.execPath, [main, ...args]);
    let text = '';
    child.stderr.on('data', (piece: Buffer) => (text += piece.toString()));
    await once(child.stderr, 'data');
    // It writes no more than the pipe takes: it runs until the signal.
    const ended = once(child, 'close');
    expect(
      await Promise.race([ended, new Promise((resolve) => setTimeout(() => resolve('waits'), 1500))]),
    ).toBe('waits');
    child.kill('SIGTERM');
    expect(await ended).toEqual([1, null]);
    expect(text).toContain('Stopped.');
    closeSync(reader);
  },
  60_000,
);

it.each([
  ['in a folder that is not there', join(folder, 'none', 'b.db')],
  ['below a file', join(folder, 'calls.jsonl', 'b.db')],
])('a backup %s ends with a sentence', async (_, path) => {
  expect(await failing(1, 'store', 'backup', '--store', store, path)).toContain(path);
});

describe('a path that is no file to write', () => {
  it.each([
    ['a folder', folder, 'it is a folder. Name a file in it.'],
    ['in a folder that is not there', join(folder, 'none', 'x'), 'there is no such file or folder.'],
    ['below a file', join(folder, 'calls.jsonl', 'x'), 'a part of the path is not a folder.'],
    ['with a name too long', join(folder, 'x'.repeat(300)), 'the name is too long.'],
  ])('%s', async (_, path, reason) => {
    expect(await failing(2, 'import', bad, '--store', store, '--rejects', path)).toContain(reason);
    expect(await failing(2, 'export', '--store', store, '--out', path)).toMatch(/^--out: /);
    expect(await failing(2, 'config', '--config', path)).toMatch(/^--config: /);
  });
});
