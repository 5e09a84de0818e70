/** The log of a server with workers: whoever answers tells of it, once. */
import { expect, it } from 'vitest';
import { development } from '../../src/auth/issuer/issuer.ts';
import type { LogLine } from '../support/log.ts';
import { startWorkersServer } from '../support/workers.ts';

const list = '/v1.0/communications/callRecords';
const token = `/${development.tenantId}/oauth2/v2.0/token`;

it('has one line a request, answered by a worker or sent on to the supervisor', async () => {
  const server = await startWorkersServer({ args: ['--log-level', 'debug'] });
  const form = new URLSearchParams({
    client_id: development.clientId,
    client_secret: development.clientSecret,
    grant_type: 'client_credentials',
    scope: 'https://graph.microsoft.com/.default',
  });
  const answers = [
    ...(await Promise.all(Array.from({ length: 6 }, () => server.get(list)))),
    await fetch(server.url + token, { method: 'POST', body: form }),
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
      'POST /{}/oauth2/v2.0/token 200',
    ].sort(),
  );
  expect(new Set(lines.map(({ requestId }) => requestId)).size).toBe(answers.length);
  const sent = lines.find(({ route }) => route === '/metrics')!['bytes'];
  expect(sent).toBeGreaterThan(sizes.at(-1)!);
});

it('tells nothing of requests unless it is asked to', async () => {
  const server = await startWorkersServer();
  expect((await server.get(list)).status).toBe(200);
  await server.stop();
  expect(server.stderr()).not.toContain('A request was answered.');
});
