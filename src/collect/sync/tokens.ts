/**
 * Gets access tokens by client credentials (RFC 6749, section 4.4) and caches them until shortly before they expire.
 */
import * as oauth from 'oauth4webapi';
import type { Clock } from '../../base/clock.ts';
import { findTokenPlace, type TokenPlace } from './authority.ts';
import { fetchResponseOf, type HttpClient } from '../../base/http-client.ts';
import { clientAuthentication, type Credentials } from './credentials.ts';
import { reasonText, UpstreamFailure } from './failure.ts';
import { createIdentityClient, requestIdentityToken } from './managed-identity.ts';

interface TokenOptions {
  readonly upstream: URL;
  /** The scope instead of Graph's: `api://…/.default`. */
  readonly scope?: string | undefined;
  readonly authority: URL | undefined;
  readonly tenantId: string;
  readonly clientId: string;
  readonly credentials: Credentials;
  readonly connection: HttpClient;
  readonly clock: Clock;
}

export interface Tokens {
  /** Returns a token. @throws UpstreamFailure */
  get(signal: AbortSignal): Promise<string>;
  /** Discards a token that upstream rejected: the next request gets a new one. */
  refused(token: string): void;
}

interface Granted {
  readonly token: string;
  readonly lifetimeMs: number;
}

/** How long before expiry a new token is requested. */
const earlyMs = 300_000;
/** The usual token lifetime of Microsoft Entra and Rollcall, used when a response has none. */
const usualSeconds = 3599;
const graph = 'https://graph.microsoft.com/.default';

export function createTokens(options: TokenOptions): Tokens {
  const { clock } = options;
  let current: { readonly token: string; readonly renewMs: number } | undefined;
  let place: TokenPlace | undefined;
  let underWay: Promise<string> | undefined;

  const identityClient = createIdentityClient(clock);

  async function request(signal: AbortSignal): Promise<Granted> {
    const { upstream, scope, authority, tenantId, connection, credentials } = options;
    if (credentials.kind === 'managedIdentity') {
      const [identity, resource] = [
        credentials,
        scope?.replace(/\/\.default$/i, '') ?? `${upstream.origin}/`,
      ];
      return requestIdentityToken({ identity, resource, tenantId, client: identityClient, clock }, signal);
    }
    place ??= await findTokenPlace(upstream, authority, tenantId, connection, signal);
    return requestToken({ ...options, credentials }, place, signal);
  }

  async function ask(signal: AbortSignal): Promise<string> {
    const { token, lifetimeMs } = await request(signal);
    // A short-lived token is used for at least half its lifetime.
    current = { token, renewMs: clock.now().getTime() + Math.max(lifetimeMs - earlyMs, lifetimeMs / 2) };
    return token;
  }

  return {
    get(signal) {
      if (current !== undefined && clock.now().getTime() < current.renewMs)
        return Promise.resolve(current.token);
      underWay ??= ask(signal).finally(() => (underWay = undefined));
      return underWay;
    },
    refused(token) {
      if (current?.token === token) current = undefined;
    },
  };
}

type ClientTokenOptions = Pick<TokenOptions, 'clientId' | 'upstream' | 'scope' | 'connection'> & {
  readonly credentials: Parameters<typeof clientAuthentication>[0];
};

async function requestToken(
  { clientId, credentials, upstream, scope = scopeOf(upstream), connection }: ClientTokenOptions,
  { tokenEndpoint, issuer, isUpstream }: TokenPlace,
  signal: AbortSignal,
): Promise<Granted> {
  // The library accepts only https. `sendForm` sends to the real URL, which may be http on this machine.
  const server = { issuer, token_endpoint: tokenEndpoint.replace(/^http:/, 'https:') };
  const client = { client_id: clientId };
  const authentication = await clientAuthentication(credentials, tokenEndpoint);
  try {
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      client,
      authentication,
      { scope },
      {
        [oauth.customFetch]: (_url, { headers, body }) => sendForm(headers, body),
      },
    );
    const granted = await oauth.processClientCredentialsResponse(server, client, response);
    return { token: granted.access_token, lifetimeMs: (granted.expires_in ?? usualSeconds) * 1000 };
  } catch (error) {
    const failure = tokenFailure(error);
    throw isUpstream ? failure : ofAuthority(failure, tokenEndpoint);
  }

  async function sendForm(headers: Record<string, string>, form: URLSearchParams): Promise<Response> {
    const request = { method: 'POST' as const, url: new URL(tokenEndpoint), headers, body: form.toString() };
    return fetchResponseOf(await connection.send(request, signal));
  }
}

/** Returns the scope. Graph has a separate audience in each cloud; any other upstream uses the global one. */
function scopeOf({ hostname }: URL): string {
  return /(^|\.)(microsoft\.us|chinacloudapi\.cn)$/.test(hostname) ? `https://${hostname}/.default` : graph;
}

/** Converts a failure of a separate authority, so that the message names its address instead of upstream's. */
function ofAuthority(failure: UpstreamFailure, endpoint: string): UpstreamFailure {
  const { reason, detail, retryAfterMs, cause } = failure;
  const isDown = reason === 'upstreamDown' || reason === 'timedOut' || reason === 'cut';
  if (!isDown && reason !== 'notUnderstood') return failure;
  const own = isDown ? 'authorityDown' : 'authorityNotUnderstood';
  const says = `${reasonText(own)} Its token endpoint is ${endpoint}.`;
  return new UpstreamFailure(own, { says, detail, retryAfterMs, cause });
}

/** Converts an authority's error. Its codes may be logged; its messages name the application and are not. */
function tokenFailure(error: unknown): UpstreamFailure {
  if (error instanceof UpstreamFailure) return error;
  if (error instanceof oauth.ResponseBodyError) {
    const entraCode = /AADSTS\d+/.exec(error.error_description ?? '')?.[0];
    const detail = [error.error, entraCode].filter((part) => part !== undefined).join(', ');
    const reason = error.status >= 500 ? 'upstreamDown' : error.status === 429 ? 'throttled' : undefined;
    return new UpstreamFailure(reason ?? 'credentialsRefused', { detail, cause: error });
  }
  const isOdd = error instanceof oauth.OperationProcessingError;
  const status = isOdd && error.cause instanceof Response ? error.cause.status : 200;
  if (status === 429) return new UpstreamFailure('throttled', { detail: 'by the authority' });
  if (status >= 400)
    return new UpstreamFailure(status >= 500 ? 'upstreamDown' : 'notUnderstood', {
      detail: `status ${status}`,
    });
  if (isOdd || error instanceof TypeError)
    return new UpstreamFailure('notUnderstood', { detail: 'the response contains no token', cause: error });
  throw error;
}
