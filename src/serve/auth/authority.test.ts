import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type PublishedAuthority,
  startPublishedAuthority,
} from '../../../test/support/published-authority.ts';
import { createMovableClock, type MovableClock } from '../../base/clock.ts';
import { Fault } from '../../contract/faults.ts';
import { type OpenIdOptions, openIdAuthority } from './authority.ts';
import { keepKeys } from './keep-keys.ts';
import { createVerifier, type Verifier } from './verifier.ts';

const tenant = '33333333-3333-4333-8333-333333333333';
const other = '44444444-4444-4444-8444-444444444444';
const issuer = 'https://login.example/v2.0';
const first = await generateKeyPair('RS256', { extractable: true });
const second = await generateKeyPair('RS256', { extractable: true });
const jwkOf = async (keys: typeof first, more: object) => ({
  ...(await exportJWK(keys.publicKey)),
  alg: 'RS256',
  use: 'sig',
  ...more,
});
const one = await jwkOf(first, { kid: 'one' });
const two = await jwkOf(second, { kid: 'two' });

const start = Date.parse('2026-03-02T12:00:00Z');
// What libraries ask for the time is moved; nothing waits for it.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: start }));
afterEach(() => void vi.useRealTimers());

let tokens = 0;
function sign(claims: object = {}, keys = first, header: object = { kid: 'one' }): Promise<string> {
  const seconds = Math.floor(Date.now() / 1000);
  const standard = { iss: issuer, aud: 'a', tid: tenant, azp: 'app', iat: seconds, exp: seconds + 600 };
  return new SignJWT({ ...standard, jti: String(++tokens), ...claims })
    .setProtectedHeader({ alg: 'RS256', ...header })
    .sign(keys.privateKey);
}

function verifierOf(...options: readonly OpenIdOptions[]): Verifier {
  return createVerifier({
    authorities: options.map(openIdAuthority),
    audiences: ['a'],
    clock: () => new Date(),
  });
}

async function outcome(verifier: Verifier, token: string | Promise<string>): Promise<string> {
  try {
    await verifier.verify(`Bearer ${await token}`);
    return 'taken';
  } catch (error) {
    if (error instanceof Fault) return error.fault;
    throw error;
  }
}

const publishing =
  (keys: () => unknown, published: object = {}) =>
  (path: string, url: string) =>
    path === '/keys' ? keys() : { issuer, jwks_uri: `${url}/keys`, ...published };
const discovery = '/.well-known/openid-configuration';

