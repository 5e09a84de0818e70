/** Exchanges a code for an ID token (OpenID Connect Core 1.0, section 3.1.3), with proof of possession (RFC 7636). */
import { createHash } from 'node:crypto';
import type { AuthorizationCodes } from './authorize-endpoint.ts';
import type { Client } from './clients.ts';
import { graphAudiences } from '../../base/development.ts';
import type { Issuer } from './issuer.ts';

interface CodeGrantRequest {
  readonly tenantId: string;
  readonly client: Client;
  readonly fields: URLSearchParams;
  readonly origin: string;
  readonly lifetimeSeconds: number;
}

/** Returns `undefined` when the code is not valid for this client, its redirect URI and its verifier. */
export async function answerCodeGrant(
  { tenantId, client, fields, origin, lifetimeSeconds }: CodeGrantRequest,
  issuer: Issuer,
  codes: AuthorizationCodes,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  // Used up in any case: a verifier can be guessed only once.
  const grant = codes.take(fields.get('code') ?? '');
  const verifier = createHash('sha256').update(fields.get('code_verifier') ?? '');
  if (
    grant?.tenantId !== tenantId ||
    grant.clientId !== client.id ||
    grant.redirectUri !== fields.get('redirect_uri') ||
    grant.codeChallenge !== verifier.digest('base64url')
  )
    return undefined;
  const { person, nonce } = grant;
  const common = { tenantId, clientId: client.id, expiresInSeconds: lifetimeSeconds, origin };
  const roles = person.hasRoles ? client.roles : [];
  return {
    token_type: 'Bearer',
    scope: 'openid profile',
    expires_in: lifetimeSeconds,
    ext_expires_in: lifetimeSeconds,
    access_token: await issuer.token({
      ...common,
      roles: [],
      delegated: true,
      audience: graphAudiences[0],
      layout: 'v1',
    }),
    id_token: await issuer.idToken({ ...common, person, roles, nonce }),
  };
}
