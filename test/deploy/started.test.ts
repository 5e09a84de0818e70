/**
 * serve and sync, started with the settings of each shipped deployment. Values that are replaced: where the authority and
 * upstream are, what the operator's secrets hold, and the ports.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createSelfSignedCertificate } from '../../src/serve/auth/certificate.ts';
import { locationOf, TestBrowser } from '../support/browser.ts';
import { freePort } from '../samples/shell.ts';
import { hasHelm, renderChart } from '../support/helm.ts';
import { startProcess, stop } from '../support/process.ts';
import { aRecord, aSession, participants } from '../support/records.ts';
import { rollcall, startHere } from '../support/rollcall.ts';
import { type ScriptedAuthority, startScriptedAuthority } from '../support/scripted-authority.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  composeFile,
  type Deployed,
  layOut,
  ofChart,
  ofCompose,
  ofSystemd,
  read,
  variablesIn,
} from './deployed.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-started-'));
afterAll(() => rmSync(folder, { recursive: true }));
const tenantId = '33333333-3333-4333-8333-333333333333';
const example = variablesIn(read('deploy/compose/env.example'));
const signIn = example['ROLLCALL_SIGN_IN_CLIENT_ID']!;
const rendered = (name: string, variant: string) =>
  ofChart(name, renderChart(parse(read(`deploy/helm/rollcall/ci/${variant}-values.yaml`)) as object));
/** As an operator changes a file of settings. */
const changed = (deployed: Deployed, environment: Record<string, string>): Deployed => ({
  ...deployed,
  environment: { ...deployed.environment, ...environment },
});

let authority: ScriptedAuthority;
let pem: { readonly cert: string; readonly key: string };
beforeAll(async () => {
  authority = await startScriptedAuthority({
    tenantId,
    clientId: signIn,
    published: { issuer: '{origin}/{tenantid}/v2.0' },
  });
  pem = await createSelfSignedCertificate(['127.0.0.1'], new Date());
});
afterAll(() => authority[Symbol.asyncDispose]());

/** What the secrets of the operator hold. */
function contentOf(path: string): string {
  if (path.endsWith('/store')) return `sqlite:${folder}/rollcall.db`;
  if (path.endsWith('.crt')) return pem.cert;
  if (path.endsWith('.key')) return pem.key;
  if (/\.pem$|certificate$/.test(path)) return `${pem.cert}\n${pem.key}`;
  // A token of another provider is a JWT.
  return path.endsWith('identity-token') ? 'e30.e30.c2ln' : `content-of-${path.split('/').at(-1)}`;
}

/** Status and body, over https with a certificate of another name too. */
function get(url: string, headers: Record<string, string> = {}): Promise<readonly [number, string]> {
  if (url.startsWith('http:'))
    return fetch(url, { headers }).then(async (response) => [response.status, await response.text()]);
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers, ca: pem.cert }, (response) => {
      let text = '';
      response.on('data', (piece: Buffer) => (text += piece.toString()));
      response.on('end', () => resolve([response.statusCode!, text]));
    });
    asked.on('error', reject).end();
  });
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const deployments: readonly Deployed[] = [
  ofCompose('serve', composeFile(example)),
  changed(ofSystemd('rollcall', ['sign-in']), { ROLLCALL_SIGN_IN_CLIENT_ID: signIn }),
  ...(hasHelm
    ? [
        changed(rendered('calls-serve', 'ingress'), { ROLLCALL_SIGN_IN_CLIENT_ID: signIn }),
        rendered('archive-serve', 'full'),
      ]
    : []),
];

interface Started {
  readonly stderr: () => string;
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** @returns the exit code */
  stop(): Promise<number | null>;
}

/** Starts it as a platform does, with as many workers as there are processors; SIGTERM stops it. */
function asProcess({ args }: Deployed, cwd: string, environment: Record<string, string>): Started {
  const started = startProcess(args, { cwd, environment });
  return { ...started, stop: async () => (await stop(started)).code };
}

/** Starts it in this process, with one worker; Node reads the proxy and more certificates only when it starts. */
function inProcess({ args }: Deployed, place: string, environment: Record<string, string>): Started {
  // By default a store is below the working folder.
  const store = 'ROLLCALL_STORE_FILE' in environment ? {} : { ROLLCALL_STORE: `sqlite:${place}/rollcall.db` };
  const more = { ...store, ...ownVariables(environment), ROLLCALL_WORKERS: '1' };
  return startHere(args, { environment: more });
}

/** Returns the variables that Rollcall reads. */
function ownVariables(environment: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => /^(ROLLCALL|AZURE)_/.test(name)));
}

