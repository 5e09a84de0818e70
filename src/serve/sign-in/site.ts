/** Determines whether a browser sends a request for a page of this server or of another site. */
import type { IncomingHttpHeaders } from 'node:http';

/** Returns true when the browser states that a page of the origin sent it (Fetch Metadata, section 2.4). For changes. */
export function isOfOwnPage(headers: IncomingHttpHeaders, origin: string): boolean {
  const site = headers['sec-fetch-site'];
  return site === undefined ? isOwn(headers.origin, origin) : site === 'same-origin';
}

/** Returns true unless the browser names another site. Used for reads. A typed address belongs to no page. */
export function isOfNoOtherPage(headers: IncomingHttpHeaders, origin: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  return headers.origin === undefined || isOwn(headers.origin, origin);
}

function isOwn(asked: string | undefined, origin: string): boolean {
  return asked !== undefined && asked === URL.parse(origin)?.origin;
}
