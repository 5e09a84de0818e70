/** Who asks: by the bearer token of an application, or by the cookie of somebody who signed in to the page. */
import type { Verified, Verifier } from '../auth/verifier.ts';
import { Fault } from '../../contract/faults.ts';
import type { OpenedSession, Sessions } from '../sign-in/session.ts';
import type { Exchange } from '../../graph/exchange.ts';
import { originOf, type OriginRules } from './origin.ts';
import { cookieOf } from '../sign-in/cookies.ts';
import { isOfNoOtherPage } from '../sign-in/site.ts';

/**
 * @returns A promise only when the token or the session is met for the first time.
 * @throws Fault `tokenMissing`, `tokenInvalid`, `unavailable`, `sessionRefused`
 */
export type Authenticate = (exchange: Exchange) => Verified | Promise<Verified>;

interface AuthenticateParts {
  readonly verifier: Verifier;
  /** Absent where nobody signs in. */
  readonly sessions: Sessions | undefined;
  readonly origin: OriginRules;
}

/** A token stands above a cookie: whoever sends both means the token. */
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

/** A cookie goes with whatever a browser is made to send, so it is good for little (docs/decisions/0018-sign-in.md). */
function refuseBeyondReading({ request: { method, headers } }: Exchange, origin: string): void {
  if (method !== 'GET' && method !== 'HEAD')
    throw new Fault('sessionRefused', 'A session of the page reads only. Use the token of an application.');
  if (!isOfNoOtherPage(headers, origin))
    throw new Fault('sessionRefused', 'A session of the page is for the pages of this server alone.');
}
