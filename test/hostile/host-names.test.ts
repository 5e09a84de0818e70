/** Tests that a web page of another site that uses DNS rebinding can neither read nor change anything of `dev`. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { controlRoutes } from '../../src/emulator/http/control-routes.ts';
import { subnetsOf } from '../../src/base/subnets.ts';
import { foreignHosts, ownHosts } from '../support/hostile-hosts.ts';
import { exchange } from '../support/raw-http.ts';
import { startDev, startEmulator, type TestEmulator } from '../support/emulator.ts';
import { often } from '../support/often.ts';

const tenant = `/${development.tenantId}`;
const api = [
  '/v1.0/',
  '/v1.0/$metadata',
  '/v1.0/$batch',
  '/v1.0/communications/callRecords',
  '/beta/subscriptions',
];
const issuer = ['token', 'authorize'].map((name) => `${tenant}/oauth2/v2.0/${name}`);
const discovery = [`${tenant}/v2.0/.well-known/openid-configuration`, `${tenant}/discovery/v2.0/keys`];
const own = ['/', '/status', '/assets/x.js', '/rollcall/me', '/rollcall/sign-in', '/rollcall/sign-out'];
const more = [
  '/rollcall/sign-in/development',
  '/rollcall/openapi.json',
  '/healthz',
  '/readyz',
  '/metrics',
  '/nothing',
];
const control = controlRoutes.map(({ template }) => `/rollcall/dev/${template.replaceAll(/\{\w+\}/g, 'x')}`);
const paths = [...api, ...issuer, ...discovery, ...own, ...more, ...control];

/** Everything a page could send besides. */
const asPage = fc.constantFrom<[string, string][]>(
  [],
  [['Content-Type', 'application/json']],
  [['Authorization', 'Bearer x']],
  [
    ['Origin', 'http://evil.example'],
    ['Access-Control-Request-Method', 'POST'],
  ],
  [['X-Forwarded-Host', 'localhost']],
  [['Forwarded', 'host=localhost']],
);

describe('dev', () => {
  let server: TestEmulator;
  beforeAll(async () => {
    server = await startEmulator({
      allowedHosts: ['calls.example', '10.1.2.3'],
      trustedProxies: subnetsOf(['127.0.0.1']),
      corsOrigins: ['*'],
    });
  });
  afterAll(() => server.stop());
  const ask = async (method: string, target: string, headers: readonly (readonly [string, string])[]) => {
    const { status, body } = await exchange(server.url, method, target, [
      ...headers,
      ['Content-Length', '0'],
    ]);
    return { status, body };
  };

  it('refuses every host that is not its own, for every path', async () => {
    const method = fc.constantFrom('GET', 'HEAD', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'PUT');
    await fc.assert(
      fc.asyncProperty(
        foreignHosts,
        ownHosts,
        method,
        fc.constantFrom(...paths),
        fc.constantFrom('header', 'target', 'proxy'),
        asPage,
        async (foreign, known, verb, path, where, page) => {
          const { status, body } =
            where === 'header'
              ? await ask(verb, path, [['Host', foreign], ...page])
              : where === 'target'
                ? await ask(verb, `http://${foreign}${path}`, [['Host', known], ...page])
                : await ask(verb, path, [
                    ['Host', known],
                    ['X-Forwarded-Host', foreign],
                  ]);
          expect([status, body.includes('--allow-host') || verb === 'HEAD']).toEqual([421, true]);
        },
      ),
      { numRuns: often(150, 600) },
    );
    expect(server.defects).toEqual([]);
  });

  it('accepts each of its own names, and those that it is configured with', async () => {
    const given = fc.constantFrom('calls.example', 'CALLS.example.:443', '10.1.2.3:80');
    await fc.assert(
      fc.asyncProperty(fc.oneof(ownHosts, given), async (host) => {
        const { status, body } = await ask('GET', discovery[0]!, [['Host', host]]);
        const { token_endpoint } = JSON.parse(body) as Record<string, string>;
        expect([status, token_endpoint]).toEqual([200, `http://${host}${issuer[0]!}`]);
      }),
      { numRuns: 60 },
    );
  });

  it('names the refused host and the remedy', async () => {
    const { body } = await ask('GET', '/', [['Host', 'rollcall:7655']]);
    expect((JSON.parse(body) as { error: object }).error).toMatchObject({
      code: 'BadRequest',
      message:
        "This server does not accept the host name 'rollcall'. Use localhost, or start the server with --allow-host rollcall.",
    });
  });

  it.each(['', '"', 'a b', '..', 'x:99999', 'user@localhost', 'localhost,evil.example'])(
    'refuses the host %j, which is none',
    async (host) => {
      expect((await ask('GET', '/healthz', [['Host', host]])).status).toBe(400);
    },
  );
});

describe('dev as a process', () => {
  it('refuses every name but those of its options', async () => {
    const args = ['--allow-host', 'rollcall', '--public-url', 'http://calls.example:7655'];
    await using server = await startDev('--store', 'memory:', '--no-generate', ...args);
    const status = async (method: string, target: string, host: string) =>
      (await exchange(server.url, method, target, [['Host', host]])).status;
    const targets: [string, string][] = [
      ['GET', '/v1.0/$metadata'],
      ['GET', '/metrics'],
      ['GET', '/rollcall/dev/clock'],
      ['POST', '/rollcall/dev/reset'],
      ['GET', discovery[0]!],
    ];
    for (const [method, target] of targets)
      for (const host of ['evil.example', 'calls.example.evil', '10.0.0.1'])
        expect(await status(method, target, host)).toBe(421);
    for (const [method, target] of targets)
      for (const host of ['localhost', '127.0.0.1:1', 'rollcall:7655', 'calls.example'])
        expect([200, 204]).toContain(await status(method, target, host));
  });
});