describe('an authority', () => {
  it('is asked once for many callers, and again for a key it did not have, at a bounded rate', async () => {
    let keys: object[] = [one];
    // Behind a byte order mark it says the same.
    const published = publishing(() => ({ keys }));
    await using server = await startPublishedAuthority(
      (path, url) => `\ufeff${JSON.stringify(published(path, url))}`,
    );
    const verifier = verifierOf({ url: server.url });
    const taken = await Promise.all(Array.from({ length: 20 }, () => outcome(verifier, sign())));
    expect([new Set(taken), server.asked]).toEqual([new Set(['taken']), [discovery, '/keys']]);
    const rotated = () => outcome(verifier, sign({}, second, { kid: 'two' }));
    expect(new Set(await Promise.all(Array.from({ length: 50 }, rotated)))).toEqual(
      new Set(['tokenInvalid']),
    );
    expect(server.asked).toHaveLength(2);
    keys = [one, two];
    vi.setSystemTime(start + 31_000);
    expect(new Set(await Promise.all(Array.from({ length: 50 }, rotated)))).toEqual(new Set(['taken']));
    expect(server.asked).toEqual([discovery, '/keys', '/keys']);
    const unknown = () => outcome(verifier, sign({}, second, { kid: String(tokens) }));
    await Promise.all(Array.from({ length: 50 }, unknown));
    expect(server.asked).toHaveLength(3);
  });

  it('that does not answer makes the service unavailable, asks no storm of it, and is reported once', async () => {
    let isUp = false;
    const said: string[] = [];
    await using server = await startPublishedAuthority((path, url) =>
      isUp ? publishing(() => ({ keys: [one] }))(path, url) : undefined,
    );
    const verifier = verifierOf({
      url: server.url,
      watch: { onDown: (reason) => said.push(reason), onUp: () => said.push('up') },
    });
    const down = `${server.url}${discovery}: HTTP 500`;
    for (let i = 0; i < 5; i++)
      for (const result of await Promise.all(Array.from({ length: 20 }, () => outcome(verifier, sign()))))
        expect(result).toBe('unavailable');
    expect([server.asked.length, said, verifier.failures()]).toEqual([1, [down], 1]);
    vi.setSystemTime(start + 31_000);
    expect(await outcome(verifier, sign())).toBe('unavailable');
    expect([said, verifier.failures()]).toEqual([[down], 2]);
    isUp = true;
    vi.setSystemTime(start + 62_000);
    expect(await outcome(verifier, sign())).toBe('taken');
    expect(said).toEqual([down, 'up']);
  });

  it('that goes away keeps its keys for a day, and tokens that were verified until they expire', async () => {
    let isUp = true;
    await using server = await startPublishedAuthority((path, url) =>
      isUp ? publishing(() => ({ keys: [one] }))(path, url) : undefined,
    );
    const verifier = verifierOf({ url: server.url });
    const long = await sign({ exp: start / 1000 + 30 * 3600 });
    expect(await outcome(verifier, long)).toBe('taken');
    isUp = false;
    vi.setSystemTime(start + 23 * 3600_000);
    expect([await outcome(verifier, sign()), await outcome(verifier, long)]).toEqual(['taken', 'taken']);
    // An unknown key is not rejected permanently while the authority is unreachable.
    expect(await outcome(verifier, sign({}, second, { kid: 'two' }))).toBe('unavailable');
    vi.setSystemTime(start + 25 * 3600_000);
    expect([await outcome(verifier, sign()), await outcome(verifier, long)]).toEqual([
      'unavailable',
      'taken',
    ]);
  });

  it('withdraws a key within the hour', async () => {
    let keys = [one, two];
    await using server = await startPublishedAuthority(publishing(() => ({ keys })));
    const verifier = verifierOf({ url: server.url });
    expect(await outcome(verifier, sign())).toBe('taken');
    keys = [two];
    vi.setSystemTime(start + 3601_000);
    await outcome(verifier, sign());
    await vi.waitFor(async () => expect(await outcome(verifier, sign())).toBe('tokenInvalid'));
  });

  it.each<[string, (path: string, url: string) => unknown]>([
    ['no JSON', () => '<html>'],
    ['no object', () => 7],
    ['no issuer', (_path, url) => ({ jwks_uri: `${url}/keys` })],
    ['an issuer that is none', (_path, url) => ({ issuer: 7, jwks_uri: `${url}/keys` })],
    ['no keys URL', () => ({ issuer })],
    ['a keys URL that is none', () => ({ issuer, jwks_uri: 'file:///etc/passwd' })],
    ['more than a MiB', (_path, url) => ({ issuer, jwks_uri: `${url}/keys`, pad: 'x'.repeat(2 ** 20) })],
    ['keys that are no list', publishing(() => ({ keys: {} }))],
    ['keys without end', publishing(() => ({ keys: [one], pad: 'x'.repeat(2 ** 20) }))],
  ])(
    'that publishes %s makes the service unavailable, and is not asked again at once',
    async (_name, answer) => {
      await using server = await startPublishedAuthority(answer);
      const verifier = verifierOf({ url: server.url });
      for (let i = 0; i < 5; i++) expect(await outcome(verifier, sign())).toBe('unavailable');
      expect([server.asked.length <= 2, verifier.failures()]).toEqual([true, 1]);
    },
  );

  it('with invalid keys rejects the token, and accepts it with valid ones', async () => {
    const bad = { kid: 'bad', kty: 'RSA', alg: 'RS256', use: 'sig', n: '!', e: 5 };
    await using server = await startPublishedAuthority(publishing(() => ({ keys: [7, null, bad, one] })));
    const verifier = verifierOf({ url: server.url });
    expect(await outcome(verifier, sign({}, first, { kid: 'bad' }))).toBe('tokenInvalid');
    expect(await outcome(verifier, sign())).toBe('taken');
  });

  it('that is away keeps no other from being asked', async () => {
    await using server = await startPublishedAuthority(publishing(() => ({ keys: [one] })));
    const away = { url: 'http://127.0.0.1:1', tenants: [tenant] };
    expect(await outcome(verifierOf(away, { url: server.url, tenants: [tenant] }), sign())).toBe('taken');
  });
});

