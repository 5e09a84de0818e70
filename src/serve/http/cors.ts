/** Answers cross-origin requests (fetch.spec.whatwg.org, section 3.3): disabled unless origins are configured. */
import type { IncomingMessage } from 'node:http';
import { Fault } from '../../contract/faults.ts';
import { type Exchange, send } from '../../graph/exchange.ts';

/** Returns CORS headers, names and values alternating; none for an origin that is not allowed. */
export type CorsRules = (origin: string | undefined) => readonly string[];

const none: readonly string[] = [];
const exposed =
  'client-request-id, ETag, OData-Version, Preference-Applied, request-id, Retry-After, Rollcall-Not-Emulated, Warning, x-ms-ags-diagnostic';

/** Creates the rules. @param allowed Origins such as `https://app.example`, or `*` for all. */
export function corsRules(allowed: readonly string[]): CorsRules {
  if (allowed.length === 0) return () => none;
  const all = allowed.includes('*');
  // A cache must not serve one origin the response to another (fetch.spec.whatwg.org, "CORS protocol and HTTP caches").
  const varies = all ? none : ['Vary', 'Origin'];
  return (origin) =>
    origin === undefined || !(all || allowed.includes(origin))
      ? varies
      : [
          'Access-Control-Allow-Origin',
          all ? '*' : origin,
          'Access-Control-Expose-Headers',
          exposed,
          ...varies,
        ];
}

/** Returns true for a preflight request, which a browser sends before a request that a form could not make. */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined
  );
}

/** Answers a preflight request. @throws Fault `methodNotAllowed` when the origin is not allowed */
export function sendPreflight(exchange: Exchange): void {
  if (!exchange.headers.includes('Access-Control-Allow-Origin'))
    throw new Fault('methodNotAllowed', 'Requests of pages of this origin are not allowed here.');
  const asked = exchange.request.headers['access-control-request-headers'];
  const headers = ['Access-Control-Allow-Methods', 'GET, HEAD, POST', 'Access-Control-Max-Age', '7200'];
  if (asked !== undefined) headers.push('Access-Control-Allow-Headers', asked);
  send(exchange, { status: 204, headers, body: '' });
}
