/** `doctor` on the settings of `serve` and `sync`: each thing that it finds, broken and sound. */
import { chmodSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMovableClock } from '../../src/base/clock.ts';
import { checkAuthority } from '../../src/maintain/doctor/check-authority.ts';
import { checkClock } from '../../src/maintain/doctor/check-clock.ts';
import { checkCredentials } from '../../src/maintain/doctor/check-credentials.ts';
import { checkSecretMode } from '../../src/maintain/doctor/check-modes.ts';
import type { Finding } from '../../src/maintain/doctor/finding.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { startConnectProxy } from '../support/connect-proxy.ts';
import { type PublishedAuthority, startPublishedAuthority } from '../support/published-authority.ts';
import { rollcall } from '../support/rollcall.ts';

const tenantId = '33333333-3333-4333-8333-333333333333';
const folder = mkdtempSync(join(tmpdir(), 'rollcall-doctor-'));
const store = `sqlite:${join(folder, 'a.db')}`;
const clock = createMovableClock(new Date());
const key = { kty: 'RSA', kid: 'one', n: 'AQAB', e: 'AQAB' };
let authority: PublishedAuthority;
let published: Record<string, unknown>;
let keys: unknown;
beforeAll(async () => {
  await openSqliteStore(join(folder, 'a.db'))[Symbol.asyncDispose]();
  authority = await startPublishedAuthority((path, url) =>
    path === '/keys'
      ? keys
      : path.startsWith('/.well-known')
        ? { issuer: url, jwks_uri: `${url}/keys`, ...published }
        : undefined,
  );
  sound();
});
afterAll(async () => {
  await authority[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

function sound(): void {
  published = {};
  keys = { keys: [key] };
}

function fileOf(name: string, content: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

async function doctor(args: readonly string[], environment: Record<string, string> = {}) {
  const place = environment['ROLLCALL_STORE_FILE'] === undefined ? ['--store', store] : [];
  const { code, stdout, stderr } = await rollcall(['doctor', '--json', ...place, ...args], {
    environment,
  });
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  for (const { state, remedy } of findings) expect(remedy === undefined).toBe(state === 'well');
  return { code, findings, text: stdout + stderr };
}

const statesOf = (findings: readonly Finding[], about: string) =>
  findings.filter((one) => one.about === about).map(({ state, says }) => [state, says]);

describe('an authority', () => {
  it('that publishes what tokens are verified with is sound', async () => {
    sound();
    const { code, findings } = await doctor(['--authority', authority.url]);
    expect(code).toBe(0);
    expect(statesOf(findings, 'authority')).toEqual([
      ['well', `${authority.url} publishes the issuer ${authority.url}.`],
      ['well', `${authority.url} publishes 1 keys for verifying tokens.`],
    ]);
    expect(statesOf(findings, 'clock')).toEqual([['well', expect.stringContaining('s apart')]]);
    expect(statesOf(findings, 'audience')).toEqual([
      ['well', expect.stringContaining('https://graph.microsoft.com')],
    ]);
  });

  it.each<[string, () => void, 'wrong' | 'attention', string]>([
    ['has no issuer', () => (published = { issuer: undefined }), 'wrong', 'has no issuer'],
    ['has no URL of keys', () => (published = { jwks_uri: undefined }), 'wrong', 'has no keys'],
    [
      'has another issuer',
      () => (published = { issuer: 'https://other.example' }),
      'attention',
      'another issuer, https://other.example',
    ],
    ['has no keys', () => (keys = { keys: [] }), 'wrong', '/keys has no key for verifying tokens.'],
    [
      'has keys to encrypt alone',
      () => (keys = { keys: [{ ...key, use: 'enc' }, 7] }),
      'wrong',
      'has no key',
    ],
    ['answers an error for its keys', () => (keys = undefined), 'wrong', '/keys: HTTP 500.'],
    [
      'answers no JSON',
      () => (keys = '<html>sign in</html>'),
      'wrong',
      '/keys: the response is not a JSON object.',
    ],
  ])('that %s is named', async (_, breakIt, state, says) => {
    sound();
    breakIt();
    const { code, findings, text } = await doctor(['--authority', authority.url]);
    expect(code).toBe(state === 'wrong' ? 1 : 3);
    const found = findings.filter((one) => one.about === 'authority' && one.state !== 'well');
    expect(found.map((one) => one.state)).toEqual([state]);
    expect(found[0]?.says).toContain(says);
    expect(text).not.toContain('<html>');
  });

  it.each([
    [
      'refuses connections',
      'http://127.0.0.1:1/x',
      'http://127.0.0.1:1/x/.well-known/openid-configuration: connection refused, ECONNREFUSED.',
      'HTTPS_PROXY',
    ],
    [
      'has no address',
      'https://nowhere.invalid',
      'https://nowhere.invalid/.well-known/openid-configuration: ',
      'resolves names',
    ],
  ])('that %s is named with its URL and the cause', async (_, url, says, remedy) => {
    const { code, findings } = await doctor(['--authority', url]);
    const found = findings.find(({ about }) => about === 'authority');
    expect([code, found?.state]).toEqual([1, 'wrong']);
    expect(found?.says).toContain(says);
    expect(found?.remedy).toContain(remedy);
  });

  it('that is somewhere else answers 404, or speaks no TLS', async () => {
    const [found] = await checkAuthority({ url: `${authority.url}/nowhere` }, clock);
    expect(found).toMatchObject({
      state: 'wrong',
      says: expect.stringContaining('/nowhere/.well-known/openid-configuration: HTTP 500') as string,
    });
    const [plain] = await checkAuthority({ url: authority.url.replace('http:', 'https:') }, clock);
    expect(plain).toMatchObject({
      state: 'wrong',
      remedy: expect.stringContaining('NODE_EXTRA_CA_CERTS') as string,
    });
  });

  it('of sync is looked at too, and its token endpoint', async () => {
    sound();
    published = { issuer: undefined };
    const credential = ['--client-id', tenantId, '--client-secret-file', fileOf('secret', 'hush')];
    const { findings } = await doctor([
      '--tenant',
      tenantId,
      '--authority',
      authority.url,
      '--upstream',
      authority.url,
      ...credential,
    ]);
    expect(statesOf(findings, 'authority')).toEqual([
      [
        'wrong',
        `The authority: ${authority.url}/${tenantId}/v2.0/.well-known/openid-configuration: HTTP 500.`,
      ],
    ]);
    const tokenEndpoint = 'https://login.example/token';
    sound();
    published = { authorization_endpoint: `${authority.url}/a`, token_endpoint: `${authority.url}/t` };
    const elsewhere = await checkAuthority({ url: authority.url, tokenEndpoint }, clock);
    expect(elsewhere.find(({ state }) => state === 'attention')?.says).toBe(
      `Sync requests tokens at ${tokenEndpoint}, but ${authority.url} publishes ${authority.url}/t.`,
    );
  });

  it('is missing where serve has options and none is named', async () => {
    const { code, findings } = await doctor(['--audience', 'api://calls']);
    expect([code, statesOf(findings, 'authority')]).toEqual([
      1,
      [['wrong', 'serve needs the authority whose tokens it accepts.']],
    ]);
  });
});

describe('an audience', () => {
  // Nothing of Microsoft's is reached from here: what is looked at is the finding on the audience.
  const entra = ['--authority', `https://login.microsoftonline.com/${tenantId}/v2.0`];
  it.each([
    [[], '--audience: '],
    [['--audience', 'https://graph.microsoft.com'], 'only Graph can validate a token made for Graph'],
    [['--audience', 'api://calls/.default'], '--audience api://calls.'],
  ])('that cannot work is named: %j', async (args, says) => {
    const { code, findings } = await doctor([...entra, ...args]);
    const [[state, said] = []] = statesOf(findings, 'audience');
    expect([code, state]).toEqual([1, 'wrong']);
    expect(said).toContain(says);
  });

  it('of one’s own is sound', async () => {
    const { findings } = await doctor([...entra, '--audience', 'api://calls']);
    expect(statesOf(findings, 'audience')).toEqual([['well', 'Tokens for api://calls are accepted.']]);
  });
});

describe('sign-in', () => {
  const signIn = async (...args: string[]) => {
    sound();
    const { findings } = await doctor(['--authority', authority.url, ...args]);
    return statesOf(findings, 'sign-in');
  };
  const secret = () => ['--sign-in-client-secret-file', fileOf('sign-in', 'hush')];

  it('is half set, or its secret is not there', async () => {
    expect(await signIn(...secret())).toEqual([
      ['wrong', expect.stringContaining('--sign-in-client-id: is needed')],
    ]);
    expect(await signIn('--sign-in-client-id', 'page', '--sign-in-client-secret-file', '/nowhere')).toEqual([
      ['wrong', "--sign-in-client-secret-file: '/nowhere' cannot be read, or is empty."],
    ]);
    expect(await signIn('--sign-in-client-id', 'page', '--public-url', 'https://calls.example')).toEqual([
      ['attention', expect.stringContaining('no --sign-in-client-secret-file')],
      ['well', expect.any(String)],
    ]);
  });

  it('has a redirect URI that can be registered, or not', async () => {
    const page = ['--sign-in-client-id', 'page'];
    expect(await signIn(...page, ...secret(), '--public-url', 'https://calls.example/')).toEqual([
      ['well', 'The redirect URI to register is https://calls.example/rollcall/sign-in/callback.'],
    ]);
    expect(await signIn(...page, ...secret())).toEqual([
      ['attention', expect.stringContaining('no --public-url')],
    ]);
    expect(await signIn(...page, ...secret(), '--public-url', 'http://calls.example')).toEqual([
      ['wrong', expect.stringContaining('http://calls.example/rollcall/sign-in/callback is http')],
    ]);
    const tls = ['--tls-cert', fileOf('cert', ''), '--tls-key', fileOf('key', '')];
    expect(await signIn(...page, ...secret(), ...tls, '--public-url', 'http://localhost:7655')).toEqual([
      ['wrong', expect.stringContaining('--tls-cert')],
    ]);
  });

  it('has a certificate together with its key', async () => {
    const { findings } = await doctor(['--tls-cert', fileOf('cert', '')]);
    expect(findings.filter(({ about }) => about === 'tls')).toMatchObject([
      {
        state: 'wrong',
        says: '--tls-key: is missing. --tls-cert and --tls-key are needed together.',
        remedy: expect.stringContaining('certificate and its key') as string,
      },
    ]);
  });
});

it('files with secrets that every user may read are named, but those that a platform mounts', async () => {
  const open = fileOf('open', 'token-of-metrics', 0o644);
  const storeFile = fileOf('store', store, 0o604);
  const { code, findings } = await doctor(['--metrics-token-file', open]);
  expect([code, statesOf(findings, 'metrics')]).toEqual([
    3,
    [['attention', `Every user of this machine may read the token '${open}' (mode 0644).`]],
  ]);
  const variable = await doctor([], { ROLLCALL_METRICS_TOKEN_FILE: open, ROLLCALL_STORE_FILE: storeFile });
  expect(statesOf(variable.findings, 'configuration')).toEqual([
    ['attention', `Every user of this machine may read the secret '${storeFile}' (mode 0604).`],
  ]);
  const config = fileOf('config.json', '{"client-secret":"hush","upstream":"http://127.0.0.1:1"}', 0o644);
  const ofFile = await doctor(['--config', config, '--client-id', tenantId]);
  expect(statesOf(ofFile.findings, 'configuration')).toEqual([
    ['attention', `Every user of this machine may read the secret '${config}' (mode 0644).`],
  ]);
  expect(ofFile.text).not.toContain('hush');
  chmodSync(config, 0o640);
  const closed = await doctor(['--config', config, '--client-id', tenantId]);
  expect(statesOf(closed.findings, 'configuration')).toEqual([]);
  for (const path of ['/run/secrets/nothing', '/var/run/secrets/x', '/run/credentials/x'])
    expect(checkSecretMode('metrics', 'the token', path)).toEqual([]);
});

it.each([
  [30, 'well'],
  [-60, 'well'],
  [61, 'attention'],
  [-3600, 'attention'],
])('a clock that is %d s apart is %s', (seconds, state) => {
  const now = new Date('2026-11-02T12:00:00Z');
  const date = new Date(now.getTime() + seconds * 1000).toUTCString();
  expect(checkClock('the authority', date, now)).toMatchObject([
    {
      about: 'clock',
      state,
      says: expect.stringContaining(`are ${Math.abs(seconds)} s apart; up to 60 s`) as string,
    },
  ]);
  for (const none of [undefined, '', 'today']) expect(checkClock('upstream', none, now)).toEqual([]);
});

describe('credentials', () => {
  const now = new Date();
  const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000);
  const certificate = async (from: Date, to: Date) => {
    const made = await generate([{ name: 'commonName', value: 'app' }], {
      notBeforeDate: from,
      notAfterDate: to,
    });
    return { kind: 'certificateFile', path: fileOf('app.pem', made.private + made.cert) } as const;
  };
  const assertion = async (claims: object) => {
    const token = await new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.alloc(32));
    return { kind: 'assertionFile', path: fileOf('app.jwt', `${token}\n`) } as const;
  };
  const states = async (credentials: Parameters<typeof checkCredentials>[0]['credentials']) =>
    (await checkCredentials({ credentials }, now)).map(({ state }) => state);

  it('are good for long, for a while, not yet, or no more', async () => {
    expect(await states(await certificate(inDays(-1), inDays(100)))).toEqual(['well']);
    expect(await states(await certificate(inDays(-1), inDays(10)))).toEqual(['attention']);
    expect(await states(await certificate(inDays(1), inDays(100)))).toEqual(['wrong']);
    expect(await states(await certificate(inDays(-9), inDays(-1)))).toEqual(['wrong']);
    expect(await states(await assertion({ exp: Math.floor(inDays(1).getTime() / 1000) }))).toEqual(['well']);
    expect(await states(await assertion({ exp: Math.floor(inDays(-1).getTime() / 1000) }))).toEqual([
      'wrong',
    ]);
    expect(await states(await assertion({}))).toEqual([]);
  });

  it('of a file that is old, and of none that says nothing', async () => {
    const path = fileOf('old', 'hush');
    expect(await states({ kind: 'secretFile', path })).toEqual(['well']);
    utimesSync(path, inDays(-200), inDays(-200));
    const [found] = await checkCredentials({ credentials: { kind: 'secretFile', path } }, now);
    expect(found).toMatchObject({
      state: 'attention',
      says: expect.stringContaining('200 days ago') as string,
    });
    expect(await states({ kind: 'secret', secret: 'hush' })).toEqual([]);
    // What cannot be read is named where a token is requested with it.
    expect(await states({ kind: 'certificateFile', path })).toEqual([]);
    expect(await states({ kind: 'assertionFile', path: '/nowhere' })).toEqual([]);
  });

  it('of two kinds are one too many', async () => {
    const secret = fileOf('secret', 'hush');
    const args = ['--client-secret-file', secret, '--client-certificate', secret, '--client-id', tenantId];
    const { code, findings } = await doctor(['--upstream', 'http://127.0.0.1:1', ...args]);
    expect([code, statesOf(findings, 'configuration')]).toEqual([
      1,
      [
        [
          'wrong',
          expect.stringContaining('--client-secret-file, --client-certificate: one credential is enough'),
        ],
      ],
    ]);
  });
});

describe('a proxy of the environment', () => {
  const find = async (environment: Record<string, string>) =>
    statesOf((await doctor([], environment)).findings, 'proxy');

  it('is used and reached', async () => {
    await using proxy = await startConnectProxy([], 0);
    expect(
      await find({ NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: proxy.url.replace('//', '//me:hush@') }),
    ).toEqual([['well', `HTTPS_PROXY: ${proxy.url} accepts connections.`]]);
  });

  const malformed = 'is not an http or https URL';
  it.each<[Record<string, string>, readonly [string, string][]]>([
    [{ HTTPS_PROXY: 'http://me:hush@proxy.example' }, [['attention', 'HTTPS_PROXY: Node uses no proxy']]],
    [
      { https_proxy: 'me:hush@proxy.example:3128' },
      [
        ['attention', 'https_proxy: Node uses no proxy'],
        ['wrong', `https_proxy ${malformed}`],
      ],
    ],
    [
      { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: 'socks5://me:hush@proxy.example:1080' },
      [['wrong', `HTTPS_PROXY ${malformed}`]],
    ],
    [
      { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: 'http://me:hush@127.0.0.1:1' },
      [['wrong', 'HTTPS_PROXY: http://127.0.0.1:1 refuses connections (ECONNREFUSED)']],
    ],
    [{ NODE_USE_ENV_PROXY: '1' }, [['attention', 'no variable names a proxy']]],
  ])('is not: %j', async (environment, expected) => {
    const found = await find(environment);
    expect(found).toEqual(expected.map(([state, says]) => [state, expect.stringContaining(says) as string]));
    expect(JSON.stringify(found)).not.toContain('hush');
  });
});
