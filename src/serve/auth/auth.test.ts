import fc from 'fast-check';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, describe, expect, it } from 'vitest';
import { startPublishedAuthority } from '../../../test/support/published-authority.ts';
import { Fault } from '../../contract/faults.ts';
import { openIdAuthority } from './authority.ts';
import { createIssuer, createIssuerKey } from '../../emulator/issuer/issuer.ts';
import { development, graphAudiences } from '../../base/development.ts';
import { createAuthorizationCodes } from '../../emulator/issuer/authorize-endpoint.ts';
import { Clients } from '../../emulator/issuer/clients.ts';
import { answerTokenRequest } from '../../emulator/issuer/token-endpoint.ts';
import { authorize } from '../../graph/permission.ts';
import { createVerifier } from './verifier.ts';

const tenantId = '33333333-3333-4333-8333-333333333333';
const issuerUrl = `https://login.example/${tenantId}/v2.0`;
const now = new Date('2026-03-02T12:00:00Z');
const seconds = now.getTime() / 1000;
const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };

const claims = {
  iss: issuerUrl,
  aud: 'https://graph.microsoft.com',
  exp: seconds + 3600,
  nbf: seconds,
  iat: seconds,
  tid: tenantId,
  appid: 'app',
  roles: ['CallRecords.Read.All'],
};
const sign = (
  changes: Record<string, unknown> = {},
  key = privateKey,
  header: { alg: string; kid?: string } = { alg: 'RS256', kid: 'one' },
) => new SignJWT({ ...claims, ...changes }).setProtectedHeader(header).sign(key);

const published = await startPublishedAuthority((path, url) =>
  path === '/keys' ? { keys: [jwk] } : { issuer: issuerUrl, jwks_uri: `${url}/keys` },
);
afterAll(() => published[Symbol.asyncDispose]());

function verifierAt(clock = () => now, allowedTenants?: readonly string[]) {
  return createVerifier({
    authorities: [openIdAuthority({ url: published.url })],
    audiences: graphAudiences,
    allowedTenants,
    clock,
  });
}

async function refusalOf(
  authorization: string | undefined,
  verifier = verifierAt(),
): Promise<[string, string]> {
  try {
    await verifier.verify(authorization);
    return ['none', ''];
  } catch (error) {
    if (error instanceof Fault) return [error.fault, error.message];
    throw error;
  }
}

