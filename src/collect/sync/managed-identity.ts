/**
 * Gets access tokens of a managed identity from Azure's metadata service (IMDS), or from the endpoint that a host
 * provides.
 */
import { decodeJwt } from 'jose';
import type { Clock } from '../../base/clock.ts';
import { createHttpClient, type HttpAnswer, type HttpClient, HttpFailure } from '../../base/http-client.ts';
import { jsonObject } from '../../base/json.ts';
import { UpstreamFailure } from './failure.ts';

/** The token endpoint for the managed identities of this machine. */
export interface IdentityService {
  /** The URL with its path and `api-version`; the resource and the identity are added for each request. */
  readonly url: URL;
  /** Headers that prove that a program on this machine sends the request. May contain a secret of the host. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface ManagedIdentity {
  readonly service: IdentityService;
  /** The client id of a user-assigned identity; the system-assigned identity when absent. */
  readonly clientId: string | undefined;
}

interface IdentityTokenOptions {
  readonly identity: ManagedIdentity;
  /** The resource of the token: `https://graph.microsoft.com/`. */
  readonly resource: string;
  /** The tenant whose calls are requested: an identity only gets tokens for its own tenant. */
  readonly tenantId: string;
  readonly client: Pick<HttpClient, 'send'>;
  readonly clock: Clock;
}

/** Creates a client for an identity service. It is on this machine or its network, so no proxy is used. */
export function createIdentityClient(clock: Clock): HttpClient {
  return createHttpClient({ clock, timeoutMs: 30_000, maxBodyBytes: 2 ** 18 });
}

/** The usual lifetime of Microsoft Entra's tokens, used when a response has none. */
const usualMs = 3_599_000;

/**
 * Returns the delays, in seconds, before the retries of a request.
 *
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token (retry
 *   guidance: 404, 410, 429 and 5xx), and for the delays the retry specification of MSAL for .NET
 */
function pausesAfter(status: number): readonly number[] {
  if (status === 410) return Array<number>(7).fill(10); // updating: it returns within 70 seconds
  if (status === 429) return [2, 4, 8, 16];
  return status === 404 || status === 408 || status >= 500 ? [1, 2, 4] : [];
}

/** Requests a token. @throws UpstreamFailure that names the service */
export async function requestIdentityToken(
  options: IdentityTokenOptions,
  signal: AbortSignal,
): Promise<{ token: string; lifetimeMs: number }> {
  const { identity, resource, client, clock } = options;
  const url = new URL(identity.service.url);
  url.searchParams.set('resource', resource);
  if (identity.clientId !== undefined) url.searchParams.set('client_id', identity.clientId);
  const request = { method: 'GET' as const, url, headers: identity.service.headers };
  for (let attempt = 0; ; attempt++) {
    const answer = await client.send(request, signal).catch((error: unknown) => {
      throw error instanceof HttpFailure ? unanswered(url, error) : error;
    });
    if (answer.status === 200) return readToken(answer, url, options);
    const pause = pausesAfter(answer.status)[attempt];
    if (pause === undefined) throw refused(answer, url, identity);
    await clock.sleep(pause * 1000, signal);
    signal.throwIfAborted();
  }
}

function readToken(
  { body }: HttpAnswer,
  url: URL,
  { tenantId, clock }: IdentityTokenOptions,
): { token: string; lifetimeMs: number } {
  const { access_token: token, expires_in: seconds, expires_on: until } = jsonObject(body) ?? {};
  if (typeof token !== 'string' || token === '')
    throw new UpstreamFailure('authorityNotUnderstood', {
      says: `The server at ${url.origin}, used as the managed identity service, does not return a token. Check that no other service uses this address.`,
    });
  if (!isOf(token, tenantId))
    throw new UpstreamFailure('credentialsRefused', {
      says: `The managed identity does not belong to tenant ${tenantId}. A managed identity gets tokens only for its home tenant: use --client-assertion-file, a secret or a certificate for other tenants.`,
    });
  // Both are strings in most responses.
  const now = clock.now().getTime();
  const lifetimes = [Number(seconds ?? Number.NaN) * 1000, Number(until ?? Number.NaN) * 1000 - now];
  return { token, lifetimeMs: lifetimes.find((ms) => ms > 0) ?? usualMs };
}

/** Returns true for a token of the tenant. An opaque token is accepted: upstream decides whether it is valid. */
function isOf(token: string, tenantId: string): boolean {
  try {
    const { tid } = decodeJwt(token);
    return typeof tid !== 'string' || tid.toLowerCase() === tenantId;
  } catch {
    return true;
  }
}

function unanswered(url: URL, failure: HttpFailure): UpstreamFailure {
  return new UpstreamFailure('authorityDown', {
    says: `The managed identity service at ${url.origin} does not respond. Check that this machine or container is an Azure resource with a managed identity, and that no firewall blocks the address.`,
    detail: failure.message,
    cause: failure,
  });
}

function refused({ status, body }: HttpAnswer, url: URL, { clientId }: ManagedIdentity): UpstreamFailure {
  const { error } = jsonObject(body) ?? {};
  // Only a code is kept, never a message of the service.
  const code = typeof error === 'string' && /^\w{1,64}$/.test(error) ? [error] : [];
  const detail = [`status ${status}`, ...code].join(', ');
  if (pausesAfter(status).length > 0)
    return new UpstreamFailure('authorityDown', {
      says: `The managed identity service at ${url.origin} cannot issue a token at the moment. Sync retries.`,
      detail,
    });
  const which =
    clientId === undefined
      ? 'a system-assigned identity is assigned'
      : `the user-assigned identity ${clientId} is assigned (its client ID, not its object ID)`;
  return new UpstreamFailure('credentialsRefused', {
    says: `The managed identity service at ${url.origin} refused to issue a token. Check that ${which} to this machine or container.`,
    detail,
  });
}
