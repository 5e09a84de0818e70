/** Killed or told to stop at any moment and run again, an import ends where an undisturbed one ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it, vi } from 'vitest';
import { defaultGenerateOptions, generateLines } from '../../src/emulator/generate/generate.ts';
import { fraction, randomFor } from '../../src/emulator/generate/random.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { blockText } from '../../src/wire/text/block-text.ts';
import { longestMs, often, testSeed } from '../support/often.ts';

const tenantId = defaultGenerateOptions.tenantId;
const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
const lines = [
  ...generateLines({
    ...defaultGenerateOptions,
    calls: often(400, 2000),
    largest: often(300, 800),
    media: false,
  }),
];
const file = join(folder, 'records.jsonl');
writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Runs an import; kills it after so many milliseconds. */
function runImport(store: string, killAfterMs?: number): Promise<NodeJS.Signals | number | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, 'import', file, '--quiet', '--store', `sqlite:${store}`], {
      stdio: 'ignore',
    });
    const timer =
      killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      resolve(signal ?? code);
    });
  });
}

/** Everything of every call, as it would be served. */
async function contents(path: string): Promise<string[]> {
  await using store = openSqliteStore(path);
  const ids = [...new Set(lines.map((line) => (JSON.parse(line) as { id: string }).id))];
  const found: string[] = [];
  for (const id of ids) {
    const edition = (await store.edition(tenantId, id))!;
    const { digest, version, participants, sessions } = edition;
    const block = await store.participantsBlock(edition, 0);
    found.push(
      [id, digest, version, participants?.count, sessions?.count, block && blockText(block).toString()].join(
        ' ',
      ),
    );
  }
  found.push(JSON.stringify(await store.totals()));
  return found;
}

const kills = often(2, 6);
/** So many imports and two whole ones, each a process. */
const imports = { timeout: longestMs };

it(`ends the same after being killed at ${kills} moments (seed ${testSeed})`, imports, async () => {
  const clean = join(folder, 'clean.db');
  const begun = performance.now();
  expect(await runImport(clean)).toBe(0);
  const wholeMs = performance.now() - begun;
  const disturbed = join(folder, 'disturbed.db');
  const random = randomFor(testSeed, 'killed imports');
  const ends = [];
  for (let i = 0; i < kills; i++)
    ends.push(await runImport(disturbed, wholeMs * (0.1 + fraction(random) * 0.85)));
  expect(ends).toContain('SIGKILL');
  expect(await runImport(disturbed)).toBe(0);
  expect(await contents(disturbed)).toEqual(await contents(clean));
});

/** Told to stop when its store is there. */
async function stopImport(path: string, store: string) {
  const child = spawn(process.execPath, [main, 'import', path, '--quiet', '--store', `sqlite:${store}`]);
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
  await vi.waitFor(() => expect(existsSync(store)).toBe(true), { timeout: 20_000, interval: 5 });
  child.kill('SIGTERM');
  await once(child, 'close');
  return { code: child.exitCode, told };
}

it.each([
  ['a file', file],
  ['standard input that nobody writes to', '-'],
])('told to stop while it reads %s, it ends in order', imports, async (_, path) => {
  const store = join(folder, `stopped-${path === '-'}.db`);
  expect(await stopImport(path, store)).toEqual({
    code: 1,
    told: 'Stopped. Run the same command again to import the rest.\n',
  });
  if (path === '-') return;
  expect(await runImport(store)).toBe(0);
  expect(await contents(store)).toEqual(await contents(join(folder, 'clean.db')));
});