describe.each(deployments)('$name', (deployed) => {
  const place = mkdtempSync(join(folder, 'deployed-'));
  const { environment } = deployed;
  const isTls = environment['ROLLCALL_TLS_CERT'] !== undefined;
  const hasToken = environment['ROLLCALL_METRICS_TOKEN_FILE'] !== undefined;
  let server: Started;
  let url: string;
  let health: string;
  beforeAll(async () => {
    const port = String(await freePort());
    health = `http://127.0.0.1:${port}`;
    const settings = {
      ...layOut(deployed, place, contentOf),
      // Entra's own hosts cannot be reached from a test.
      ROLLCALL_AUTHORITY: `${authority.url}/${tenantId}/v2.0`,
      // Nor is there the company's certificate, in an object that the values name.
      NODE_EXTRA_CA_CERTS: '',
      ROLLCALL_HOST: '127.0.0.1',
      ROLLCALL_PORT: '0',
      ROLLCALL_HEALTH_PORT: port,
    };
    server =
      deployed === deployments[0]
        ? asProcess(deployed, place, settings)
        : inProcess(deployed, place, settings);
    url = (await server.said(/rollcall listening on (\S+)/))[1]!;
  }, 60_000);
  afterAll(() => server.stop());

  const accessToken = (aud: string) =>
    authority.idToken({
      ...{ iss: `${authority.url}/${tenantId}/v2.0`, aud, ver: '2.0', idtyp: 'app' },
      ...{ azp: '55555555-5555-4555-8555-555555555555', nonce: undefined, name: undefined },
    });
  const calls = '/v1.0/communications/callRecords';

  it('accepts tokens for each of its audiences, and none for Graph', async () => {
    const named = environment['ROLLCALL_AUDIENCE']!.split(',');
    expect(named.length).toBeGreaterThan(0);
    for (const audience of named)
      expect((await get(url + calls, bearer(await accessToken(audience))))[0]).toBe(200);
    for (const audience of ['https://graph.microsoft.com', signIn])
      expect(await get(url + calls, bearer(await accessToken(audience)))).toEqual([
        401,
        expect.stringContaining('Invalid audience'),
      ]);
  });

  it('is alive and ready, on both ports, and has metrics on one', async () => {
    for (const at of [url, health])
      expect([(await get(`${at}/healthz`))[0], (await get(`${at}/readyz`))[0]]).toEqual([200, 200]);
    expect((await get(`${url}/metrics`))[0]).toBe(404);
    expect((await get(`${health}/metrics`))[0]).toBe(hasToken ? 401 : 200);
    const [status, text] = await get(`${health}/metrics`, bearer('content-of-metrics-token'));
    expect([status, text]).toEqual([200, expect.stringContaining('rollcall_')]);
  });

  it.skipIf(isTls)('lets a person sign in, who comes back to its public URL', async () => {
    const browser = new TestBrowser();
    const asked = new URL(locationOf(await browser.visit(`${url}/rollcall/sign-in?return=/calls`)));
    expect(asked.searchParams.get('client_id')).toBe(signIn);
    const redirect = new URL(asked.searchParams.get('redirect_uri')!);
    expect(redirect.href).toBe(`${environment['ROLLCALL_PUBLIC_URL']}/rollcall/sign-in/callback`);
    authority.expect(asked.searchParams.get('nonce')!);
    authority.claims = { iss: `${authority.url}/${tenantId}/v2.0` };
    const state = asked.searchParams.get('state')!;
    const back = await browser.visit(`${url}${redirect.pathname}?code=one&state=${state}`, {
      site: 'cross-site',
    });
    expect([back.status, locationOf(back)]).toEqual([303, '/calls']);
    expect([...browser.cookies.keys()]).toEqual(['__Host-rollcall-session']);
    expect(authority.asked.at(-1)!.get('client_secret')).toBe('content-of-sign-in-client-secret');
    const me = await browser.visit(`${url}/rollcall/me`, { site: 'same-origin' });
    expect(await me.json()).toMatchObject({ name: 'Ada Example', tenantId });
  });

  it('complains of nothing, and ends when it is stopped', async () => {
    expect(
      server
        .stderr()
        .split('\n')
        .filter((line) => /\b(warn|error)\b/.test(line)),
    ).toEqual([]);
    expect(await server.stop()).toBe(0);
  });
});

