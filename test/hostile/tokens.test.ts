/** Tokens that are forged, or genuine in all but one thing, are refused: none is taken, and none leads to a defect. */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openIdAuthority } from '../../src/auth/authority.ts';
import { createVerifier, type Verifier } from '../../src/auth/verifier.ts';
import { Fault } from '../../src/faults.ts';
import { type Genuine, genuineToken, hostileTokens } from '../support/hostile-tokens.ts';
import { type PublishedAuthority, startPublishedAuthority } from '../support/published-authority.ts';

const { privateKey: key, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const seconds = Math.floor(Date.now() / 1000);
let authority: PublishedAuthority;
let genuine: Genuine;
let verifier: Verifier;

beforeAll(async () => {
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' };
  const secret = { kty: 'oct', k: Buffer.from('secret').toString('base64url'), kid: 'one', use: 'sig' };
  authority = await startPublishedAuthority((path, url) =>
    path === '/keys' ? { keys: [jwk, secret] } : { issuer: `${url}/v2.0`, jwks_uri: `${url}/keys` },
  );
  verifier = createVerifier({
    authorities: [openIdAuthority({ url: authority.url })],
    audiences: ['api://rollcall'],
    clock: () => new Date(),
  });
  genuine = {
    key,
    keyId: 'one',
    toleranceSeconds: 300,
    claims: {
      iss: `${authority.url}/v2.0`,
      aud: 'api://rollcall',
      tid: '33333333-3333-4333-8333-333333333333',
      azp: '22222222-2222-4222-8222-222222222222',
      roles: ['CallRecords.Read.All'],
      iat: seconds - 5,
      nbf: seconds - 5,
      exp: seconds + 3600,
    },
  };
});
afterAll(() => authority[Symbol.asyncDispose]());

it('takes the genuine one', async () => {
  const { caller } = await verifier.verify(`Bearer ${genuineToken(genuine)}`);
  expect(caller.roles).toEqual(['CallRecords.Read.All']);
});

it('refuses two thousand hostile ones, and asks the authority no more for them', async () => {
  const seed = Number(process.env['ROLLCALL_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  const taken: string[] = [];
  for (const { name, token } of hostileTokens(genuine, { seed, count: 2000 })) {
    try {
      await verifier.verify(`Bearer ${token}`);
      taken.push(name);
    } catch (error) {
      if (!(error instanceof Fault) || error.fault !== 'tokenInvalid')
        taken.push(`${name}: ${String(error)}`);
    }
  }
  expect(taken, `seed ${seed}`).toEqual([]);
  expect(authority.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
});
