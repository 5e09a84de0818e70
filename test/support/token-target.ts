/** Builds a verifier and the authority whose tokens it accepts, for tests with hostile tokens. */
import { generateKeyPairSync } from 'node:crypto';
import { openIdAuthority } from '../../src/serve/auth/authority.ts';
import { createVerifier, type Verifier } from '../../src/serve/auth/verifier.ts';
import { Fault } from '../../src/contract/faults.ts';
import { type Genuine, hostileTokens } from './hostile-tokens.ts';
import { type PublishedAuthority, startPublishedAuthority } from './published-authority.ts';

export interface TokenTarget extends AsyncDisposable {
  readonly authority: PublishedAuthority;
  /** The key and claims of an accepted token. */
  readonly genuine: Genuine;
  readonly verifier: Verifier;
}

export async function startTokenTarget(): Promise<TokenTarget> {
  const { privateKey: key, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' };
  const secret = { kty: 'oct', k: Buffer.from('secret').toString('base64url'), kid: 'one', use: 'sig' };
  const authority = await startPublishedAuthority((path, url) =>
    path === '/keys' ? { keys: [jwk, secret] } : { issuer: `${url}/v2.0`, jwks_uri: `${url}/keys` },
  );
  const seconds = Math.floor(Date.now() / 1000);
  return {
    authority,
    verifier: createVerifier({
      authorities: [openIdAuthority({ url: authority.url })],
      audiences: ['api://rollcall'],
      clock: () => new Date(),
    }),
    genuine: {
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
    },
    [Symbol.asyncDispose]: () => authority[Symbol.asyncDispose](),
  };
}

/** Returns the names of hostile tokens that were not rejected correctly. */
export async function takenTokens(
  { genuine, verifier }: TokenTarget,
  options: { readonly seed: number; readonly count: number },
): Promise<readonly string[]> {
  const taken: string[] = [];
  for (const { name, token } of hostileTokens(genuine, options)) {
    try {
      await verifier.verify(`Bearer ${token}`);
      taken.push(name);
    } catch (error) {
      if (!(error instanceof Fault) || error.fault !== 'tokenInvalid')
        taken.push(`${name}: ${String(error)}`);
    }
  }
  return taken;
}