describe('sync', () => {
  let upstream: TestServer;
  /** Stands for the authority, and for the metadata service of a managed identity. */
  let tokens: Server;
  let given: (readonly [string, URLSearchParams])[] = [];
  let tokensUrl: string;
  let identityTenant = tenantId;
  beforeAll(async () => {
    upstream = await startTestServer();
    const startDateTime = new Date(Date.now() - 3_600_000).toISOString();
    const parts = { participants_v2: participants(2), sessions: [aSession('one')] };
    await upstream.import(
      [aRecord('call', { startDateTime, endDateTime: startDateTime, ...parts })],
      tenantId,
    );
    tokens = createServer((asked, response) => {
      void (async () => {
        const pieces: Buffer[] = [];
        for await (const piece of asked as AsyncIterable<Buffer>) pieces.push(piece);
        given.push([asked.url!, new URLSearchParams(Buffer.concat(pieces).toString())]);
        const [, first = ''] = asked.url!.split('/');
        // A managed identity is of one tenant; the authority is asked by a path that names the tenant.
        const access_token = await upstream.token({
          tenantId: first === 'metadata' ? identityTenant : first,
        });
        const body = { token_type: 'Bearer', access_token, expires_in: 3599, resource: 'any' };
        response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
      })();
    });
    await new Promise<void>((resolve) => tokens.listen(0, '127.0.0.1', resolve));
    tokensUrl = `http://127.0.0.1:${(tokens.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    tokens.close();
    await upstream.stop();
  });

  const credentials = ['client_secret', 'client_assertion'];
  const secret = ['client_secret=content-of-client-secret'];
  const certificate = ['client_assertion=…'];
  const assertion = ['client_assertion=e30.e30.c2ln'];
  const several = [
    'client_secret=content-of-33333333-3333-4333-8333-333333333333',
    ...certificate,
    ...assertion,
  ];
  const noSecret = { ...example, ROLLCALL_CLIENT_SECRET_FILE: '' };
  const client = '/etc/rollcall/client.pem';
  const compose = (variables: Record<string, string>, files: Record<string, undefined> = {}) =>
    ofCompose('sync', composeFile(variables), files);

  const kinds: readonly (readonly [string, Deployed, readonly string[]])[] = [
    ['compose with a secret', compose(example), secret],
    [
      'compose with a certificate',
      compose({ ...noSecret, ROLLCALL_CLIENT_CERTIFICATE: client }, { [client]: undefined }),
      certificate,
    ],
    ['compose with a managed identity', compose({ ...noSecret, ROLLCALL_MANAGED_IDENTITY: 'system' }), []],
    ['systemd with a secret', ofSystemd('rollcall-sync'), secret],
    ['systemd with a certificate', ofSystemd('rollcall-sync', ['certificate']), certificate],
    ...(hasHelm
      ? ([
          ['the chart with a secret', rendered('calls-sync', 'ingress'), secret],
          ['the chart with a certificate', rendered('archive-sync', 'full'), certificate],
          ['the chart with workload identity', rendered('calls-sync', 'workload-identity'), assertion],
          ['the chart with a managed identity', rendered('calls-sync', 'managed-identity'), []],
          ['the chart with several tenants', rendered('calls-sync', 'tenants'), several],
        ] as const)
      : []),
  ];

  it.each(kinds)('%s asks for its tokens, and fetches the calls', async (name, deployed, sent) => {
    given = [];
    const place = mkdtempSync(join(folder, 'sync-'));
    const isSeveral = deployed.environment['ROLLCALL_TENANTS'] !== undefined;
    identityTenant = isSeveral ? '77777777-7777-4777-8777-777777777777' : tenantId;
    const environment = {
      ...layOut(deployed, place, contentOf),
      ...(isSeveral ? {} : { ROLLCALL_TENANT: tenantId }),
      ROLLCALL_STORE: `sqlite:${place}/kept.db`,
      ROLLCALL_STORE_FILE: '',
      ROLLCALL_UPSTREAM: upstream.url,
      ROLLCALL_AUTHORITY: tokensUrl,
      ROLLCALL_NOTIFICATION_URL: '',
      ROLLCALL_HEALTH_PORT: '0',
      ROLLCALL_LOGS: 'none',
      ROLLCALL_KEEP_DAYS: '',
      AZURE_POD_IDENTITY_AUTHORITY_HOST: tokensUrl,
      NODE_USE_ENV_PROXY: '',
    };
    const { code, stderr } = await rollcall(['sync', '--once', '--quiet'], {
      environment: name === 'compose with a secret' ? environment : ownVariables(environment),
    });
    expect([stderr, code]).toEqual(['', 0]);
    const forms = given.flatMap(([, form]) => [...form].filter(([name]) => credentials.includes(name)));
    expect(forms.map(([name, text]) => `${name}=${text.startsWith('eyJ') ? '…' : text}`).sort()).toEqual(
      [...sent].sort(),
    );
    const managed = given.filter(([path]) => path.startsWith('/metadata/identity/oauth2/token'));
    expect(managed.length).toBe(isSeveral || sent.length === 0 ? 1 : 0);
    const { stdout } = await rollcall(['store', 'info', '--store', environment.ROLLCALL_STORE]);
    expect(stdout).toMatch(/^Calls +1$/m);
  });
});
