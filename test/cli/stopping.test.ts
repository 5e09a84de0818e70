/** Tests that a command stops at a signal, regardless of the processes at the other end of its pipes. */
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProcess, startProcess, stop } from '../support/process.ts';
import { rollcall } from '../support/rollcall.ts';

/** What is promised, in seconds (docs/operating.md). */
const promised = 20;

const folder = mkdtempSync(join(tmpdir(), 'rollcall-stopping-'));
afterAll(() => rmSync(folder, { recursive: true }));
const store = `sqlite:${join(folder, 'store.db')}`;
let lines = '';
beforeAll(async () => {
  lines = (await rollcall(['generate', '--calls', '150'])).stdout;
  await rollcall(['import', '--quiet', '--store', store, '-'], { input: lines });
}, 120_000);

describe('a command whose reader reads nothing', { timeout: 120_000 }, () => {
  it.each([
    ['export', ['export', '--quiet', '--format', 'jsonl', '--store', store]],
    ['generate', ['generate', '--calls', '100000']],
  ])('%s stops', async (_name, args) => {
    await using running = startProcess(args, { isUnread: true });
    // What a pipe holds is written; then it waits.
    await once(running.child.stdout!, 'readable');
    expect((await stop(running)).seconds).toBeLessThan(promised);
  });
});

describe('an import whose input never ends', { timeout: 120_000 }, () => {
  it.each([
    ['as lines', () => Buffer.from(lines)],
    ['cut in a line', () => Buffer.from(lines.slice(0, -100))],
    ['packed', () => gzipSync(lines).subarray(0, -2000)],
    ['that never began', () => Buffer.alloc(0)],
  ])('(%s) stops with what it took stored', async (name, input) => {
    const to = join(folder, `${name}.db`);
    await using running = startProcess(['import', '--store', `sqlite:${to}`, '-']);
    await begun(running, input(), to);
    const { code, signal, seconds } = await stop(running);
    expect({ code, signal }).toEqual({ code: 1, signal: null });
    expect(running.stderr()).toMatch(/Stopped\. The same command takes what is not there yet\.\n$/);
    expect(running.stderr()).not.toMatch(/^ {4}at /m);
    expect(seconds).toBeLessThan(promised);
  });
});

/** Resolves when a process has taken all the input, or waits for its first byte. */
async function begun({ child }: RunningProcess, input: Buffer, to: string): Promise<void> {
  if (input.length > 0) await new Promise((resolve) => child.stdin!.write(input, resolve));
  else while (!existsSync(to)) await new Promise((resolve) => setTimeout(resolve, 20));
}
