/** Issues development tokens as Microsoft Entra does for Graph, signed with a key of the store. */
import { createHash, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { type Authority, localAuthority } from '../../serve/auth/authority.ts';
import type { IssuerPerson } from './people.ts';

const algorithm = 'ES256';

export interface TokenRequest {
  readonly tenantId: string;
  readonly clientId: string;
  readonly roles: readonly string[];
  /** A user's token: `scp` instead of an application's `roles`. */
  readonly delegated: boolean;
  /** The application proved itself by a certificate instead of a secret. */
  readonly isCertified?: boolean;
  /** Negative for a token that has expired already. */
  readonly expiresInSeconds: number;
  readonly audience: string;
  /** Which of Microsoft's two claim layouts. */
  readonly layout: 'v1' | 'v2';
  /** The origin of the issuer as the client reached it; absent for a token made without a server. */
  readonly origin?: string;
}

/** The person who signed in, and the application. */
interface IdTokenRequest {
  readonly tenantId: string;
  readonly clientId: string;
  readonly person: IssuerPerson;
  /** App roles that the person has in the application. */
  readonly roles: readonly string[];
  readonly nonce: string | undefined;
  readonly expiresInSeconds: number;
  readonly origin: string;
}

export interface Issuer {
  readonly authority: Authority;
  /** The public keys, as `discovery/v2.0/keys` publishes them. */
  readonly publicKeys: { readonly keys: readonly JWK[] };
  token(request: TokenRequest): Promise<string>;
  idToken(request: IdTokenRequest): Promise<string>;
}

/** An issuer without a real host, so that a token created without a server is valid on any port. */
const nowhere = 'https://rollcall.invalid';

export function issuerOf(tenantId: string, origin = nowhere): string {
  return `${origin}${issuerPath(tenantId)}`;
}

function issuerPath(tenantId: string): string {
  return `/${tenantId}/v2.0`;
}

/** Creates a signing key as text, for the store. */
export async function createIssuerKey(): Promise<string> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  return JSON.stringify({ ...(await exportJWK(privateKey)), kid: randomUUID(), alg: algorithm, use: 'sig' });
}

export async function createIssuer(keyText: string, clock: () => Date): Promise<Issuer> {
  const jwk = JSON.parse(keyText) as JWK; // written by createIssuerKey and kept in the store
  const publicKey = Object.fromEntries(Object.entries(jwk).filter(([name]) => name !== 'd')) as JWK; // d is the private part
  const key = await importJWK(jwk, algorithm);
  function sign(
    claims: Record<string, unknown>,
    { tenantId, origin, expiresInSeconds }: Pick<TokenRequest, 'tenantId' | 'origin' | 'expiresInSeconds'>,
    audience: string,
  ): Promise<string> {
    const now = Math.floor(clock().getTime() / 1000);
    const expires = now + expiresInSeconds;
    const issued = Math.min(now, expires - 1);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: algorithm, typ: 'JWT', kid: jwk.kid ?? '' })
      .setIssuer(issuerOf(tenantId, origin))
      .setAudience(audience)
      .setIssuedAt(issued)
      .setNotBefore(issued)
      .setExpirationTime(expires)
      .sign(key);
  }
  return {
    authority: localAuthority(issuerPath, [publicKey]),
    publicKeys: { keys: [publicKey] },
    token: (request) => sign(claimsOf(request), request, request.audience),
    idToken: (request) => sign(idClaimsOf(request), request, request.clientId),
  };
}

function claimsOf(request: TokenRequest): Record<string, unknown> {
  const { tenantId, clientId, roles, delegated, layout, isCertified = false } = request;
  const proof = isCertified ? '2' : '1';
  const principal = principalOf(tenantId, clientId, delegated);
  const application =
    layout === 'v1'
      ? { app_displayname: 'Rollcall development', appid: clientId, appidacr: proof, ver: '1.0' }
      : { azp: clientId, azpacr: proof, ver: '2.0' };
  const granted = delegated
    ? { scp: 'CallRecords.Read.All User.Read', idtyp: 'user' }
    : { roles, idtyp: 'app' };
  return { ...application, ...granted, tid: tenantId, oid: principal, sub: principal, uti: randomUUID() };
}

function idClaimsOf({ tenantId, clientId, person, roles, nonce }: IdTokenRequest): Record<string, unknown> {
  return {
    tid: tenantId,
    oid: principalOf(tenantId, person.id),
    sub: principalOf(tenantId, clientId, person.id),
    name: person.name,
    preferred_username: `${person.id}@rollcall.invalid`,
    // Entra omits the claim when there are no roles.
    ...(roles.length > 0 && { roles }),
    ...(nonce !== undefined && { nonce }),
    ver: '2.0',
  };
}

/** Returns the GUID of an application or a person in a tenant, the same each time. */
function principalOf(...names: readonly (string | boolean)[]): string {
  const hex = createHash('sha256').update(names.join('\n')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
