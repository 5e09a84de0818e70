/**
 * Signs people in with an OpenID authority: the authorization code flow (OpenID Connect Core 1.0, section 3.1) with
 * PKCE (RFC 7636), state and nonce. It uses the same keys and endpoints as the verification of bearer tokens.
 */
import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';
import type { OpenIdAuthority } from '../auth/authority.ts';
import { authorityClient } from '../../base/authority/authority-fetch.ts';
import type { SignInEndpoints } from '../../base/authority/discovery.ts';
import { tenantPlaceholder } from '../../contract/entra.ts';
import { algorithms, verifyToken } from '../auth/verifier.ts';
import { Fault } from '../../contract/faults.ts';
import { fetchResponseOf } from '../../base/http-client.ts';
import type { Attempt } from './attempt.ts';
import { SignInFailure } from './failure.ts';
import type { SignedInPerson } from './session.ts';

export interface CodeFlowOptions {
  readonly authority: OpenIdAuthority;
  readonly clientId: string;
  /** Reads the secret for each sign-in, so that a secret in a file can be changed; `undefined` for a public client. */
  readonly clientSecret: () => Promise<string | undefined>;
  /** App roles, of which a person needs one. */
  readonly roles: readonly string[];
  /** Tenants in lower case; all of the authority when absent. */
  readonly allowedTenants: readonly string[] | undefined;
  readonly clock: () => Date;
}

interface AttemptPlan {
  readonly redirectUri: string;
  readonly returnPath: string;
  /** Shows the account picker even when one account is signed in at the authority. */
  readonly choosesAccount: boolean;
}

export interface CodeFlow {
  /** Starts a sign-in. @returns The URL to redirect the browser to. @throws SignInFailure */
  begin(plan: AttemptPlan): Promise<{ readonly url: string; readonly attempt: Attempt }>;
  /** Completes a sign-in. @param answer The query of the authority's redirect. @throws SignInFailure */
  complete(attempt: Attempt, answer: URLSearchParams): Promise<SignedInPerson>;
}

const scope = 'openid profile';
const clockSkewSeconds = 300;

export function createCodeFlow(options: CodeFlowOptions): CodeFlow {
  const { clientId, authority } = options;

  async function endpoints(): Promise<SignInEndpoints> {
    try {
      const published = await authority.signInEndpoints();
      if (published === undefined) throw new SignInFailure('notUnderstood');
      return published;
    } catch (error) {
      throw error instanceof Fault ? new SignInFailure('authorityDown', { cause: error }) : error;
    }
  }

  return {
    async begin({ redirectUri, returnPath, choosesAccount }) {
      const { authorization } = await endpoints();
      const attempt = {
        state: oauth.generateRandomState(),
        nonce: oauth.generateRandomNonce(),
        codeVerifier: oauth.generateRandomCodeVerifier(),
        redirectUri,
        returnPath,
      };
      const url = new URL(authorization);
      const parameters = {
        client_id: clientId,
        response_type: 'code',
        response_mode: 'query',
        redirect_uri: redirectUri,
        scope,
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(attempt.codeVerifier),
        code_challenge_method: 'S256',
        ...(choosesAccount && { prompt: 'select_account' }),
      };
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
      return { url: url.href, attempt };
    },

    async complete(attempt, answer) {
      if (answer.get('state') !== attempt.state) throw new SignInFailure('otherAttempt');
      const published = await endpoints();
      const idToken = await exchangeCode(options, published, attempt, answer);
      return personOf(idToken, options);
    },
  };
}

/** Exchanges the code. @returns The ID token for this sign-in and client, whose signature the caller must verify. */
async function exchangeCode(
  { clientId, clientSecret, clock }: CodeFlowOptions,
  published: SignInEndpoints,
  { state, nonce, codeVerifier, redirectUri }: Attempt,
  answer: URLSearchParams,
): Promise<string> {
  const server = {
    issuer: published.issuer,
    token_endpoint: published.token,
    id_token_signing_alg_values_supported: algorithms,
  };
  const client = {
    client_id: clientId,
    [oauth.clockSkew]: Math.round((clock().getTime() - Date.now()) / 1000),
    [oauth.clockTolerance]: clockSkewSeconds,
  };
  const secret = await clientSecret().catch((error: unknown) => {
    throw new SignInFailure('clientRefused', { cause: error });
  });
  const authentication = secret === undefined ? oauth.None() : oauth.ClientSecretPost(secret);
  try {
    const parameters = oauth.validateAuthResponse(server, client, withoutTemplate(answer, published), state);
    const response = await oauth.authorizationCodeGrantRequest(
      // The library accepts only https. The real URL of the request, possibly http on this machine, is set below.
      { ...server, token_endpoint: published.token.replace(/^http:/, 'https:') },
      client,
      authentication,
      parameters,
      redirectUri,
      codeVerifier,
      { [oauth.customFetch]: (_url, request) => send(published.token, request) },
    );
    const issuer = await issuerOf(response.clone(), published);
    const granted = await oauth.processAuthorizationCodeResponse({ ...server, issuer }, client, response, {
      expectedNonce: nonce,
      requireIdToken: true,
    });
    return granted.id_token!; // the library checked it
  } catch (error) {
    throw failureOf(error);
  }
}

