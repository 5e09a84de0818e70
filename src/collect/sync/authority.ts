/**
 * Determines which token endpoint to use: a configured authority, the upstream itself when it is a Rollcall, or
 * Microsoft Entra.
 */
import type { HttpClient } from '../../base/http-client.ts';
import { jsonObject } from '../../base/json.ts';
import { authoritiesOfGraph } from '../../contract/graph-authorities.ts';
import { UpstreamFailure } from './failure.ts';
import { trimEnd } from '../../base/trim-end.ts';

export interface TokenPlace {
  readonly tokenEndpoint: string;
  readonly issuer: string;
  /** True when the upstream issues its own tokens, as a development Rollcall does. */
  readonly isUpstream: boolean;
}

/** Returns true for a Graph host, whose tokens come from Microsoft Entra. */
export function isGraph(upstream: URL): boolean {
  return Object.hasOwn(authoritiesOfGraph, upstream.hostname);
}

/** Finds the token endpoint. @throws UpstreamFailure when upstream does not respond */
export async function findTokenPlace(
  upstream: URL,
  authority: URL | undefined,
  tenantId: string,
  connection: HttpClient,
  signal: AbortSignal,
): Promise<TokenPlace> {
  if (authority !== undefined) return entraPlace(trimEnd(authority.href, '/'), tenantId);
  const known = authoritiesOfGraph[upstream.hostname];
  if (known !== undefined) return entraPlace(known, tenantId);
  const own = await discover(upstream, tenantId, connection, signal);
  return own ?? entraPlace(authoritiesOfGraph['graph.microsoft.com']!, tenantId);
}

/** Returns Entra's endpoint. The authority's URL may include the tenant or omit it. */
function entraPlace(authority: string, tenantId: string): TokenPlace {
  const base = authority.replace(/\/v2\.0$/, '');
  const ofTenant = base.toLowerCase().endsWith(`/${tenantId}`) ? base : `${base}/${tenantId}`;
  return { tokenEndpoint: `${ofTenant}/oauth2/v2.0/token`, issuer: `${ofTenant}/v2.0`, isUpstream: false };
}

async function discover(
  upstream: URL,
  tenantId: string,
  connection: HttpClient,
  signal: AbortSignal,
): Promise<TokenPlace | undefined> {
  const url = new URL(`${upstream.origin}/${tenantId}/v2.0/.well-known/openid-configuration`);
  const { status, body } = await connection.send(
    { method: 'GET', url, headers: { accept: 'application/json' } },
    signal,
  );
  if (status >= 500) throw new UpstreamFailure('upstreamDown', { detail: `status ${status}` });
  if (status !== 200) return undefined;
  const { token_endpoint: tokenEndpoint, issuer } = jsonObject(body) ?? {};
  if (typeof tokenEndpoint !== 'string' || typeof issuer !== 'string') return undefined; // no OpenID configuration
  const endpoint = URL.parse(tokenEndpoint);
  return endpoint === null
    ? undefined
    : { tokenEndpoint, issuer, isUpstream: endpoint.origin === upstream.origin };
}
