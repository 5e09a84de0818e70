/** `sync` as an operator meets it: what it tells, and how it ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main, rollcall } from '../support/rollcall.ts';
import { startStage, type TestStage } from '../support/stage.ts';

let upstream: TestStage;
beforeAll(async () => {
  upstream = await startStage();
});
afterAll(() => upstream.stop());

const sync = (...args: string[]) => rollcall(['sync', '--once', '--store', 'memory:', ...args]);

describe('sync --once', () => {
  const wrong = () => [
    ...['--upstream', upstream.url, '--client-id', '44444444-4444-4444-8444-444444444444'],
    ...['--client-secret', 'wrong'],
  ];
  const refused = /The authority refuses the credentials/g;

  it.each([[[]], [['--quiet']], [['--json']]])('tells a problem once with %j', async (more) => {
    const { code, stderr } = await sync(...wrong(), ...more);
    expect([code, stderr.match(refused)?.length]).toEqual([1, 1]);
    expect(stderr).not.toContain('wrong');
  });

  it('names every wrong address, and shows no password', async () => {
    const { code, stderr } = await sync(
      ...['--upstream', 'https://someone:hush@graph.example', '--authority', 'https://x@login.example'],
      ...['--notification-url', 'ftp://listener.example'],
    );
    const wanted = 'an http or https URL without a user name is expected.';
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `--upstream: ${wanted}\n--notification-url: ${wanted}\n--authority: ${wanted}\n`,
    });
  });

  it('takes plain http for this machine alone', async () => {
    const { code, stderr } = await sync(
      '--upstream',
      upstream.url,
      '--notification-url',
      'http://me.example',
    );
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: '--notification-url: http is for this machine alone; name an https URL.\n',
    });
  });
});

describe('sync --health-port', () => {
  it('answers /healthz and /readyz, and nothing else, until it is stopped', async () => {
    const args = ['--upstream', upstream.url, '--store', 'memory:', '--health-port', '0'];
    const child = spawn(process.execPath, [main, 'sync', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    const lines = createInterface({ input: child.stderr });
    const url = await new Promise<string>((resolve) =>
      lines.on('line', (line) => {
        const [, at] = / info  \/healthz and \/readyz: (http:\S+)$/.exec(line) ?? [];
        if (at !== undefined) resolve(at);
      }),
    );
    const ask = async (path: string) => (await fetch(url + path)).status;
    expect(await Promise.all(['/healthz', '/readyz', '/metrics', '/v1.0/'].map(ask))).toEqual([
      200, 200, 404, 404,
    ]);
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  it('says when something else listens there', async () => {
    const { port } = new URL(upstream.url);
    const args = ['--upstream', upstream.url, '--store', 'memory:', '--health-port', port];
    expect(await rollcall(['sync', ...args])).toMatchObject({
      code: 2,
      stderr: `127.0.0.1:${port}: something else listens there. Name another with --health-port, or 0 to pick one.\n`,
    });
  });
});
