/** The log of a server with workers: one line for each event, whichever process it happens in. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createIssuer, createIssuerKey } from '../../src/auth/issuer/issuer.ts';
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

it('logs no request at the level info', async () => {
  const server = await startWorkersServer();
  expect((await server.get(list)).status).toBe(200);
  await server.stop();
  expect(server.stderr()).not.toContain('A request was answered.');
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
