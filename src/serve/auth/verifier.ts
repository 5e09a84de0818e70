/** Verifies bearer tokens: signature, issuer, audience and time. Verified tokens are cached until they expire. */
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { createByteCache, sumOfTextBytes } from '../../base/byte-cache.ts';
import { Fault } from '../../contract/faults.ts';
import type { Authority, TokenFacts } from './authority.ts';
import { type Caller, callerOf } from '../../graph/caller.ts';
import { audienceSpellings } from '../../contract/entra.ts';
import { accessOf } from '../../graph/permission.ts';

interface VerifierOptions {
  readonly authorities: readonly Authority[];
  /** Accepted audiences, as in `--audience`, with or without a trailing slash. */
  readonly audiences: readonly string[];
  /** How far clocks may differ, for `exp`, `nbf` and `iat`; Microsoft's own libraries allow five minutes. */
  readonly clockSkewSeconds?: number;
  /** Tenants whose tokens are accepted, in lower case; all tenants of the authorities when absent. */
  readonly allowedTenants?: readonly string[] | undefined;
  readonly clock: () => Date;
  /** Maximum bytes of cached tokens; by default about 8,000 tokens of Microsoft Entra. */
  readonly cacheBytes?: number;
}

export interface Verified {
  readonly caller: Caller;
  /** The expiry in milliseconds since 1970. */
  readonly until: number;
  /** What the caller may see, as `accessOf` returns it. */
  readonly access: string;
}

export interface Verifier {
  /**
   * Verifies a token. @returns A promise only for one that is not cached. @throws Fault `tokenMissing`,
   * `tokenInvalid`, `unavailable`
   */
  verify(authorization: string | undefined): Verified | Promise<Verified>;
  /** Returns the number of failed requests to the authorities. */
  failures(): number;
}

const maxTokenLength = 16_384;
export const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'];

const defaultCacheBytes = 32 * 2 ** 20;

export function createVerifier(options: VerifierOptions): Verifier {
  const { clock, cacheBytes = defaultCacheBytes } = options;
  // Keyed by the normalized header, so that a token has one entry. Rejected tokens are not cached.
  const remembered = createByteCache<Verified>({ maxBytes: cacheBytes, bytesOf: bytesOfVerified });
  const rememberedAs = (header: string): Verified | undefined => {
    const known = remembered.get(header);
    if (known === undefined || known.until > clock().getTime()) return known;
    remembered.delete(header);
    throw expired();
  };
  return {
    failures: () => options.authorities.reduce((sum, { failures }) => sum + (failures?.() ?? 0), 0),
    verify(authorization = '') {
      const known = rememberedAs(authorization);
      if (known !== undefined) return known;
      const token = bearerToken(authorization);
      const header = `Bearer ${token}`;
      const same = header === authorization ? undefined : rememberedAs(header);
      if (same !== undefined) return same;
      return verifyToken(token, options).then(({ caller, until }) => {
        const verified = { caller, until, access: accessOf(caller) };
        remembered.set(header, verified);
        return verified;
      });
    },
  };
}

function bytesOfVerified({ caller, access }: Verified): number {
  return sumOfTextBytes([access, caller.appId, caller.principalId, ...caller.roles]);
}

function bearerToken(authorization: string): string {
  const token = /^Bearer +([^ ]+)$/i.exec(authorization)?.[1];
  if (token !== undefined) return token;
  if (/^Bearer +\S/i.test(authorization)) throw notWellFormed();
  throw new Fault('tokenMissing', 'Access token is empty.');
}

/** The claims of a token with a valid signature. */
interface VerifiedToken {
  readonly caller: Caller;
  readonly until: number;
  readonly claims: JWTPayload;
}