async function send(
  url: string,
  { method, headers, body }: { method: 'POST'; headers: Record<string, string>; body: URLSearchParams },
): Promise<Response> {
  try {
    const form = { method, url: new URL(url), headers, body: body.toString() };
    return fetchResponseOf(await authorityClient.send(form), ['content-type', 'www-authenticate']);
  } catch (error) {
    throw new SignInFailure('authorityDown', { cause: error });
  }
}

/** Drops the issuer of the person's tenant, which the library does not expect. */
function withoutTemplate(answer: URLSearchParams, { issuer }: SignInEndpoints): URLSearchParams {
  const parameters = new URLSearchParams(answer);
  if (issuer.includes(tenantPlaceholder)) parameters.delete('iss');
  return parameters;
}

/** Returns the issuer that the token must name: the published one, with the tenant of the token. */
async function issuerOf(response: Response, { issuer }: SignInEndpoints): Promise<string> {
  if (!issuer.includes(tenantPlaceholder)) return issuer;
  try {
    const { id_token: idToken } = (await response.json()) as { id_token: string };
    const tenant = String(decodeJwt(idToken)['tid']);
    return issuer.replace(tenantPlaceholder, () => tenant);
  } catch {
    return issuer; // the library rejects it
  }
}

async function personOf(
  idToken: string,
  { authority, clientId, roles, allowedTenants, clock }: CodeFlowOptions,
): Promise<SignedInPerson> {
  const { caller, claims } = await verifyToken(idToken, {
    authorities: [authority],
    audiences: [clientId],
    clockSkewSeconds,
    clock,
  }).catch((error: unknown) => {
    if (!(error instanceof Fault)) throw error;
    throw new SignInFailure(error.fault === 'unavailable' ? 'authorityDown' : 'notGenuine', { cause: error });
  });
  if (allowedTenants?.includes(caller.tenantId) === false) throw new SignInFailure('otherTenant');
  if (!roles.some((role) => caller.roles.includes(role))) throw new SignInFailure('roleMissing');
  const { name, preferred_username: userName } = claims;
  return {
    tenantId: caller.tenantId,
    subject: caller.principalId === '' ? String(claims.sub) : caller.principalId,
    name:
      ([name, userName].find((text) => typeof text === 'string' && text !== '') as string | undefined) ?? '',
  };
}

function failureOf(error: unknown): unknown {
  if (error instanceof oauth.AuthorizationResponseError)
    return new SignInFailure(authorityRefusals[error.error] ?? 'declined', { cause: error });
  if (error instanceof oauth.ResponseBodyError) {
    if (error.status >= 500 || error.status === 429)
      return new SignInFailure('authorityDown', { cause: error });
    return new SignInFailure(error.error === 'invalid_grant' ? 'codeRefused' : 'clientRefused', {
      cause: error,
    });
  }
  if (error instanceof oauth.WWWAuthenticateChallengeError)
    return new SignInFailure('clientRefused', { cause: error });
  if (error instanceof oauth.OperationProcessingError) {
    const { cause, code } = error;
    if (cause instanceof Response && cause.status >= 500)
      return new SignInFailure('authorityDown', { cause: error });
    const isToken =
      code === oauth.JWT_CLAIM_COMPARISON || code === oauth.JWT_TIMESTAMP_CHECK || hasClaims(cause);
    return new SignInFailure(isToken ? 'notGenuine' : 'notUnderstood', { cause: error });
  }
  if (error instanceof oauth.UnsupportedOperationError || error instanceof TypeError)
    return new SignInFailure('notUnderstood', { cause: error });
  return error;
}

/** Returns true when the library reports the claims, as it does for a missing one. */
function hasClaims(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'claims' in cause;
}

/** Codes of RFC 6749, section 4.1.2.1; any other means that the person or an administrator declined. */
const authorityRefusals: Readonly<Partial<Record<string, 'clientRefused' | 'authorityDown'>>> = {
  invalid_request: 'clientRefused',
  unauthorized_client: 'clientRefused',
  unsupported_response_type: 'clientRefused',
  invalid_scope: 'clientRefused',
  server_error: 'authorityDown',
  temporarily_unavailable: 'authorityDown',
};