describe('a token', () => {
  it('of either layout names the application and the tenant', async () => {
    const verifier = verifierAt();
    const v1 = await verifier.verify(`Bearer ${await sign()}`);
    const v2 = await verifier.verify(
      `Bearer ${await sign({ appid: undefined, azp: 'app2', tid: tenantId.toUpperCase() })}`,
    );
    expect(v1.caller).toEqual({
      tenantId,
      appId: 'app',
      principalId: 'app',
      roles: ['CallRecords.Read.All'],
      delegated: false,
    });
    expect(v2.caller).toEqual({
      tenantId,
      appId: 'app2',
      principalId: 'app2',
      roles: ['CallRecords.Read.All'],
      delegated: false,
    });
  });

  it('is answered at once when it was met before, until it expires', async () => {
    let time = now;
    const verifier = verifierAt(() => time);
    const header = `Bearer ${await sign()}`;
    expect(verifier.verify(header)).toBeInstanceOf(Promise);
    const verified = await verifier.verify(header);
    expect(verifier.verify(header)).toBe(verified);
    time = new Date(now.getTime() + 3600_000 + 300_000);
    expect(() => verifier.verify(header)).toThrow('Lifetime validation failed, the token is expired.');
  });

  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`;
  it.each<[string, () => string | undefined | Promise<string>, string, RegExp]>([
    ['missing', () => undefined, 'tokenMissing', /^Access token is empty\.$/],
    ['empty', () => 'Bearer ', 'tokenMissing', /empty/],
    ['of another scheme', () => 'Basic abc', 'tokenMissing', /empty/],
    [
      'without dots',
      () => 'Bearer abc',
      'tokenInvalid',
      /^IDX14100: JWT is not well formed, there are no dots/,
    ],
    ['that is two', () => 'Bearer a.b.c d.e.f', 'tokenInvalid', /IDX14100/],
    ['unsigned', () => `Bearer ${unsigned}`, 'tokenInvalid', /algorithm/],
    [
      'signed with the public key as a secret',
      async () =>
        `Bearer ${await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(Buffer.from(JSON.stringify(jwk)))}`,
      'tokenInvalid',
      /algorithm/,
    ],
    [
      'signed with another key',
      async () => `Bearer ${await sign({}, (await generateKeyPair('RS256')).privateKey)}`,
      'tokenInvalid',
      /^Signature validation failed\.$/,
    ],
    [
      'with an unknown key id',
      async () => `Bearer ${await sign({}, privateKey, { alg: 'RS256', kid: 'two' })}`,
      'tokenInvalid',
      /no such key/,
    ],
    [
      'tampered with',
      async () =>
        `Bearer ${(await sign()).replace(/\.[^.]+\./, `.${Buffer.from(JSON.stringify({ ...claims, roles: ['All'] })).toString('base64url')}.`)}`,
      'tokenInvalid',
      /Signature/,
    ],
    [
      'expired',
      async () => `Bearer ${await sign({ exp: seconds - 301 })}`,
      'tokenInvalid',
      /^Lifetime validation failed, the token is expired\.$/,
    ],
    [
      'not yet valid',
      async () => `Bearer ${await sign({ nbf: seconds + 301 })}`,
      'tokenInvalid',
      /not yet valid/,
    ],
    [
      'issued later than clocks differ',
      async () => `Bearer ${await sign({ iat: seconds + 301 })}`,
      'tokenInvalid',
      /^Lifetime validation failed, the token was issued in the future\.$/,
    ],
    ['without an end', async () => `Bearer ${await sign({ exp: undefined })}`, 'tokenInvalid', /'exp'/],
    [
      'for another audience',
      async () => `Bearer ${await sign({ aud: 'https://example.org' })}`,
      'tokenInvalid',
      /Invalid audience/,
    ],
    [
      'of another issuer',
      async () => `Bearer ${await sign({ iss: 'https://evil.example/' })}`,
      'tokenInvalid',
      /Issuer/,
    ],
    ['without a tenant', async () => `Bearer ${await sign({ tid: undefined })}`, 'tokenInvalid', /no tenant/],
    [
      'with a tenant that is no GUID',
      async () => `Bearer ${await sign({ tid: '../other' })}`,
      'tokenInvalid',
      /no tenant/,
    ],
    [
      'for another path of the audience',
      async () => `Bearer ${await sign({ aud: 'https://graph.microsoft.com/x/' })}`,
      'tokenInvalid',
      /Invalid audience/,
    ],
    ['too long', () => `Bearer a.${'b'.repeat(20_000)}.c`, 'tokenInvalid', /longer/],
  ])('%s is refused', async (_name, header, fault, message) => {
    const [name, text] = await refusalOf(await header());
    expect(name).toBe(fault);
    expect(text).toMatch(message);
  });

  it('a little out of time is taken: clocks differ', async () => {
    expect(await refusalOf(`Bearer ${await sign({ exp: seconds - 299 })}`)).toEqual(['none', '']);
    const future = { nbf: seconds + 299, iat: seconds + 299 };
    expect(await refusalOf(`Bearer ${await sign(future)}`)).toEqual(['none', '']);
  });

  it.each([
    ['https://graph.microsoft.com', 'https://graph.microsoft.com/'],
    ['api://rollcall/', 'api://rollcall'],
    ['api://rollcall/', ['https://example.org', 'api://rollcall/']],
  ])('is good for the audience %j when it says %j', async (audience, aud) => {
    const verifier = createVerifier({
      authorities: [openIdAuthority({ url: published.url })],
      audiences: [audience],
      clock: () => now,
    });
    expect((await verifier.verify(`Bearer ${await sign({ aud })}`)).caller.appId).toBe('app');
  });

  it('of a tenant that is not allowed is refused', async () => {
    const verifier = verifierAt(() => now, ['44444444-4444-4444-8444-444444444444']);
    expect((await refusalOf(`Bearer ${await sign()}`, verifier))[0]).toBe('tokenInvalid');
  });

  it('whatever its text leads to a refusal and to nothing else', async () => {
    const verifier = verifierAt();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `Bearer ${text}`),
          fc
            .tuple(fc.json(), fc.json())
            .map(
              ([a, b]) =>
                `Bearer ${Buffer.from(a).toString('base64url')}.${Buffer.from(b).toString('base64url')}.x`,
            ),
        ),
        async (header) => {
          expect((await refusalOf(header, verifier))[0]).toMatch(/^token(Missing|Invalid)$/);
        },
      ),
    );
  });
});

describe('permission', () => {
  const caller = {
    tenantId,
    appId: 'app',
    principalId: 'app',
    roles: ['CallRecords.Read.All'],
    delegated: false,
  };

  it('is the role without a user behind it', () => {
    expect(() => authorize(caller, ['CallRecords.Read.All'])).not.toThrow();
    expect(() => authorize({ ...caller, delegated: true }, ['CallRecords.Read.All'])).toThrow(Fault);
    expect(() => authorize({ ...caller, roles: ['CallRecords.Read'] }, ['CallRecords.Read.All'])).toThrow(
      Fault,
    );
  });
});

describe('the development issuer', () => {
  const ask = async (
    fields: Record<string, string>,
    more: { tenant?: string; authorization?: string; contentType?: string } = {},
  ) => {
    const issuer = await createIssuer(await createIssuerKey(), () => now);
    return answerTokenRequest(
      {
        tenant: development.tenantId,
        contentType: 'application/x-www-form-urlencoded',
        body: new URLSearchParams(fields).toString(),
        authorization: undefined,
        origin: 'http://localhost',
        ...more,
      },
      { issuer, clients: new Clients(), codes: createAuthorizationCodes(() => now), clock: () => now },
    );
  };
  const good = {
    grant_type: 'client_credentials',
    client_id: development.clientId,
    client_secret: development.clientSecret,
    scope: 'https://graph.microsoft.com/.default',
  };

  it('gives a token that its own authority verifies', async () => {
    const issuer = await createIssuer(await createIssuerKey(), () => now);
    const verifier = createVerifier({
      authorities: [issuer.authority],
      audiences: graphAudiences,
      clock: () => now,
    });
    for (const layout of ['v1', 'v2'] as const) {
      const token = await issuer.token({
        tenantId,
        clientId: 'c',
        roles: ['R'],
        delegated: false,
        expiresInSeconds: 60,
        audience: graphAudiences[1],
        layout,
      });
      expect((await verifier.verify(`Bearer ${token}`)).caller).toEqual({
        tenantId,
        appId: 'c',
        principalId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        roles: ['R'],
        delegated: false,
      });
    }
  });

  it.each([
    [good, {}, 200, undefined],
    [{ ...good, client_secret: 'no' }, {}, 401, 'invalid_client'],
    [{ ...good, client_id: tenantId }, {}, 400, 'unauthorized_client'],
    [{ ...good, grant_type: 'password' }, {}, 400, 'unsupported_grant_type'],
    [{ ...good, scope: 'User.Read' }, {}, 400, 'invalid_scope'],
    [{ ...good, scope: `openid profile ${good.scope} offline_access` }, {}, 200, undefined],
    [{ ...good, scope: `${good.scope} api://other/.default` }, {}, 400, 'invalid_scope'],
    [{ ...good, scope: 'openid profile' }, {}, 400, 'invalid_scope'],
    [good, { tenant: 'common' }, 400, 'invalid_request'],
    [good, { contentType: 'application/json' }, 400, 'invalid_request'],
    [
      { grant_type: 'client_credentials', scope: good.scope },
      {
        authorization: `Basic ${Buffer.from(`${development.clientId}:${development.clientSecret}`).toString('base64')}`,
      },
      200,
      undefined,
    ],
  ])('answers %j %j with %i %s', async (fields, more, status, error) => {
    const answer = await ask(fields, more);
    expect([answer.status, answer.body['error']]).toEqual([status, error]);
    if (status === 200)
      expect(Object.keys(answer.body)).toEqual([
        'token_type',
        'expires_in',
        'ext_expires_in',
        'access_token',
      ]);
  });
});
