/** The log of a server with workers: one line for each event, whichever process it happens in. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createIssuer, createIssuerKey } from '../../src/emulator/issuer/issuer.ts';
import { version } from '../../src/base/version.ts';
import type { LogLine } from '../support/log.ts';
import { startProcess, stop } from '../support/process.ts';
import { exchange } from '../support/raw-http.ts';
import { startPublishedAuthority } from '../support/published-authority.ts';
import { testTokens } from '../support/test-tokens.ts';
import { startWorkersServer } from '../support/workers.ts';

const list = '/v1.0/communications/callRecords';

it('has one line a request, answered by a worker or sent on to the supervisor', async () => {
  const server = await startWorkersServer({ args: ['--log-level', 'debug'] });
  const answers = [
    ...(await Promise.all(Array.from({ length: 6 }, () => server.get(list)))),
    await server.send('DELETE', '/v1.0/subscriptions/none'),
    await fetch(`${server.url}/metrics`),
  ];
  const sizes = await Promise.all(answers.map(async (answer) => (await answer.arrayBuffer()).byteLength));
  // A worker that ends has written what it had to say.
  await server.stop();
  const lines = server
    .stderr()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine)
    .filter(({ message }) => message === 'A request was answered.');
  const routes = lines.map(({ method, route, status }) => [method, route, status].join(' ')).sort();
  expect(routes).toEqual(
    [
      ...Array<string>(6).fill(`GET ${list} 200`),
      'GET /metrics 200',
      'DELETE /v1.0/subscriptions/{} 404',
    ].sort(),
  );
  expect(new Set(lines.map(({ requestId }) => requestId)).size).toBe(answers.length);
  const sent = lines.find(({ route }) => route === '/metrics')!['bytes'];
  expect(sent).toBeGreaterThan(sizes.at(-1)!);
});

it('has one line for a failure that every worker meets, and is ready when it is over', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-log-'));
  const issuer = await createIssuer(await createIssuerKey(), () => new Date());
  let isUp = false;
  await using authority = await startPublishedAuthority((path, origin) => {
    if (!isUp) return undefined;
    return path === '/keys'
      ? issuer.publicKeys
      : { issuer: `${origin}/{tenantid}/v2.0`, jwks_uri: `${origin}/keys` };
  });
  const token = await testTokens(issuer)({ origin: authority.url });
  const authorization = ['Authorization', `Bearer ${token}`] as const;
  const place = ['--store', `sqlite:${join(folder, 'store.db')}`, '--port', '0', '--json'];
  const args = ['serve', ...place, '--authority', authority.url, '--workers', '2'];
  await using server = startProcess(args, { environment: { ROLLCALL_LOG_FORMAT: 'json' } });
  const [, url = ''] = await server.said(/"listening":"(.*?)"/);
  const readyz = await fetch(`${url}/readyz`);
  expect([readyz.status, await readyz.json()]).toMatchObject([
    503,
    {
      ready: false,
      checks: [
        { about: 'store', state: 'well' },
        { about: 'authority', state: 'wrong' },
      ],
    },
  ]);
  const answers = Array.from({ length: 8 }, () => exchange(url, 'GET', list, [authorization]));
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(8).fill(503));
  isUp = true;
  await server.said(/The authority \S+ answers again/);
  // Each worker asks for itself.
  for (let ready = 0; ready < 20;) ready = (await fetch(`${url}/readyz`)).ok ? ready + 1 : 0;
  const answered = Array.from({ length: 8 }, () => exchange(url, 'GET', list, [authorization]));
  expect((await Promise.all(answered)).map(({ status }) => status)).toEqual(Array(8).fill(200));
  expect((await stop(server)).code).toBe(0);
  const lines = server
    .stderr()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LogLine);
  expect(lines.filter(({ requestId }) => requestId !== undefined).map(({ level }) => level)).toEqual([
    'error',
  ]);
  expect(lines.filter(({ message }) => message.includes(authority.url)).map(({ level }) => level)).toEqual([
    'error',
    'info',
  ]);
  rmSync(folder, { recursive: true });
});

describe('a server with a port for health', () => {
  it('logs at its start what it runs with, no request at the level info, and has the metrics of all of its processes there alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-health-'));
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, 'scrape-me\n');
    const own = ['--health-port', '0', '--metrics-token-file', tokenFile, '--sign-in-client-id', 'page'];
    await using server = await startWorkersServer({ args: own });
    const lines = server
      .stderr()
      .split('\n')
      .filter((line) => line.includes('rollcall serve listens.'));
    expect(lines).toHaveLength(1);
    const line = JSON.parse(lines[0]!) as LogLine;
    expect(line).toEqual({
      time: expect.any(String) as string,
      level: 'info',
      message: 'rollcall serve listens.',
      version,
      node: process.versions.node,
      store: expect.stringMatching(/^sqlite:.*store\.db$/) as string,
      listening: server.url,
      health: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
      workers: 2,
      authority: [expect.stringMatching(/^http:/) as string],
      audience: expect.arrayContaining(['https://graph.microsoft.com']) as string[],
      signIn: 'on',
      participants: 'reconciled',
      deprecated: 'as-before',
      proxy: 'none',
    });
    const health = line['health'] as string;
    const scrape = async (token: string) => {
      const response = await fetch(`${health}/metrics`, { headers: { authorization: `Bearer ${token}` } });
      return { status: response.status, text: await response.text() };
    };
    const statuses = async (url: string) =>
      Promise.all(['/metrics', '/healthz', '/readyz'].map(async (path) => (await fetch(url + path)).status));
    expect([await statuses(health), await statuses(server.url)]).toEqual([
      [401, 200, 200],
      [404, 200, 200],
    ]);
    expect((await scrape('guessed')).status).toBe(401);
    const before = (await scrape('scrape-me')).text;
    const processes = ['rollcall_processes{process="main"} 1', 'rollcall_processes{process="worker"} 2'];
    expect(before.split('\n')).toEqual(expect.arrayContaining(processes));
    expect(before).toMatch(/^rollcall_ready\{check="authority"\} 1$/m);
    expect((await server.get(list)).status).toBe(200);
    // A worker that has ended has no memory any more.
    process.kill(server.workers()[0]!, 'SIGKILL');
    await server.logged(/ended by SIGKILL/);
    let after = '';
    while (!after.includes(processes[1]!)) after = (await scrape('scrape-me')).text;
    const started = (text: string) =>
      Number(/^process_start_time_seconds\{process="worker"\} (\S+)$/m.exec(text)?.[1]);
    expect(started(after)).toBeGreaterThanOrEqual(started(before));
    await server.stop();
    expect(server.stderr()).not.toContain('scrape-me');
    expect(server.stderr()).not.toContain('A request was answered.');
    rmSync(folder, { recursive: true });
  });
});
