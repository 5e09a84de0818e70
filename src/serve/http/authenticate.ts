/** Identifies the caller: an application by its bearer token, or a person by the session cookie of the page. */
import type { Verified, Verifier } from '../auth/verifier.ts';
import { Fault } from '../../contract/faults.ts';
import type { OpenedSession, Sessions } from '../sign-in/session.ts';
import type { Exchange } from '../../graph/exchange.ts';
import { originOf, type OriginRules } from './origin.ts';
import { cookieOf } from '../sign-in/cookies.ts';
import { isOfNoOtherPage } from '../sign-in/site.ts';

/**
 * Authenticates a request. @returns A promise only for a token or session that is not cached.
 * @throws Fault `tokenMissing`, `tokenInvalid`, `unavailable`, `sessionRefused`
 */
export type Authenticate = (exchange: Exchange) => Verified | Promise<Verified>;

interface AuthenticateParts {
  readonly verifier: Verifier;
  /** Absent when sign-in is not configured. */
  readonly sessions: Sessions | undefined;
  readonly origin: OriginRules;
}

/** Creates the authentication. A request with both a token and a cookie is authenticated by the token. */
export function createAuthenticate({ verifier, sessions, origin }: AuthenticateParts): Authenticate {
  return (exchange) => {
    const { request, clientAddress } = exchange;
    const { authorization, cookie } = request.headers;
    if (authorization !== undefined || cookie === undefined || sessions === undefined)
      return verifier.verify(authorization);
    const reachedAt = originOf(request, clientAddress, origin);
    const text = cookieOf(cookie, 'session', reachedAt);
    const opened = text === undefined ? undefined : sessions.open(text);
    const allow = (session: OpenedSession | undefined) => {
      if (session === undefined) return verifier.verify(undefined);
      refuseBeyondReading(exchange, reachedAt);
      return session;
    };
    return opened instanceof Promise ? opened.then(allow) : allow(opened);
  };
}

/** Limits sessions to reads: a browser attaches the cookie to any request (docs/decisions/0018-sign-in.md). */
function refuseBeyondReading({ request: { method, headers } }: Exchange, origin: string): void {
  if (method !== 'GET' && method !== 'HEAD')
    throw new Fault(
      'sessionRefused',
      'A session of the page only reads. Use the token of an application to change something.',
    );
  if (!isOfNoOtherPage(headers, origin))
    throw new Fault(
      'sessionRefused',
      'A session works only in pages of this server. The request came from another site.',
    );
}
