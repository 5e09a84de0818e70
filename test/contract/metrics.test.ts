/** `/metrics` itself: of the process, of readiness and of credentials; and the token that it may ask for. */
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { afterAll, describe, expect, it } from 'vitest';
import { createSelfSignedCertificate } from '../../src/serve/auth/certificate.ts';
import type { CredentialFile } from '../../src/serve/observe/expiry-metrics.ts';
import { version } from '../../src/base/version.ts';
import { rollcall } from '../support/rollcall.ts';
import { startTestServer, type TestServerOptions } from '../support/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-metrics-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function metricsOf(options: TestServerOptions): Promise<string> {
  await using server = await startTestServer(options);
  return await (await fetch(`${server.url}/metrics`)).text();
}

const valuesOf = (text: string, name: string) =>
  Object.fromEntries(
    [...text.matchAll(new RegExp(`^${name}(\\S*) (\\S+)$`, 'gm'))].map(([, labels, value]) => [
      labels!,
      Number(value),
    ]),
  );

it('names the release and Node.js, counts the process, and has its memory, time and event loop', async () => {
  const text = await metricsOf({});
  const node = process.versions.node;
  expect(valuesOf(text, 'rollcall_build_info')).toEqual({ [`{version="${version}",node="${node}"}`]: 1 });
  expect(valuesOf(text, 'rollcall_processes')).toEqual({ '{process="main"}': 1 });
  for (const name of [
    'process_resident_memory_bytes',
    'process_cpu_seconds_total',
    'process_start_time_seconds',
    'nodejs_heap_size_used_bytes',
  ])
    expect([name, valuesOf(text, name)['{process="main"}']]).toEqual([name, expect.any(Number)]);
  expect(text).toContain('nodejs_eventloop_lag_p99_seconds{process="main"}');
});

it('has each check of readiness', async () => {
  const text = await metricsOf({ authorities: [{ hasKeys: false }] });
  expect(valuesOf(text, 'rollcall_ready')).toEqual({ '{check="store"}': 1, '{check="authority"}': 0 });
});

it('has when credentials expire, of several of one kind the first, and the age of secrets', async () => {
  const { cert, key } = await createSelfSignedCertificate(['localhost'], new Date());
  const both = fileOf('both.pem', `${key}${cert}`);
  const sooner = fileOf('sooner.jwt', await assertion(2_000_000_000));
  const later = fileOf('later.jwt', `${await assertion(2_100_000_000)}\n`);
  const secret = fileOf('secret', 'hush');
  utimesSync(secret, 1_700_000_000, 1_700_000_000);
  const credentials: readonly CredentialFile[] = [
    { credential: 'client-certificate', kind: 'certificate', path: both },
    { credential: 'tls-cert', kind: 'certificate', path: '/nowhere', text: cert },
    { credential: 'client-assertion-file', kind: 'assertion', path: later },
    { credential: 'client-assertion-file', kind: 'assertion', path: sooner },
    { credential: 'client-secret-file', kind: 'secret', path: secret },
    { credential: 'sign-in-client-secret-file', kind: 'secret', path: '/nowhere' },
  ];
  const text = await metricsOf({ credentials });
  const expiry = valuesOf(text, 'rollcall_credential_expiry_timestamp_seconds');
  expect(expiry).toMatchObject({ '{credential="client-assertion-file"}': 2_000_000_000 });
  expect(expiry['{credential="client-certificate"}']).toBeGreaterThan(Date.now() / 1000);
  expect(expiry['{credential="tls-cert"}']).toBe(expiry['{credential="client-certificate"}']);
  expect(valuesOf(text, 'rollcall_secret_file_modified_timestamp_seconds')).toEqual({
    '{credential="client-secret-file"}': 1_700_000_000,
    '{credential="sign-in-client-secret-file"}': 0,
  });
  expect(text).not.toContain('hush');
  expect(text).not.toContain(folder);
});

