/** Where people sign in to develop: the authorization endpoint of the development issuer, and codes for ID tokens. */
import { createHash } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Clients, createClient } from '../../src/emulator/issuer/clients.ts';
import { development } from '../../src/base/development.ts';
import { systemClock } from '../../src/base/clock.ts';
import { locationOf, TestBrowser } from '../support/browser.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const { tenantId, clientId, clientSecret } = development;
const other = '33333333-3333-4333-8333-333333333333';
const redirectUri = 'http://localhost:1234/callback';
const verifier = 'v'.repeat(43);
let server: TestServer;
let base: string;
let now = new Date();
beforeAll(async () => {
  const clients = new Clients([createClient(other, { secrets: ['other'], tenants: [] })]);
  server = await startTestServer({
    clients,
    tokenClock: { ...systemClock, now: () => now },
  });
  base = `${server.url}/${tenantId}`;
});
beforeEach(() => {
  now = new Date();
});
afterAll(() => server.stop());

const good = {
  client_id: clientId,
  response_type: 'code',
  redirect_uri: redirectUri,
  scope: 'openid profile',
  state: 'state & more',
  nonce: 'nonce',
  code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  code_challenge_method: 'S256',
};
const authorizeUrl = (changes: Record<string, string> = {}) =>
  `${base}/oauth2/v2.0/authorize?${new URLSearchParams({ ...good, ...changes }).toString()}`;
const agree = async (person = 'developer') => new URL(await new TestBrowser().agree(authorizeUrl(), person));

async function exchange(changes: Record<string, string> = {}, code?: string): Promise<Response> {
  const form = {
    grant_type: 'authorization_code',
    client_id: clientId,
    code: code ?? (await agree()).searchParams.get('code')!,
    redirect_uri: redirectUri,
    code_verifier: verifier,
    ...changes,
  };
  return fetch(`${base}/oauth2/v2.0/token`, { method: 'POST', body: new URLSearchParams(form) });
}

describe('a person who agrees', () => {
  it('is sent back with a code and the state as it was', async () => {
    const back = await agree();
    expect(`${back.origin}${back.pathname}`).toBe(redirectUri);
    expect(Object.fromEntries(back.searchParams)).toEqual({
      code: expect.stringMatching(/^[\w-]{43}$/) as string,
      state: 'state & more',
    });
  });

  it('or not, is sent back without one', async () => {
    for (const person of ['', 'nobody'])
      expect(Object.fromEntries((await agree(person)).searchParams)).toEqual({
        error: 'access_denied',
        state: 'state & more',
      });
  });

  it('is not made to by another site', async () => {
    const response = await new TestBrowser().visit(authorizeUrl(), {
      method: 'POST',
      site: 'cross-site',
      form: { person: 'developer' },
    });
    expect([response.status, response.headers.has('location')]).toEqual([200, false]);
  });

  it.each<[string, Record<string, string>]>([
    ['The client_id names no application', { client_id: 'x' }],
    ['The client_id names no application', { client_id: other }],
    ['The redirect_uri must be', { redirect_uri: 'https://evil.example/' }],
    ['The redirect_uri must be', { redirect_uri: 'http://localhost.evil.example/' }],
    ['The redirect_uri must be', { redirect_uri: 'javascript:alert(1)' }],
    ['The redirect_uri must be', { redirect_uri: '' }],
    ['The redirect_uri must be', { redirect_uri: `${redirectUri}#there` }],
    ['response_type', { response_type: 'token' }],
    ['response_type', { response_mode: 'fragment' }],
    ['openid', { scope: 'profile' }],
    ['A code_challenge is needed', { code_challenge: 'short' }],
    ['A code_challenge is needed', { code_challenge_method: 'plain' }],
  ])('reads why not: %s %j', async (words, changes) => {
    const response = await fetch(authorizeUrl(changes), { redirect: 'manual' });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(words);
  });

  it('reads why not where a parameter is given twice, or the tenant is none', async () => {
    const twice = await fetch(`${authorizeUrl()}&redirect_uri=https://evil.example`);
    expect([twice.status, await twice.text()]).toEqual([400, expect.stringContaining('given twice')]);
    const common = await fetch(authorizeUrl().replace(tenantId, 'common'));
    expect([common.status, await common.text()]).toEqual([400, expect.stringContaining('tenant id')]);
  });

  it('is shown what the request said as text alone', async () => {
    const response = await fetch(authorizeUrl({ state: '"><script>alert(1)</script>' }));
    expect(await response.text()).not.toContain('<script');
  });
});

describe('a code', () => {
  it('is exchanged for an ID token that names the person, with the keys that are published', async () => {
    const response = await exchange({ client_secret: clientSecret });
    const { id_token: idToken, ...rest } = (await response.json()) as Record<string, unknown>;
    expect(rest).toEqual({
      token_type: 'Bearer',
      scope: 'openid profile',
      expires_in: 3599,
      ext_expires_in: 3599,
      access_token: expect.any(String) as string,
    });
    const keys = createRemoteJWKSet(new URL(`${base}/discovery/v2.0/keys`));
    const { payload } = await jwtVerify(String(idToken), keys, {
      issuer: `${base}/v2.0`,
      audience: clientId,
    });
    expect(payload).toMatchObject({
      nonce: 'nonce',
      tid: tenantId,
      name: 'Developer',
      preferred_username: 'developer@rollcall.invalid',
      roles: ['CallRecords.Read.All'],
    });
  });

  it('comes with an access token that the API refuses, for it is a person’s', async () => {
    const { access_token: token } = (await (await exchange()).json()) as { access_token: string };
    const headers = { authorization: `Bearer ${token}` };
    expect((await server.get('/v1.0/communications/callRecords', headers)).status).toBe(403);
  });

  it('is good once', async () => {
    const code = (await agree()).searchParams.get('code')!;
    expect((await exchange({}, code)).status).toBe(200);
    expect((await exchange({}, code)).status).toBe(400);
  });

  it('is good for ten minutes', async () => {
    const code = (await agree()).searchParams.get('code')!;
    now = new Date(now.getTime() + 600_000);
    expect((await exchange({}, code)).status).toBe(400);
  });

  it.each<[Record<string, string>, number, string]>([
    [{ code: 'x' }, 400, 'invalid_grant'],
    [{ code_verifier: 'w'.repeat(43) }, 400, 'invalid_grant'],
    [{ code_verifier: '' }, 400, 'invalid_grant'],
    [{ redirect_uri: 'http://localhost:1234/other' }, 400, 'invalid_grant'],
    [{ client_secret: 'wrong' }, 401, 'invalid_client'],
    [{ client_id: 'unknown' }, 400, 'unauthorized_client'],
  ])('is not exchanged with %j', async (changes, status, error) => {
    const response = await exchange(changes);
    expect([response.status, ((await response.json()) as { error: string }).error]).toEqual([status, error]);
  });

  it('is found by discovery', async () => {
    const response = await fetch(`${base}/v2.0/.well-known/openid-configuration`);
    expect(await response.json()).toMatchObject({
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      grant_types_supported: ['client_credentials', 'authorization_code'],
      // By which serve tells it from an authority.
      rollcall_development_issuer: true,
    });
  });
});

it('a browser that is sent on takes nothing of the address along', async () => {
  const browser = new TestBrowser();
  const answer = await browser.visit(authorizeUrl(), {
    method: 'POST',
    site: 'same-origin',
    form: { person: 'developer' },
  });
  expect(locationOf(answer)).toContain('code=');
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  expect(answer.headers.get('cache-control')).toContain('no-store');
});
