/** Whether a browser sends a request for a page of this server, or for one of somebody else's. */
import type { IncomingHttpHeaders } from 'node:http';

/**
 * True when the browser says so (Fetch Metadata, section 2.4; Fetch, section 3.2): of what changes something.
 *
 * @param origin Where the client reached the server.
 */
export function isOfOwnPage(headers: IncomingHttpHeaders, origin: string): boolean {
  const site = headers['sec-fetch-site'];
  return site === undefined ? isOwn(headers.origin, origin) : site === 'same-origin';
}

/** True unless the browser says otherwise: of what only reads. An address that was typed in is nobody's page. */
export function isOfNoOtherPage(headers: IncomingHttpHeaders, origin: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  return headers.origin === undefined || isOwn(headers.origin, origin);
}

function isOwn(asked: string | undefined, origin: string): boolean {
  return asked !== undefined && asked === URL.parse(origin)?.origin;
}