it.each([
  ['a certificate', 'certificate'],
  ['an assertion', 'assertion'],
] as const)('has 0 for %s that is none', async (_, kind) => {
  const path = fileOf('other', 'neither\n');
  const text = await metricsOf({ credentials: [{ credential: 'x', kind, path }] });
  expect(valuesOf(text, 'rollcall_credential_expiry_timestamp_seconds')).toEqual({ '{credential="x"}': 0 });
});

function assertion(expires: number): Promise<string> {
  return new SignJWT({ exp: expires }).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.alloc(32));
}

describe('a server with a token for its metrics', () => {
  it('answers those that send it, and it alone', async () => {
    let token = 'first-token';
    await using server = await startTestServer({ metricsToken: () => Promise.resolve(token) });
    const ask = async (authorization?: string, method = 'GET') => {
      const headers = authorization === undefined ? {} : { authorization };
      const response = await fetch(`${server.url}/metrics`, { method, headers });
      return {
        status: response.status,
        challenge: response.headers.get('www-authenticate'),
        text: await response.text(),
      };
    };
    expect((await ask('Bearer first-token')).text).toContain('rollcall_calls');
    expect((await ask('bearer  first-token', 'HEAD')).status).toBe(200);
    const graph = `Bearer ${await server.token()}`;
    for (const sent of [
      undefined,
      '',
      'Bearer',
      'Bearer other-token',
      'Bearer first-token-and-more',
      'Basic first-token',
      graph,
    ]) {
      const refused = await ask(sent);
      expect([sent, refused.status, refused.challenge]).toEqual([
        sent,
        401,
        'Bearer realm="rollcall metrics"',
      ]);
      expect(refused.text).not.toContain('rollcall_calls');
      expect(refused.text).not.toContain('first-token');
    }
    expect((await ask('Bearer first-token', 'POST')).status).toBe(405);
    token = 'second-token';
    expect([(await ask('Bearer first-token')).status, (await ask('Bearer second-token')).status]).toEqual([
      401, 200,
    ]);
    // What tells whether it runs needs none.
    expect([
      (await fetch(`${server.url}/healthz`)).status,
      (await fetch(`${server.url}/readyz`)).status,
    ]).toEqual([200, 200]);
    expect(server.defects).toEqual([]);
  });

  it.each([
    ['cannot be read', () => join(folder, 'nowhere')],
    ['cannot be read', () => folder],
    ['holds no token', () => fileOf('token', '')],
    ['holds no token', () => fileOf('token', 'two words')],
    ['holds no token', () => fileOf('token', 'two\nlines')],
    ['holds no token', () => fileOf('token', 'naïve')],
  ])('does not start with a file that %s', async (says, path) => {
    const args = ['--authority', 'https://login.example', '--metrics-token-file', path()];
    const { code, stderr } = await rollcall(['serve', ...args]);
    expect([code, stderr.split(': ')[0]]).toEqual([2, '--metrics-token-file']);
    expect(stderr).toContain(says);
    expect(stderr).not.toContain('two');
  });
});

it('a port for health that is the port of the API is refused', async () => {
  const args = ['--authority', 'https://login.example', '--port', '7700', '--health-port', '7700'];
  const { code, stderr } = await rollcall(['serve', ...args]);
  expect([code, stderr]).toEqual([2, '--health-port: 7700 is --port too. Name another, or 0 to pick one.\n']);
  const ofSync = ['sync', '--upstream', 'http://127.0.0.1:1', '--port', '7700', '--health-port', '7700'];
  const listening = await rollcall([...ofSync, '--notification-url', 'https://calls.example']);
  expect(listening.stderr).toBe(stderr);
  // Without a listener --port is left alone.
  const alone = await rollcall([...ofSync, '--reconcile-minutes', '0']);
  expect([alone.code, alone.stderr.split(':')[0]]).toEqual([2, '--reconcile-minutes']);
});