describe('whose tokens an authority gives', () => {
  it('is its own tenants and no others, where they are named', async () => {
    const elsewhere = 'https://other.example/v2.0';
    await using a = await startPublishedAuthority(publishing(() => ({ keys: [one] })));
    await using b = await startPublishedAuthority(publishing(() => ({ keys: [two] }), { issuer: elsewhere }));
    const verifier = verifierOf({ url: a.url, tenants: [tenant] }, { url: b.url, tenants: [other] });
    const byB = (tid: string) => sign({ iss: elsewhere, tid }, second, { kid: 'two' });
    expect([
      await outcome(verifier, sign()),
      await outcome(verifier, sign({ tid: other })),
      await outcome(verifier, byB(other)),
      await outcome(verifier, byB(other.toUpperCase())),
      await outcome(verifier, byB(tenant)),
      await outcome(verifier, sign({}, second, { kid: 'two' })),
    ]).toEqual(['taken', 'tokenInvalid', 'taken', 'taken', 'tokenInvalid', 'tokenInvalid']);
  });

  it('is what the key that signs is published for', async () => {
    const template = 'https://multi.example/{tenantid}/v2.0';
    const of = (tid: string) => template.replace('{tenantid}', tid);
    const keys = [
      { ...one, issuer: template },
      { ...two, issuer: of(other) },
      { ...two, kid: 'three', issuer: 7 },
    ];
    await using server = await startPublishedAuthority(publishing(() => ({ keys }), { issuer: template }));
    const verifier = verifierOf({ url: server.url });
    const by = (kid: string, tid: string, iss = of(tid)) =>
      outcome(verifier, sign({ tid, iss }, kid === 'one' ? first : second, { kid }));
    expect([
      await by('one', tenant),
      await by('one', other),
      await by('two', other),
      await by('two', tenant),
      await by('three', tenant),
      await by('one', tenant, of(other)),
      await by('one', '$&', template),
      await by('one', "$'", template),
    ]).toEqual(['taken', 'taken', 'taken', ...Array<string>(5).fill('tokenInvalid')]);
  });

  it('is the tenant of the token in both versions where it is Microsoft Entra’s', async () => {
    const base = 'https://login.microsoftonline.com';
    const accepted = async (segment: string, published: string, iss: string) => {
      const body = Buffer.from(JSON.stringify({ issuer: published, jwks_uri: `${base}/keys` }));
      const client = { send: () => Promise.resolve({ status: 200, headers: {}, body }) };
      return openIdAuthority({ url: `${base}/${segment}/v2.0`, client }).accepts(iss, tenant);
    };
    const template = `${base}/{tenantid}/v2.0`;
    const v1 = (tid: string) => `https://sts.windows.net/${tid}/`;
    const v2 = (tid: string) => `${base}/${tid}/v2.0`;
    expect([
      await accepted('common', template, v2(tenant)),
      await accepted('common', template, v1(tenant)),
      await accepted(tenant, v2(tenant), v2(tenant)),
      await accepted(tenant, v2(tenant), v1(tenant)),
      // As published at the URL without /v2.0.
      await accepted(tenant, v1(tenant), v1(tenant)),
      await accepted(tenant, v1(tenant), v2(tenant)),
    ]).toEqual(Array(6).fill(true));
    expect([
      await accepted('common', template, v1(other)),
      await accepted('common', template, v2(other)),
      await accepted('common', template, template),
      await accepted(other, v2(other), v2(other)),
      await accepted(other, v2(other), v1(tenant)),
    ]).toEqual([false, false, false, false, false]);
    await using own: PublishedAuthority = await startPublishedAuthority(publishing(() => ({ keys: [] })));
    expect(await openIdAuthority({ url: own.url }).accepts(v1(tenant), tenant)).toBe(false);
  });
});

describe('the keys of an authority', () => {
  /** By a clock that is moved, until something holds. */
  async function until(holds: () => boolean, clock: MovableClock): Promise<void> {
    while (!holds()) {
      await new Promise((resolve) => setImmediate(resolve));
      const { nextMs } = clock.waiting();
      if (nextMs !== undefined && nextMs <= 30_000) clock.advance(nextMs);
    }
  }

  it('are fetched without a token, again until it answers, and an outage is reported once', async () => {
    let state: 'away' | 'half' | 'up' = 'away';
    await using server = await startPublishedAuthority((path, url) => {
      if (state === 'away' || (state === 'half' && path === '/keys')) return undefined;
      return publishing(() => ({ keys: [one] }))(path, url);
    });
    const said: string[] = [];
    const watch = { onDown: (reason: string) => said.push(reason), onUp: () => said.push('up') };
    const authority = openIdAuthority({ url: server.url, watch });
    const clock = createMovableClock(new Date(start));
    const keys = keepKeys([authority], clock);
    await keys.start();
    await until(() => server.asked.length >= 5, clock);
    expect([authority.hasKeys, said.length]).toEqual([false, 1]);
    state = 'half';
    await until(() => server.asked.includes('/keys'), clock);
    expect(authority.hasKeys).toBe(false);
    state = 'up';
    await until(() => authority.hasKeys, clock);
    expect(said.at(-1)).toBe('up');
    const asked = server.asked.length;
    // It answers: it is not asked again but where another process has found it away.
    let turns = 0;
    await until(() => turns++ > 20, clock);
    expect(server.asked.length).toBe(asked);
    state = 'away';
    keys.check();
    await until(() => server.asked.length > asked, clock);
    await until(() => said.length % 2 === 1, clock);
    // Known keys stay valid.
    expect(authority.hasKeys).toBe(true);
    state = 'up';
    await until(() => said.length % 2 === 0, clock);
    keys.stop();
  });
});
