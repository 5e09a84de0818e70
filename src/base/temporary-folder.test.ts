import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';

const home = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(home, { recursive: true }));
beforeEach(() => {
  for (const name of readdirSync(home)) rmSync(join(home, name), { recursive: true });
});

const source = new URL('temporary-folder.ts', import.meta.url).href;
/** Runs a separate process that creates a temporary folder below a separate `TMPDIR`. */
function made(end: string): { path: string; pid: number } {
  const script = `
    import { writeFileSync } from 'node:fs';
    import { makeTemporaryFolder } from '${source}';
    const folder = makeTemporaryFolder();
    writeFileSync(folder.path + '/file', '');
    console.log(folder.path);
    ${end}`;
  const { stdout, pid } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...process.env, TMPDIR: home },
    encoding: 'utf8',
  });
  return { path: stdout.trim(), pid };
}

it.each([
  ['ends', ''],
  ['removes it', 'folder.remove();'],
  ['exits', 'process.exit(3);'],
  ['throws', "throw new Error('defect');"],
])('is not left by a process that %s', (_name, end) => {
  const { path } = made(end);
  expect([path.startsWith(`${home}/rollcall-`), existsSync(path)]).toEqual([true, false]);
});

it('is removed by the next process when its process was killed, and no other folder is', () => {
  const { path } = made("process.kill(process.pid, 'SIGKILL');");
  expect(existsSync(join(path, 'file'))).toBe(true);
  const name = path.slice(home.length + 1);
  const alive = join(home, name.replace(/-\d+-(?=\w+$)/, `-${process.pid}-`));
  const elsewhere = join(home, name.replace(/^rollcall-\d+/, 'rollcall-1'));
  const link = join(home, `${name.slice(0, -6)}linked`);
  for (const folder of [alive, elsewhere]) mkdirSync(folder);
  writeFileSync(join(home, 'rollcall-other'), '');
  symlinkSync(elsewhere, link);
  made('');
  const kept = [alive, elsewhere, link, join(home, 'rollcall-other')];
  expect([existsSync(path), kept.map((one) => existsSync(one))]).toEqual([false, kept.map(() => true)]);
});