/** Verifies any token that the authorities sign: an access token or an ID token. @throws Fault as `Verifier` */
export async function verifyToken(token: string, options: VerifierOptions): Promise<VerifiedToken> {
  const { clockSkewSeconds = 300 } = options;
  if (token.length > maxTokenLength)
    throw new Fault('tokenInvalid', `The token is longer than ${maxTokenLength} characters.`);
  const facts = readUnverified(token);
  const { header, issuer, tenantId } = facts;
  if (!algorithms.includes(header.alg))
    throw new Fault('tokenInvalid', 'The token is not signed with an algorithm that is accepted.');
  const authority = await authorityOf(options.authorities, issuer, tenantId);
  const key = await authority.key(facts);
  if (key === undefined)
    throw new Fault('tokenInvalid', 'Signature validation failed: the authority has no such key.');
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms,
      issuer,
      audience: audienceSpellings(options.audiences),
      clockTolerance: clockSkewSeconds,
      currentDate: options.clock(),
      requiredClaims: ['exp'],
    });
    if (payload.iat !== undefined && payload.iat > options.clock().getTime() / 1000 + clockSkewSeconds)
      throw new Fault('tokenInvalid', 'Lifetime validation failed, the token was issued in the future.');
    const caller = callerOf(payload);
    if (options.allowedTenants?.includes(caller.tenantId) === false) {
      throw new Fault('tokenInvalid', 'The tenant of the token is not served here.');
    }
    return { caller, until: (payload.exp! + clockSkewSeconds) * 1000, claims: payload };
  } catch (error) {
    throw refusalOf(error);
  }
}

/** Reads the unverified claims, which only select the key for verification. */
function readUnverified(token: string): TokenFacts {
  try {
    const header = decodeProtectedHeader(token);
    const claims = decodeJwt(token);
    const { tid } = claims;
    if (typeof header.alg !== 'string') throw new TypeError('no algorithm');
    if (!hasOneSpelling(token)) throw new TypeError('a non-canonical encoding');
    return {
      header: { alg: header.alg, ...(header.kid !== undefined && { kid: header.kid }) },
      issuer: claims.iss ?? '',
      tenantId: typeof tid === 'string' ? tid.toLowerCase() : '',
    };
  } catch {
    throw notWellFormed();
  }
}

/** Returns true for a signature in canonical Base64: the signed data is text, and other encodings are rejected. */
function hasOneSpelling(token: string): boolean {
  const signature = token.slice(token.lastIndexOf('.') + 1);
  return Buffer.from(signature, 'base64url').toString('base64url') === signature;
}

async function authorityOf(
  authorities: readonly Authority[],
  issuer: string,
  tenantId: string,
): Promise<Authority> {
  let down: Fault | undefined;
  for (const authority of authorities) {
    try {
      if (await authority.accepts(issuer, tenantId)) return authority;
    } catch (error) {
      // Another authority may have issued the token.
      if (!(error instanceof Fault)) throw error;
      down = error;
    }
  }
  throw (
    down ?? new Fault('tokenInvalid', 'Issuer validation failed: the token comes from another authority.')
  );
}

function refusalOf(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return expired();
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud')
      return new Fault('tokenInvalid', 'Access token validation failure. Invalid audience.');
    if (error.claim === 'nbf')
      return new Fault('tokenInvalid', 'Lifetime validation failed, the token is not yet valid.');
    return new Fault('tokenInvalid', `The claim '${error.claim}' of the token is missing or wrong.`);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return new Fault('tokenInvalid', 'Signature validation failed.');
  }
  // The library throws TypeError for a published key that does not fit the algorithm, such as one that is too short.
  if (error instanceof TypeError)
    return new Fault('tokenInvalid', 'Signature validation failed: the key is not usable.');
  if (error instanceof errors.JOSEError) return notWellFormed();
  return error;
}

function expired(): Fault {
  return new Fault('tokenInvalid', 'Lifetime validation failed, the token is expired.');
}

/** Returns Graph's fault for a malformed JWT (contract: error-observed-401-jwt-not-well-formed). */
function notWellFormed(): Fault {
  return new Fault(
    'tokenInvalid',
    "IDX14100: JWT is not well formed, there are no dots (.).\nThe token needs to be in JWS or JWE Compact Serialization Format. (JWS): 'EncodedHeader.EncodedPayload.EncodedSignature'. (JWE): 'EncodedProtectedHeader.EncodedEncryptedKey.EncodedInitializationVector.EncodedCiphertext.EncodedAuthenticationTag'.",
  );
}
