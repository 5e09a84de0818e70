/** Processes that send through a proxy by the variables of Node: sync, doctor, and serve with its authority and webhooks. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { startConnectProxy } from '../support/connect-proxy.ts';
import { startReceiver } from '../support/receiver.ts';
import { aRecord } from '../support/records.ts';
import { rollcall } from '../support/rollcall.ts';
import { startEmulator, type TestEmulator } from '../support/emulator.ts';
import { startWorkersServer } from '../support/workers.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-proxy-'));
let upstream: TestEmulator;
beforeAll(async () => {
  upstream = await startEmulator();
  const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000).toISOString();
  await upstream.import([
    aRecord('call', { startDateTime: at(90), endDateTime: at(60), participants_v2: [] }),
  ]);
});
afterAll(async () => {
  await upstream.stop();
  rmSync(folder, { recursive: true });
});

const proxied = (url: string) => ({ NODE_USE_ENV_PROXY: '1', HTTP_PROXY: url, HTTPS_PROXY: url });
const withPassword = (url: string, password: string) => url.replace('//', `//rollcall:${password}@`);

it('sync keeps what upstream has, with the password of the proxy', async () => {
  await using proxy = await startConnectProxy([], 0, { leadsHere: true, credentials: 'rollcall:pass' });
  const args = [
    'sync',
    '--once',
    '--store',
    'memory:',
    '--upstream',
    upstream.url,
    '--logs',
    'none',
    '--json',
  ];
  const environment = proxied(withPassword(proxy.url, 'pass'));
  const { code, stdout } = await rollcall(args, { environment });
  expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ records: 1 })]);
  expect(new Set(proxy.opened)).toEqual(new Set([new URL(upstream.url).host]));
});

it('doctor names a proxy that refuses, without its password; the metadata service is asked directly', async () => {
  await using proxy = await startConnectProxy([], 0, { always: 403 });
  const environment = proxied(withPassword(proxy.url, 'hush'));
  const store = `sqlite:${join(folder, 'none.db')}`;
  const args = ['doctor', '--store', store, '--upstream', upstream.url, '--json'];
  const says = async (...more: string[]) => {
    const { stdout, stderr } = await rollcall([...args, ...more], {
      environment: { ...environment, AZURE_POD_IDENTITY_AUTHORITY_HOST: imdsUrl },
    });
    expect(stdout + stderr).not.toContain('hush');
    const { findings } = JSON.parse(stdout) as { findings: { about: string; says: string }[] };
    return findings.filter(({ about }) => about === 'upstream').map(({ says }) => says);
  };
  const asked: unknown[] = [];
  const imds = createServer((request, response) => {
    asked.push(request.headers['metadata']);
    response.end('{"access_token":"token"}');
  });
  await new Promise<void>((resolve) => imds.listen(0, '127.0.0.1', resolve));
  const imdsUrl = `http://127.0.0.1:${(imds.address() as AddressInfo).port}`;
  const refused = `(the proxy ${proxy.url} refused the connection (status 403))`;
  expect(await says()).toEqual([expect.stringContaining(refused)]);
  expect(asked).toEqual([]);
  expect(await says('--managed-identity', 'system')).toEqual([expect.stringContaining(refused)]);
  expect(asked).toEqual(['true']);
  imds.close();
});

it('serve fetches keys and delivers notifications through it', { timeout: 60_000 }, async () => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'hooks.example' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'hooks.example' }] }],
  });
  writeFileSync(join(folder, 'ca.pem'), cert);
  await using receiver = await startReceiver({ tls: { cert, key } });
  const { port } = new URL(receiver.url);
  await using proxy = await startConnectProxy(['hooks.example'], Number(port), { leadsHere: true });
  await using server = await startWorkersServer({
    environment: { ...proxied(proxy.url), NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') },
  });
  const subscribe = async (notificationUrl: string) => {
    const response = await server.send('POST', '/v1.0/subscriptions', {
      ...{ changeType: 'created', notificationUrl, resource: 'communications/callRecords' },
      expirationDateTime: new Date(Date.now() + 3600_000).toISOString(),
    });
    return response.status;
  };
  expect(await subscribe(`https://127.0.0.1:${port}/hook`)).toBe(400);
  expect(await subscribe('https://hooks.example/hook')).toBe(201);
  await server.import([aRecord('call', { participants_v2: [] })], development.tenantId);
  await receiver.arrived(1);
  expect(receiver.notifications().map(({ resource }) => resource)).toEqual([
    'communications/callRecords/call',
  ]);
  const hosts = new Set(proxy.opened);
  expect([hosts.has('hooks.example:443'), hosts.has(`127.0.0.1:${port}`), proxy.refused]).toEqual([
    true,
    false,
    [],
  ]);
  // The authority of the test is on this machine.
  expect([...hosts].filter((host) => host.startsWith('127.0.0.1:'))).toHaveLength(1);
});
