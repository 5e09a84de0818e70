/** Validates the metadata that an OpenID authority publishes (OpenID Connect Discovery 1.0, section 4). */
import * as oauth from 'oauth4webapi';
import type { HttpClient } from '../http-client.ts';
import { AuthorityFailure, fetchJson } from './authority-fetch.ts';

/** A member that only the metadata of the development issuer has, whose secret is public. */
export const developmentMark = 'rollcall_development_issuer';

/** The URL at which a browser signs in, and the URL that exchanges the resulting code for tokens. */
export interface SignInEndpoints {
  /** The published issuer: with Microsoft Entra's placeholder where any organization may sign in. */
  readonly issuer: string;
  readonly authorization: string;
  readonly token: string;
}

export interface Discovered {
  readonly issuer: string;
  readonly keysUrl: string;
  readonly endpoints: Omit<SignInEndpoints, 'issuer'> | undefined;
}

/**
 * Returns the validated metadata of an authority.
 *
 * @param mayBeDevelopment False to reject a development issuer.
 * @throws AuthorityFailure or HttpFailure
 */
export async function discover(
  url: string,
  client: Pick<HttpClient, 'send'>,
  mayBeDevelopment: boolean,
): Promise<Discovered> {
  let stated: unknown;
  const response = await oauth.discoveryRequest(new URL(url), {
    [oauth.customFetch]: async (address) => {
      const document = await fetchJson(address, client);
      stated = document['issuer'];
      return Response.json(document);
    },
    // Plain http is for an authority on this machine: the options see to it where people sign in.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the mark is a warning, there is no other way
    [oauth.allowInsecureRequests]: true,
  });
  // Entra's issuer has a placeholder, or the version of another URL: tokens are compared with the published issuer.
  const expected = typeof stated === 'string' ? URL.parse(stated) : null;
  if (expected === null) throw new AuthorityFailure('the discovery document has no issuer');
  const published = await oauth.processDiscoveryResponse(expected, response);
  if (!mayBeDevelopment && published[developmentMark] === true)
    throw new AuthorityFailure('it is a development server, whose signing secret is public');
  const {
    issuer,
    jwks_uri: keysUrl,
    authorization_endpoint: authorization,
    token_endpoint: token,
  } = published;
  if (!isHttpUrl(keysUrl)) throw new AuthorityFailure('the discovery document has no keys');
  const endpoints = isHttpUrl(authorization) && isHttpUrl(token) ? { authorization, token } : undefined;
  return { issuer, keysUrl, endpoints };
}

function isHttpUrl(value: unknown): value is string {
  return typeof value === 'string' && /^https?:$/.test(URL.parse(value)?.protocol ?? '');
}
