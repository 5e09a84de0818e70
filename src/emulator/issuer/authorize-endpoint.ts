/** Implements `/{tenant}/oauth2/v2.0/authorize`: a person consents and the browser returns with a code (RFC 6749, 4.1). */
import { randomBytes } from 'node:crypto';
import { createByteCache, sumOfTextBytes } from '../../base/byte-cache.ts';
import { isGuid } from '../../contract/ids.ts';
import type { Clients } from './clients.ts';
import { issuerPeople, type IssuerPerson } from './people.ts';

/** The grant of a code, until the code is exchanged. */
interface Grant {
  readonly tenantId: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly nonce: string | undefined;
  readonly person: IssuerPerson;
}

export interface AuthorizationCodes {
  give(grant: Grant): string;
  /** Returns the grant of a code once. */
  take(code: string): Grant | undefined;
}

/** As long as Entra's codes are valid, about. */
const codeMs = 600_000;
const codeBytes = 4 * 2 ** 20;

export function createAuthorizationCodes(clock: () => Date): AuthorizationCodes {
  const codes = createByteCache<{ readonly grant: Grant; readonly untilMs: number }>({
    maxBytes: codeBytes,
    bytesOf: ({ grant: { tenantId, clientId, redirectUri, codeChallenge, nonce = '' } }) =>
      sumOfTextBytes([tenantId, clientId, redirectUri, codeChallenge, nonce]),
  });
  return {
    give(grant) {
      const code = randomBytes(32).toString('base64url');
      codes.set(code, { grant, untilMs: clock().getTime() + codeMs });
      return code;
    },
    take(code) {
      const known = codes.get(code);
      codes.delete(code);
      return known !== undefined && known.untilMs > clock().getTime() ? known.grant : undefined;
    },
  };
}

interface AuthorizeRequest {
  readonly tenant: string;
  readonly query: URLSearchParams;
  /** Where the endpoint was reached. */
  readonly origin: string;
}

/** A valid request, or a message for the person about its problem. */
type ReadAuthorize =
  | { readonly request: Omit<Grant, 'person'>; readonly state: string | undefined }
  | { readonly problem: string };

/** SHA-256 in base64url. */
const challenge = /^[A-Za-z0-9_-]{43}$/;

export function readAuthorize({ tenant, query, origin }: AuthorizeRequest, clients: Clients): ReadAuthorize {
  const twice = [...new Set(query.keys())].filter((name) => query.getAll(name).length > 1);
  const client = clients.find(query.get('client_id') ?? '');
  const redirectUri = query.get('redirect_uri') ?? '';
  const scopes = query.get('scope')?.split(' ') ?? [];
  const codeChallenge = query.get('code_challenge') ?? '';
  if (twice.length > 0) return { problem: 'A parameter is given twice.' };
  if (!isGuid(tenant)) return { problem: 'The tenant in the path must be a tenant id.' };
  if (client === undefined || client.tenants?.includes(tenant.toLowerCase()) === false)
    return { problem: 'The client_id names no application that this tenant knows.' };
  if (!isOnThisMachine(redirectUri, origin))
    return { problem: 'The redirect_uri must be on this machine, or on the host of this server.' };
  if (query.get('response_type') !== 'code' || (query.get('response_mode') ?? 'query') !== 'query')
    return { problem: "This issuer offers response_type 'code' in the query alone." };
  if (!scopes.includes('openid')) return { problem: "The scope must include 'openid'." };
  if (query.get('code_challenge_method') !== 'S256' || !challenge.test(codeChallenge))
    return { problem: "A code_challenge is needed, with code_challenge_method 'S256'." };
  return {
    request: {
      tenantId: tenant.toLowerCase(),
      clientId: client.id,
      redirectUri,
      codeChallenge,
      nonce: query.get('nonce') ?? undefined,
    },
    state: query.get('state') ?? undefined,
  };
}

/** Returns the URL that the browser goes to. @param personId The person who consents; any other value denies. */
export function agree(
  read: Extract<ReadAuthorize, { readonly request: object }>,
  personId: string,
  codes: AuthorizationCodes,
): string {
  const { request, state } = read;
  const url = new URL(request.redirectUri);
  const person = issuerPeople.find(({ id }) => id === personId);
  if (person === undefined) url.searchParams.set('error', 'access_denied');
  else url.searchParams.set('code', codes.give({ ...request, person }));
  if (state !== undefined) url.searchParams.set('state', state);
  return url.href;
}

/** Returns true for a local URL: codes go nowhere else, because applications register no redirect URI. */
function isOnThisMachine(redirectUri: string, origin: string): boolean {
  const url = URL.parse(redirectUri);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hash !== '') return false;
  return (
    /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname) ||
    url.hostname === new URL(origin).hostname
  );
}
