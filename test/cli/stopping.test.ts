/** Tests that a command stops at a signal, regardless of the processes at the other end of its pipes. */
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
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
    expect(running.stderr()).toMatch(/Stopped\. Run the same command again to import the rest\.\n$/);
    expect(running.stderr()).not.toMatch(/^ {4}at /m);
    expect(seconds).toBeLessThan(promised);
  });
});

describe('Ctrl-C', { timeout: 120_000 }, () => {
  it('says what the command does, which then stops in order', async () => {
    const to = join(folder, 'interrupted.db');
    await using running = startProcess(['import', '--store', `sqlite:${to}`, '-']);
    await begun(running, Buffer.from(lines), to);
    const askedMs = performance.now();
    running.child.kill('SIGINT');
    await running.said(/Stopping after the current batch\. Press Ctrl-C again to stop at once\.\n/);
    expect(performance.now() - askedMs).toBeLessThan(1000);
    expect(await running.ended).toMatchObject({ code: 1, signal: null });
  });

  it('ends it at once the second time, with a request under way', async () => {
    await using running = startProcess([
      'dev',
      '--store',
      'memory:',
      '--port',
      '0',
      '--calls',
      '1',
      '--quiet',
    ]);
    const [, port] = await running.said(/listening on http:\/\/127\.0\.0\.1:(\d+)/);
    const client = connect(Number(port), '127.0.0.1');
    client.on('error', () => undefined); // the server ends
    client.write('POST /v1.0/$batch HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{');
    await once(client, 'ready');
    // A second SIGINT right after the first may be npm's copy of it.
    await new Promise((resolve) => setTimeout(resolve, 500));
    running.child.kill('SIGINT');
    await running.said(/Stopping after the requests that are under way\. Press Ctrl-C again/);
    await new Promise((resolve) => setTimeout(resolve, 400));
    const { code, seconds } = await stop(running, 'SIGINT');
    expect([code, seconds < 1]).toEqual([130, true]);
    client.destroy();
  });
});

/** Resolves when a process has taken all the input, or waits for its first byte. */
async function begun({ child }: RunningProcess, input: Buffer, to: string): Promise<void> {
  if (input.length > 0) await new Promise((resolve) => child.stdin!.write(input, resolve));
  else while (!existsSync(to)) await new Promise((resolve) => setTimeout(resolve, 20));
}
