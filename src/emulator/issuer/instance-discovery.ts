/** Answers instance discovery, by which MSAL checks the host of an authority and finds its configuration. */
import type { JsonAnswer } from './token-endpoint.ts';

const tenantInPath = /^\/([0-9a-z.-]{1,64})(?:\/oauth2(?:\/v2\.0)?\/authorize)?\/?$/i;

/** Answers for the server's own host only, so that a client trusts no other. @param query As MSAL sends it. */
export function answerInstanceDiscovery(query: URLSearchParams, origin: string): JsonAnswer {
  const { host } = new URL(origin);
  const endpoint = URL.parse(query.get('authorization_endpoint') ?? '');
  const tenant = tenantInPath.exec(endpoint?.pathname ?? '')?.[1];
  if (endpoint?.origin !== origin || tenant === undefined) {
    const error_description = `AADSTS50049: The authorization_endpoint must be of a tenant on this server: ${origin}/TENANT/oauth2/v2.0/authorize.`;
    return { status: 400, body: { error: 'invalid_instance', error_description, error_codes: [50049] } };
  }
  return {
    status: 200,
    body: {
      tenant_discovery_endpoint: `${origin}/${tenant}/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    },
  };
}
