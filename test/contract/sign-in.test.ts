/** Signing in to the page, from end to end: a server, an authority, and what a browser keeps and sends. */
import { BlockList } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { locationOf, TestBrowser } from '../support/browser.ts';
import { aRecord, participants } from '../support/records.ts';
import { startScriptedAuthority, type ScriptedAuthority } from '../support/scripted-authority.ts';
import { startTestServer, type TestServer, type TestServerOptions } from '../support/server.ts';
import { signInWith } from '../support/sign-in.ts';

const { tenantId, clientId, clientSecret } = development;
const roll = '/v1.0/communications/callRecords/call/participants_v2';

async function startFilled(options: TestServerOptions): Promise<TestServer> {
  const server = await startTestServer(options);
  await server.import([aRecord('call', { participants_v2: participants(2) })]);
  return server;
}

/** The words of a page. */
async function wordsOf(response: Response): Promise<[number, string]> {
  const [, title = ''] = /<h1>([^<]*)<\/h1>/.exec(await response.text()) ?? [];
  return [response.status, title];
}

describe('signing in with the development issuer as the authority', () => {
  let issuer: TestServer;
  let server: TestServer;
  let browser: TestBrowser;
  beforeAll(async () => {
    issuer = await startTestServer();
    server = await startFilled({ signIn: signInWith(`${issuer.url}/${tenantId}/v2.0`) });
  });
  beforeEach(() => {
    browser = new TestBrowser();
  });
  afterAll(() => Promise.all([server.stop(), issuer.stop()]));

  const begin = async (path = '/rollcall/sign-in') => locationOf(await browser.visit(server.url + path));
  const signIn = async (person = 'developer', path?: string) =>
    browser.visit(await browser.agree(await begin(path), person), { site: 'cross-site' });

  it('goes to the authority and comes back to where it began, with a session', async () => {
    const asked = new URL(await begin('/rollcall/sign-in?return=/calls/a%3Fb'));
    expect(`${asked.origin}${asked.pathname}`).toBe(`${issuer.url}/${tenantId}/oauth2/v2.0/authorize`);
    expect(Object.fromEntries(asked.searchParams)).toEqual({
      client_id: clientId,
      response_type: 'code',
      response_mode: 'query',
      redirect_uri: `${server.url}/rollcall/sign-in/callback`,
      scope: 'openid profile',
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
      nonce: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge_method: 'S256',
    });
    const back = await browser.visit(await browser.agree(asked.href, 'developer'), { site: 'cross-site' });
    expect([back.status, locationOf(back)]).toEqual([303, '/calls/a?b']);
    expect([...browser.cookies.keys()]).toEqual(['rollcall-session']);
    const me = await browser.visit(`${server.url}/rollcall/me`, { site: 'same-origin' });
    expect(await me.json()).toEqual({
      name: 'Developer',
      tenantId,
      expiresDateTime: expect.stringMatching(/Z$/) as string,
      development: false,
    });
    expect((await browser.visit(server.url + roll, { site: 'same-origin' })).status).toBe(200);
    expect((await browser.visit(`${server.url}/rollcall/calls`, { site: 'same-origin' })).status).toBe(200);
    expect(server.defects).toEqual([]);
  });

  it('keeps cookies that no script reads and no other site sends', async () => {
    await signIn();
    expect(browser.received.map((line) => line.replace(/^([\w-]+)=[^;]*/, '$1=…'))).toEqual([
      'rollcall-sign-in=…; Path=/; Max-Age=600; HttpOnly; SameSite=Lax',
      'rollcall-session=…; Path=/; Max-Age=28800; HttpOnly; SameSite=Strict',
      'rollcall-sign-in=…; Path=/; Max-Age=0; HttpOnly; SameSite=Lax',
    ]);
    expect(Buffer.from(browser.cookies.get('rollcall-session')!, 'base64url').toString('latin1')).not.toMatch(
      /Developer|11111111/,
    );
  });

  it('ends with signing out, of its own page alone', async () => {
    await signIn();
    const session = browser.cookies.get('rollcall-session')!;
    const out = `${server.url}/rollcall/sign-out`;
    expect(await wordsOf(await browser.visit(out, { method: 'POST', site: 'cross-site' }))).toEqual([
      403,
      'The request came from another site',
    ]);
    expect((await browser.visit(out)).status).toBe(405);
    expect(browser.cookies.get('rollcall-session')).toBe(session);
    const gone = await browser.visit(out, { method: 'POST', site: 'same-origin' });
    expect([gone.status, locationOf(gone), browser.cookies.size]).toEqual([303, '/', 0]);
    const me = await browser.visit(`${server.url}/rollcall/me`);
    expect([me.status, await me.json()]).toEqual([401, { signIn: '/rollcall/sign-in', development: false }]);
  });

  it('refuses a person without the role, and offers another account', async () => {
    const refused = await signIn('visitor');
    const text = await refused.clone().text();
    expect(await wordsOf(refused)).toEqual([403, 'You may not see the calls']);
    expect(text).toContain('href="/rollcall/sign-in?account=choose"');
    expect(browser.cookies.size).toBe(0);
    const chosen = new URL(await begin('/rollcall/sign-in?account=choose'));
    expect(chosen.searchParams.get('prompt')).toBe('select_account');
  });

  it('says so when the person cancels', async () => {
    const cancelled = await signIn('');
    expect(await cancelled.clone().text()).not.toContain('access_denied');
    expect(await wordsOf(cancelled)).toEqual([403, 'You are not signed in']);
  });

  it('takes an answer once', async () => {
    const answer = await browser.agree(await begin(), 'developer');
    const kept = browser.cookies.get('rollcall-sign-in')!;
    expect((await browser.visit(answer)).status).toBe(303);
    expect(await wordsOf(await browser.visit(answer))).toEqual([400, 'No sign-in is in progress']);
    // As whoever copied the cookie would.
    browser.cookies.set('rollcall-sign-in', kept);
    expect(await wordsOf(await browser.visit(answer))).toEqual([400, 'This sign-in is already complete']);
  });

  it('takes the answer of the sign-in that this browser began, and of no other', async () => {
    const other = new TestBrowser();
    const foreign = await other.agree(await begin(), 'developer');
    const mine = await browser.agree(await begin(), 'developer');
    expect(await wordsOf(await new TestBrowser().visit(foreign))).toEqual([400, 'No sign-in is in progress']);
    expect(await wordsOf(await browser.visit(foreign))).toEqual([400, 'This answer is for another sign-in']);
    const wrong = new URL(mine);
    wrong.searchParams.set('state', 'x');
    expect(await wordsOf(await browser.visit(wrong.href))).toEqual([
      400,
      'This answer is for another sign-in',
    ]);
    wrong.searchParams.delete('state');
    expect(await wordsOf(await browser.visit(wrong.href))).toEqual([
      400,
      'This answer is for another sign-in',
    ]);
    expect((await browser.visit(mine)).status).toBe(303);
  });

  it('ends at the name of the server that it began at', async () => {
    const back = await browser.agree(await begin(), 'developer');
    const elsewhere = back.replace('127.0.0.1', 'localhost');
    expect(await wordsOf(await browser.visit(elsewhere))).toEqual([400, 'No sign-in is in progress']);
  });

  it('does not exchange the code of another sign-in: its verifier is another', async () => {
    const foreign = new URL(await browser.agree(await begin(), 'developer'));
    const mine = new URL(await browser.agree(await begin(), 'developer'));
    mine.searchParams.set('code', foreign.searchParams.get('code')!);
    expect(await wordsOf(await browser.visit(mine.href))).toEqual([
      400,
      'The code of the authority is not valid',
    ]);
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    '/.//evil.example',
    'https://evil.example',
    '/rollcall/sign-in',
  ])('does not return to %s', async (path) => {
    const response = await browser.visit(`${server.url}/rollcall/sign-in?return=${encodeURIComponent(path)}`);
    expect(await wordsOf(response)).toEqual([400, 'Invalid return address']);
    expect(browser.cookies.size).toBe(0);
  });

  it('answers with pages that run nothing, are kept nowhere, and say nothing of where they were', async () => {
    const { headers } = await browser.visit(`${server.url}/rollcall/sign-in/callback?code=secret&error=<b>`);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(headers.get('cache-control')).toContain('no-store');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('a session', () => {
  let server: TestServer;
  let browser: TestBrowser;
  let now = new Date();
  beforeAll(async () => {
    const person = { tenantId, subject: 'developer', name: 'Developer' };
    const signIn = { way: { kind: 'development', person }, kind: 'development', clock: () => now } as const;
    server = await startFilled({ signIn, corsOrigins: ['*'] });
  });
  beforeEach(async () => {
    now = new Date();
    browser = new TestBrowser();
    await browser.visit(`${server.url}/rollcall/sign-in/development`, {
      method: 'POST',
      site: 'same-origin',
    });
    expect(browser.cookies.size).toBe(1);
  });
  afterAll(() => server.stop());
  const statusOf = async (...[path, visit]: Parameters<TestBrowser['visit']>) =>
    (await browser.visit(server.url + path, visit)).status;

  it('reads its tenant, and no other', async () => {
    expect(await statusOf(roll, { site: 'same-origin' })).toBe(200);
    expect(await statusOf(roll, { site: 'none' })).toBe(200);
    await server.import([aRecord('foreign')], '99999999-9999-4999-8999-999999999999');
    expect(await statusOf('/v1.0/communications/callRecords/foreign', { site: 'same-origin' })).toBe(404);
  });

  it.each(['same-site', 'cross-site'] as const)('is not for %s pages', async (site) => {
    const response = await browser.visit(server.url + roll, { site });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: 'Forbidden' } });
  });

  it('is not for pages of another origin where the browser says no more than that', async () => {
    const ask = (origin: string) =>
      fetch(server.url + roll, {
        headers: { cookie: `rollcall-session=${browser.cookies.get('rollcall-session')}`, origin },
      });
    const refused = await ask('https://evil.example');
    expect(refused.status).toBe(403);
    expect(refused.headers.has('access-control-allow-credentials')).toBe(false);
    expect((await ask('null')).status).toBe(403);
    expect((await ask(server.url)).status).toBe(200);
  });

  it('changes nothing', async () => {
    const post = { method: 'POST', site: 'same-origin' } as const;
    expect(await statusOf('/v1.0/subscriptions', post)).toBe(403);
    expect(await statusOf('/v1.0/$batch', post)).toBe(403);
    expect(await statusOf('/rollcall/calls', post)).toBe(405);
  });

  it('or a token: both are told who they are', async () => {
    const ask = async (headers: Record<string, string>) => {
      const response = await fetch(`${server.url}/rollcall/me`, { headers });
      return [response.status, response.ok && ((await response.json()) as { name: string }).name];
    };
    const bearer = async (roles: string[]) => ({ authorization: `Bearer ${await server.token({ roles })}` });
    expect(await ask(await bearer(['CallRecords.Read.All']))).toEqual([200, clientId]);
    expect(await ask(await bearer([]))).toEqual([403, false]);
    expect(await ask({})).toEqual([401, false]);
  });

  it('counts for nothing beside a token, good or bad', async () => {
    const authorization = `Bearer ${await server.token({ roles: [] })}`;
    expect(await statusOf(roll, { headers: { authorization } })).toBe(403);
    expect(await statusOf(roll, { headers: { authorization: 'Bearer x' } })).toBe(401);
  });

  it('ends after eight hours, and is not prolonged', async () => {
    const began = now.getTime();
    now = new Date(began + 8 * 3600_000 - 2000);
    expect(await statusOf('/rollcall/me')).toBe(200);
    now = new Date(began + 8 * 3600_000 + 1000);
    expect(await statusOf('/rollcall/me')).toBe(401);
    expect(await statusOf(roll)).toBe(401);
  });

  it('is none when it was changed, is of another server, or is too long', async () => {
    const text = browser.cookies.get('rollcall-session')!;
    for (const wrong of [
      `${text}x`,
      text.slice(0, -1),
      text.replace(/.$/, 'é'),
      'x'.repeat(8000),
      '....',
      '=',
    ]) {
      browser.cookies.set('rollcall-session', encodeURI(wrong));
      expect(await statusOf(roll)).toBe(401);
    }
    await using other = await startTestServer({
      signIn: {
        way: { kind: 'development', person: { tenantId, subject: 'd', name: 'D' } },
        kind: 'development',
        clock: () => now,
      },
    });
    browser.cookies.set('rollcall-session', text);
    expect((await browser.visit(`${other.url}/rollcall/me`)).status).toBe(401);
  });

  it('is not begun from another site', async () => {
    const url = `${server.url}/rollcall/sign-in/development`;
    const post = { method: 'POST' } as const;
    expect((await browser.visit(url)).status).toBe(405);
    expect((await browser.visit(url, { ...post, site: 'cross-site' })).status).toBe(403);
    expect((await browser.visit(url, { ...post, site: 'none' })).status).toBe(403);
    expect((await fetch(url, post)).status).toBe(403);
    const page = await browser.visit(`${server.url}/rollcall/sign-in?return=/calls`);
    expect(await page.text()).toContain('action="/rollcall/sign-in/development?return=%2Fcalls"');
  });
});

describe('an authority', () => {
  let authority: ScriptedAuthority;
  let server: TestServer;
  let now = new Date();
  const allowedTenants = [tenantId];
  let answer: ScriptedAuthority['answer'];
  const startServer = () =>
    startTestServer({ signIn: signInWith(authority.url, { allowedTenants, clock: () => now }) });
  beforeAll(async () => {
    authority = await startScriptedAuthority({ tenantId, clientId });
    ({ answer } = authority);
    server = await startServer();
  });
  beforeEach(() => {
    now = new Date();
    Object.assign(authority, { answer, claims: {} });
    authority.asked.length = 0;
  });
  afterAll(() => Promise.all([server.stop(), authority[Symbol.asyncDispose]()]));

  /** Signs in with whatever the authority says. */
  async function outcome(
    more: Record<string, string> = { code: 'code' },
    at = server,
  ): Promise<[number, string]> {
    const browser = new TestBrowser();
    const asked = new URL(locationOf(await browser.visit(`${at.url}/rollcall/sign-in`)));
    authority.expect(asked.searchParams.get('nonce')!);
    const back = new URL(asked.searchParams.get('redirect_uri')!);
    for (const [name, value] of Object.entries({ state: asked.searchParams.get('state')!, ...more }))
      back.searchParams.set(name, value);
    const response = await browser.visit(back.href, { site: 'cross-site' });
    if (response.status === 303) return [303, locationOf(response)];
    expect([...browser.cookies.keys()]).toEqual([]);
    return wordsOf(response);
  }
  const notGenuine: [number, string] = [502, 'The answer of the authority is not valid'];

  it('is sent the code with its verifier and the secret', async () => {
    expect(await outcome()).toEqual([303, '/']);
    expect(Object.fromEntries(authority.asked[0]!)).toEqual({
      grant_type: 'authorization_code',
      code: 'code',
      redirect_uri: `${server.url}/rollcall/sign-in/callback`,
      code_verifier: expect.stringMatching(/^[\w-]{43}$/) as string,
      client_id: clientId,
      client_secret: clientSecret,
    });
  });

  it.each<[string, Record<string, unknown>]>([
    ['of another sign-in', { nonce: 'other' }],
    ['without a nonce', { nonce: undefined }],
    ['for another application', { aud: 'other' }],
    ['for several, of which this is not the one it was given to', { aud: [clientId, 'other'], azp: 'other' }],
    ['of another issuer', { iss: 'https://evil.example' }],
    ['that has expired', { exp: Math.floor(Date.now() / 1000) - 400 }],
    ['that is not in force yet', { nbf: Math.floor(Date.now() / 1000) + 400 }],
    ['without a tenant', { tid: undefined }],
  ])('proves nothing by a token %s', async (_name, claims) => {
    authority.claims = claims;
    expect(await outcome()).toEqual(notGenuine);
  });

  it('proves nothing by a token that somebody else signed, or nobody', async () => {
    const answerWith = (idToken: string) => () =>
      Promise.resolve({ status: 200, body: { access_token: 'a', token_type: 'Bearer', id_token: idToken } });
    authority.answer = async () => answerWith(await authority.idToken({}, 'another'))();
    expect(await outcome()).toEqual(notGenuine);
    authority.answer = async () => {
      const [, payload] = (await authority.idToken()).split('.');
      return answerWith(`${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`)();
    };
    expect(await outcome()).toEqual([502, 'The authority sent an unexpected answer']);
  });

  it('has people of tenants that are not served, and people without the role', async () => {
    authority.claims = { tid: '99999999-9999-4999-8999-999999999999' };
    expect(await outcome()).toEqual([403, 'Your organization is not on this server']);
    authority.claims = { roles: ['Another.Role'] };
    expect(await outcome()).toEqual([403, 'You may not see the calls']);
    authority.claims = { roles: undefined, scp: 'CallRecords.Read.All' };
    expect(await outcome()).toEqual([403, 'You may not see the calls']);
  });

  it.each<[string, { status: number; body: unknown }, [number, string]]>([
    [
      'takes the code back',
      { status: 400, body: { error: 'invalid_grant' } },
      [400, 'The code of the authority is not valid'],
    ],
    [
      'knows no such client',
      { status: 401, body: { error: 'invalid_client' } },
      [502, 'The authority rejected this server'],
    ],
    ['is down', { status: 503, body: '' }, [503, 'The authority does not answer']],
    [
      'gives no ID token',
      { status: 200, body: { access_token: 'a', token_type: 'Bearer' } },
      [502, 'The authority sent an unexpected answer'],
    ],
    ['gives no JSON', { status: 200, body: '<html>' }, [502, 'The authority sent an unexpected answer']],
  ])('%s', async (_name, answer, expected) => {
    authority.answer = () => Promise.resolve(answer);
    expect(await outcome()).toEqual(expected);
  });

  it.each<[string, [number, string]]>([
    ['access_denied', [403, 'You are not signed in']],
    ['unauthorized_client', [502, 'The authority rejected this server']],
    ['temporarily_unavailable', [503, 'The authority does not answer']],
    ['<script>', [403, 'You are not signed in']],
  ])('refuses with %s', async (error, expected) => {
    expect(await outcome({ error, error_description: 'AADSTS50105 Ada' })).toEqual(expected);
    expect(authority.asked).toEqual([]);
  });

  it('is answered within ten minutes', async () => {
    const browser = new TestBrowser();
    const asked = new URL(locationOf(await browser.visit(`${server.url}/rollcall/sign-in`)));
    now = new Date(now.getTime() + 601_000);
    const state = asked.searchParams.get('state');
    const back = `${server.url}/rollcall/sign-in/callback?code=a&state=${state}`;
    expect(await wordsOf(await browser.visit(back))).toEqual([400, 'No sign-in is in progress']);
    expect(authority.asked).toEqual([]);
  });

  it('is not asked more often than one sender may sign in', async () => {
    const browser = new TestBrowser();
    await using fresh = await startServer();
    const url = `${fresh.url}/rollcall/sign-in`;
    for (let i = 0; i < 120; i++) expect((await browser.visit(url)).status).toBe(303);
    const refused = await browser.visit(url);
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(await wordsOf(refused)).toEqual([429, 'Too many sign-ins']);
    now = new Date(now.getTime() + 1000);
    expect((await browser.visit(url)).status).toBe(303);
  });

  it('tells senders apart behind proxies that are trusted, and believes nobody else', async () => {
    const trustedProxies = new BlockList();
    trustedProxies.addAddress('127.0.0.1');
    await using behind = await startTestServer({
      trustedProxies,
      signIn: signInWith(authority.url, { clock: () => now }),
    });
    const status = async (sender: string) => {
      const headers = { 'x-forwarded-for': sender };
      return (await fetch(`${behind.url}/rollcall/sign-in`, { headers, redirect: 'manual' })).status;
    };
    // What the sender itself wrote stands before what the proxy adds.
    for (let i = 0; i < 120; i++) expect(await status(`192.0.2.${i}, 198.51.100.1`)).toBe(303);
    expect(await status('198.51.100.1, 127.0.0.1')).toBe(429);
    expect(await status('198.51.100.2')).toBe(303);
  });

  it('is counted, and says nothing of anybody', async () => {
    await using fresh = await startServer();
    authority.claims = { name: 'Ada Example', roles: [] };
    await outcome({ code: 'code' }, fresh);
    authority.claims = {};
    await outcome({ code: 'code' }, fresh);
    const text = await (await fetch(`${fresh.url}/metrics`)).text();
    expect(text).toContain('rollcall_sign_ins_total{outcome="refused"} 1');
    expect(text).toContain('rollcall_sign_ins_total{outcome="signedIn"} 1');
    expect(text).toContain('route="/rollcall/sign-in/callback"');
    expect(text).not.toContain('Ada');
    expect(fresh.defects).toEqual([]);
  });
});

it('of any organisation names the one of the person', async () => {
  await using authority = await startScriptedAuthority({
    tenantId,
    clientId,
    published: { issuer: '{origin}/{tenantid}/v2.0' },
  });
  await using server = await startTestServer({ signIn: signInWith(authority.url) });
  const browser = new TestBrowser();
  const asked = new URL(locationOf(await browser.visit(`${server.url}/rollcall/sign-in`)));
  authority.expect(asked.searchParams.get('nonce')!);
  authority.claims = { iss: `${authority.url}/${tenantId}/v2.0` };
  const back = `${server.url}/rollcall/sign-in/callback?code=a&state=${asked.searchParams.get('state')}`;
  expect((await browser.visit(back)).status).toBe(303);
});

it('is not offered where it is not set up, and the page says how it would be', async () => {
  await using server = await startTestServer();
  const response = await fetch(`${server.url}/rollcall/sign-in`);
  expect(await response.clone().text()).toContain('--sign-in-client-id');
  expect(await wordsOf(response)).toEqual([404, 'Sign-in is not set up']);
  for (const path of ['/rollcall/sign-in/development', '/rollcall/sign-in/callback'])
    expect((await fetch(server.url + path, { method: path.endsWith('t') ? 'POST' : 'GET' })).status).toBe(
      404,
    );
});

it('behind a proxy comes back by https, with cookies for https alone', async () => {
  await using authority = await startScriptedAuthority({ tenantId, clientId });
  const publicUrl = 'https://calls.example';
  await using server = await startTestServer({ publicUrl, signIn: signInWith(authority.url) });
  const browser = new TestBrowser();
  const asked = new URL(locationOf(await browser.visit(`${server.url}/rollcall/sign-in`)));
  expect(asked.searchParams.get('redirect_uri')).toBe(`${publicUrl}/rollcall/sign-in/callback`);
  authority.expect(asked.searchParams.get('nonce')!);
  const back = `${server.url}/rollcall/sign-in/callback?code=a&state=${asked.searchParams.get('state')}`;
  expect((await browser.visit(back)).status).toBe(303);
  expect(browser.received.map((line) => line.replace(/^([\w-]+)=[^;]*/, '$1=…'))[1]).toBe(
    '__Host-rollcall-session=…; Path=/; Max-Age=28800; HttpOnly; SameSite=Strict; Secure',
  );
  expect((await browser.visit(`${server.url}/rollcall/me`, { site: 'same-origin' })).status).toBe(200);
  const plain = new TestBrowser();
  plain.cookies.set('rollcall-session', browser.cookies.get('__Host-rollcall-session')!);
  expect((await plain.visit(`${server.url}/rollcall/me`)).status).toBe(401);
});
