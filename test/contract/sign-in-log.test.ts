/** Why a sign-in failed, in the log: a line each, in words of specifications, without what anybody said. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { failures } from '../../src/serve/sign-in/failure.ts';
import { locationOf, TestBrowser } from '../support/browser.ts';
import { type KeptLog, keepLog, type LogLine } from '../support/log.ts';
import { type ScriptedAuthority, startScriptedAuthority } from '../support/scripted-authority.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { signInWith } from '../support/sign-in.ts';

const { tenantId, clientId } = development;
const person = 'Hugo Keller';
const described = `AADSTS50105: ${person} <hugo.keller@contoso.example> is not assigned. Trace ID: 0a1b`;

let authority: ScriptedAuthority;
let answer: ScriptedAuthority['answer'];
let kept: KeptLog;
let server: TestServer;
beforeAll(async () => {
  authority = await startScriptedAuthority({ tenantId, clientId });
  ({ answer } = authority);
  kept = keepLog('debug');
  server = await startTestServer({
    log: kept.log,
    signIn: signInWith(authority.url, { allowedTenants: [tenantId] }),
  });
});
beforeEach(() => {
  Object.assign(authority, { answer, claims: { name: person } });
});
afterAll(() => Promise.all([server.stop(), authority[Symbol.asyncDispose]()]));

/** Signs in with whatever comes back, and gives what the log says of it. */
async function logged(back: Record<string, string> = { code: 'eyJ-code' }, at = server, of = kept) {
  const seen = of.lines().length;
  const browser = new TestBrowser();
  const asked = new URL(locationOf(await browser.visit(`${at.url}/rollcall/sign-in`)));
  authority.expect(asked.searchParams.get('nonce')!);
  const url = new URL(asked.searchParams.get('redirect_uri')!);
  for (const [name, value] of Object.entries({ state: asked.searchParams.get('state')!, ...back }))
    url.searchParams.set(name, value);
  const response = await browser.visit(url.href, { site: 'cross-site' });
  const lines = of
    .lines()
    .slice(seen)
    .filter(({ message }) => message === 'A sign-in failed.');
  expect(lines).toHaveLength(response.status === 303 ? 0 : 1);
  for (const word of ['Hugo', 'hugo', 'contoso', 'eyJ', 'Trace ID', asked.searchParams.get('state')!])
    expect(of.text()).not.toContain(word);
  const { level, reason, authorityError, authorityCodes, check, requestId } = (lines[0] ??
    {}) as Partial<LogLine>;
  if (lines.length > 0) expect(requestId).toBe(response.headers.get('request-id'));
  return { level, reason, authorityError, authorityCodes, check };
}

const answered = (status: number, body: unknown) => () => Promise.resolve({ status, body });

describe('a sign-in that fails', () => {
  it('is none that succeeds', async () => {
    expect(await logged()).toEqual({});
  });

  it('has what the authority said to the browser, as far as a specification knows it', async () => {
    expect(await logged({ error: 'access_denied', error_description: described })).toEqual({
      level: 'info',
      reason: 'declined',
      authorityError: 'access_denied',
      authorityCodes: '50105',
    });
    expect(await logged({ error: 'hugo_keller', error_description: 'AADSTS15550001234: x' })).toEqual({
      level: 'info',
      reason: 'declined',
      authorityError: 'another',
    });
    expect(await logged({ error: 'unauthorized_client' })).toMatchObject({
      level: 'warn',
      reason: 'clientRefused',
    });
  });

  it('has what the authority said to the server', async () => {
    const error_codes = [7000215];
    authority.answer = answered(401, { error: 'invalid_client', error_description: described, error_codes });
    expect(await logged()).toEqual({
      level: 'warn',
      reason: 'clientRefused',
      authorityError: 'invalid_client',
      authorityCodes: '7000215',
    });
    authority.answer = answered(400, { error: 'invalid_grant', error_codes: [person, 15_550_001_234] });
    expect(await logged()).toEqual({ level: 'warn', reason: 'codeRefused', authorityError: 'invalid_grant' });
  });

  it.each<[Record<string, unknown>, string, string]>([
    [{ nonce: 'other' }, 'notGenuine', 'nonce'],
    [{ aud: person }, 'notGenuine', 'aud'],
    [{ iss: `https://${person}` }, 'notGenuine', 'iss'],
    [{ exp: 1 }, 'notGenuine', 'exp'],
    [{ tid: '99999999-9999-4999-8999-999999999999' }, 'otherTenant', 'tid'],
    [{ roles: [person] }, 'roleMissing', 'roles'],
  ])('has the claim that did not hold: %j', async (claims, reason, check) => {
    authority.claims = { name: person, ...claims };
    expect(await logged()).toMatchObject({ reason, check });
  });

  it('has why a signature proves nothing', async () => {
    authority.answer = async () => ({
      status: 200,
      body: {
        access_token: 'a',
        token_type: 'Bearer',
        id_token: await authority.idToken({ name: person }, 'another'),
      },
    });
    expect(await logged()).toEqual({
      level: 'warn',
      reason: 'notGenuine',
      check: 'Signature validation failed.',
    });
  });

  it('has why the authority was not reached', async () => {
    const dead = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => dead.once('listening', resolve));
    const { port } = dead.address() as { port: number };
    await new Promise((resolve) => dead.close(resolve));
    const published = { token_endpoint: `http://127.0.0.1:${port}/token` };
    await using half = await startScriptedAuthority({ tenantId, clientId, published });
    const own = keepLog('warn');
    await using other = await startTestServer({ log: own.log, signIn: signInWith(half.url) });
    expect(await logged(undefined, other, own)).toEqual({
      level: 'warn',
      reason: 'authorityDown',
      check: 'ECONNREFUSED',
    });
  });

  it('is of no interest where anybody brings it about', async () => {
    const seen = kept.lines().length;
    await new TestBrowser().visit(`${server.url}/rollcall/sign-in/callback?state=${person}&error=${person}`);
    await new TestBrowser().visit(`${server.url}/rollcall/sign-in?return=//${person}`);
    const lines = kept
      .lines()
      .slice(seen)
      .filter(({ message }) => message === 'A sign-in failed.');
    expect(lines.map(({ level, reason }) => [level, reason])).toEqual([
      ['debug', 'noAttempt'],
      ['debug', 'badReturn'],
    ]);
    expect(kept.text()).not.toContain('Hugo');
  });

  it('is documented, reason by reason', () => {
    const page = readFileSync(new URL('../../docs/signing-in.md', import.meta.url), 'utf8');
    expect(Object.keys(failures).filter((reason) => !page.includes(`- \`${reason}\``))).toEqual([]);
  });
});
