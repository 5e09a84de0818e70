/** What sync proves itself with beside a secret and a certificate: another provider's token, and a managed identity. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { identityServiceBy } from '../../src/serve/run/identity-service.ts';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import type { Credentials } from '../../src/collect/sync/credentials.ts';
import { createTokens, type Tokens } from '../../src/collect/sync/tokens.ts';
import { createUpstreamHttp } from '../../src/collect/sync/upstream-http.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-credentials-'));
afterAll(() => rmSync(folder, { recursive: true }));
const tenantId = '33333333-3333-4333-8333-333333333333';
const clientId = '44444444-4444-4444-8444-444444444444';
const never = new AbortController().signal;

interface Asked {
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly form: URLSearchParams;
}
/** Stands for the authority and for the metadata service. */
let url: string;
let asked: Asked[] = [];
let answers: (readonly [status: number, body: unknown])[] = [];
const granted = (more: object = {}) =>
  [200, { token_type: 'Bearer', access_token: `token-${asked.length}`, expires_in: 3599, ...more }] as const;
const server = createServer((request, response) => {
  void (async () => {
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    const form = new URLSearchParams(Buffer.concat(pieces).toString());
    asked.push({ url: new URL(request.url!, url), headers: request.headers, form });
    const [status, body] = answers.shift() ?? granted();
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  })();
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());
beforeEach(() => {
  asked = [];
  answers = [];
});

const connection = createUpstreamHttp(systemClock, 1);
afterAll(() => connection.close());

function tokensOf(credentials: Credentials, tenant = tenantId, clock: Clock = systemClock): Tokens {
  const [upstream, authority] = [new URL('https://graph.microsoft.com'), new URL(url)];
  return createTokens({ upstream, authority, tenantId: tenant, clientId, credentials, connection, clock });
}

async function failureOf(tokens: Tokens): Promise<string> {
  return tokens.get(never).then(
    () => 'none',
    (error: unknown) => String(error),
  );
}

const jwt = (claims: object) =>
  [{ alg: 'RS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat('c2lnbmF0dXJl')
    .join('.');

it('is for the scope that is named, by each kind of credential', async () => {
  const [upstream, authority] = [new URL('https://calls.example'), new URL(url)];
  const service = identityServiceBy({ AZURE_POD_IDENTITY_AUTHORITY_HOST: url });
  for (const credentials of [
    { kind: 'secret', secret: 'hush' },
    { kind: 'managedIdentity', service, clientId: undefined },
  ] as const) {
    const scope = 'api://calls/.default';
    const options = { upstream, authority, scope, tenantId, clientId, credentials };
    await createTokens({ ...options, connection, clock: systemClock }).get(never);
  }
  const [ofSecret, ofIdentity] = asked as [Asked, Asked];
  expect(ofSecret.form.get('scope')).toBe('api://calls/.default');
  expect(ofIdentity.url.searchParams.get('resource')).toBe('api://calls');
});

describe("another provider's token", () => {
  const path = join(folder, 'federated');
  const federated = () => tokensOf({ kind: 'assertionFile', path });

  it('is sent in place of a secret, and read again for each token', async () => {
    const tokens = federated();
    for (const sub of ['first', 'second']) {
      writeFileSync(path, `\ufeff${jwt({ sub })}\n`);
      tokens.refused(await tokens.get(never));
    }
    expect(asked.map(({ url: { pathname }, form }) => [pathname, Object.fromEntries(form)])).toEqual(
      ['first', 'second'].map((sub) => [
        `/${tenantId}/oauth2/v2.0/token`,
        {
          client_id: clientId,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: jwt({ sub }),
          scope: 'https://graph.microsoft.com/.default',
          grant_type: 'client_credentials',
        },
      ]),
    );
  });

  it('stands for one application in several tenants', async () => {
    writeFileSync(path, jwt({ sub: 'shared' }));
    const other = '55555555-5555-4555-8555-555555555555';
    await federated().get(never);
    await tokensOf({ kind: 'assertionFile', path }, other).get(never);
    expect(asked.map(({ url: { pathname } }) => pathname.split('/')[1])).toEqual([tenantId, other]);
  });

  it.each<[string, string, () => void]>([
    ['there is no such file', 'missing', () => undefined],
    ['it is a folder', '.', () => undefined],
    ['it is empty', 'empty', () => writeFileSync(join(folder, 'empty'), ' \n')],
    [
      'it does not contain a token (JWT)',
      'text',
      () => writeFileSync(join(folder, 'text'), 'hush.hush.hush'),
    ],
    [
      'it does not contain a token (JWT)',
      'bytes',
      () => writeFileSync(join(folder, 'bytes'), Buffer.alloc(99, 0xff)),
    ],
    ['it is longer than 64 KiB', 'long', () => writeFileSync(join(folder, 'long'), 'x'.repeat(70_000))],
  ])('in a file that cannot be used is named with the file: %s', async (why, name, write) => {
    write();
    const failure = await failureOf(tokensOf({ kind: 'assertionFile', path: join(folder, name) }));
    expect(failure).toBe(
      `UpstreamFailure: The credential in '${join(folder, name)}' cannot be used: ${why}. Sync reads the file again at its next attempt.`,
    );
    expect(asked).toEqual([]);
  });

  it('that the application does not trust is refused by the code of the authority alone', async () => {
    writeFileSync(path, jwt({ sub: 'hush' }));
    answers = [[401, { error: 'invalid_client', error_description: 'AADSTS70021: No matching hush.' }]];
    const failure = await failureOf(federated());
    expect(failure).toMatch(/^UpstreamFailure: The authority rejected .*\(invalid_client, AADSTS70021\)$/);
    expect(failure).not.toMatch(/hush|eyJ/);
  });
});

describe('a managed identity', () => {
  /** Time that passes as soon as it is waited for. */
  function hurried() {
    const pauses: number[] = [];
    const clock: Clock = {
      now: () => new Date(),
      sleep: (ms, signal) => {
        // The client measures its own requests by the same clock.
        if (signal !== never) return systemClock.sleep(ms, signal);
        pauses.push(ms / 1000);
        return Promise.resolve();
      },
    };
    return { clock, pauses };
  }
  const imds = () => identityServiceBy({ AZURE_POD_IDENTITY_AUTHORITY_HOST: url });
  const ofSystem = (clock?: Clock) =>
    tokensOf({ kind: 'managedIdentity', service: imds(), clientId: undefined }, tenantId, clock);

  it('is asked for at the metadata service, for the upstream and of the identity that is named', async () => {
    await ofSystem().get(never);
    await tokensOf({ kind: 'managedIdentity', service: imds(), clientId }).get(never);
    const resource = encodeURIComponent('https://graph.microsoft.com/');
    const path = `/metadata/identity/oauth2/token?api-version=2018-02-01&resource=${resource}`;
    expect(asked.map(({ url: { pathname, search } }) => pathname + search)).toEqual([
      path,
      `${path}&client_id=${clientId}`,
    ]);
    expect(asked.map(({ headers }) => headers['metadata'])).toEqual(['true', 'true']);
  });

  it('is asked for at the endpoint of its host, with the header of that', async () => {
    const service = identityServiceBy({
      IDENTITY_ENDPOINT: `${url}/msi/token?format=json`,
      IDENTITY_HEADER: 'hush',
      AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://127.0.0.1:1',
    });
    const until = String(Math.floor(Date.now() / 1000) + 86_400);
    answers = [granted({ expires_in: undefined, expires_on: until })];
    const tokens = tokensOf({ kind: 'managedIdentity', service, clientId });
    await tokens.get(never);
    await tokens.get(never);
    const [{ url: sent, headers }, ...more] = asked as [Asked, ...Asked[]];
    expect([sent.pathname, Object.fromEntries(sent.searchParams), headers['x-identity-header']]).toEqual([
      '/msi/token',
      {
        format: 'json',
        'api-version': '2019-08-01',
        resource: 'https://graph.microsoft.com/',
        client_id: clientId,
      },
      'hush',
    ]);
    expect([headers['metadata'], more]).toEqual([undefined, []]);
  });

  it('is at the address of Azure where nothing else is named, and refuses variables that cannot be used', () => {
    expect(identityServiceBy({}).url.href).toBe(
      'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01',
    );
    const endpoint = { IDENTITY_ENDPOINT: 'http://127.0.0.1:1/token' };
    for (const [environment, says] of [
      [{ AZURE_POD_IDENTITY_AUTHORITY_HOST: 'imds' }, 'AZURE_POD_IDENTITY_AUTHORITY_HOST: an http or https'],
      [{ IDENTITY_ENDPOINT: 'http://u:hush@x', IDENTITY_HEADER: 'y' }, 'IDENTITY_ENDPOINT: an http or https'],
      [endpoint, 'IDENTITY_HEADER: is needed with IDENTITY_ENDPOINT.'],
      [{ ...endpoint, IMDS_ENDPOINT: 'http://127.0.0.1:2' }, 'identities of Azure Arc are not supported'],
      [{ ...endpoint, IDENTITY_SERVER_THUMBPRINT: 'aa' }, 'identities of Service Fabric are not supported'],
    ] as const)
      expect(() => identityServiceBy(environment)).toThrow(says);
  });

  it.each([
    [
      [404, 500, 503],
      [1, 2, 4],
    ],
    [
      [429, 429, 429, 429],
      [2, 4, 8, 16],
    ],
    [Array<number>(7).fill(410), Array<number>(7).fill(10)],
  ])('is asked for again after %j', async (statuses, pauses) => {
    answers = statuses.map((status) => [status, '<html>']);
    const time = hurried();
    expect(await ofSystem(time.clock).get(never)).toMatch(/^token-/);
    expect(time.pauses).toEqual(pauses);
  });

  it('that refuses for good is reported with the service and its code', async () => {
    const { clock, pauses } = hurried();
    answers = Array<[number, object]>(4).fill([503, {}]);
    expect(await failureOf(ofSystem(clock))).toBe(
      `UpstreamFailure: The managed identity service at ${url} cannot issue a token at the moment. Sync retries. (status 503)`,
    );
    expect(pauses).toEqual([1, 2, 4]);
    answers = [[400, { error: 'invalid_request', error_description: 'Identity not found: hush' }]];
    expect(await failureOf(ofSystem(clock))).toBe(
      `UpstreamFailure: The managed identity service at ${url} refused to issue a token. Check that a system-assigned identity is assigned to this machine or container. (status 400, invalid_request)`,
    );
    answers = [[403, 'hush']];
    const named = tokensOf({ kind: 'managedIdentity', service: imds(), clientId }, tenantId, clock);
    expect(await failureOf(named)).toContain(`the user-assigned identity ${clientId} is assigned`);
    const away = identityServiceBy({ AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://127.0.0.1:1' });
    expect(
      await failureOf(tokensOf({ kind: 'managedIdentity', service: away, clientId: undefined })),
    ).toMatch(
      /The managed identity service at http:\/\/127\.0\.0\.1:1 does not respond\. .* \(connection refused, ECONNREFUSED\)$/,
    );
  });

  it.each([['<html>'], [[]], [{ access_token: 7 }], [{ access_token: '' }], ['null']])(
    'whose answer is %j is reported as not understood',
    async (body) => {
      answers = [[200, body]];
      expect(await failureOf(ofSystem())).toContain(
        `The server at ${url}, used as the managed identity service`,
      );
    },
  );

  it('gives tokens of its own tenant alone', async () => {
    const token = (tid: string) => jwt({ tid, oid: 'hush' });
    answers = [granted({ access_token: token(clientId) })];
    expect(await failureOf(ofSystem())).toContain(
      `The managed identity does not belong to tenant ${tenantId}`,
    );
    answers = [granted({ access_token: token(tenantId.toUpperCase()) })];
    expect(await failureOf(ofSystem())).toBe('none');
  });
});
