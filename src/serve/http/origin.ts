/** Determines the origin by which the client reached the service: `@odata.context` and next links begin with it. */
import type { IncomingMessage } from 'node:http';
import type { BlockList } from 'node:net';
import { Fault } from '../../contract/faults.ts';
import { forwardedViews, type ForwardedView } from './forwarded.ts';

export interface OriginRules {
  /** The configured URL, which overrides the request's headers. */
  readonly publicUrl: string | undefined;
  /** Proxies whose `Forwarded` and `X-Forwarded-*` headers are trusted. */
  readonly trustedProxies: BlockList;
  readonly secure: boolean;
}

/** Matches labels separated by dots, or an address in brackets, and an optional port. */
const hostPattern = /^([\w~-]+(?:\.[\w~-]+)*\.?|\[[0-9A-Fa-f:.]+\])(?::(\d{1,5}))?$/;
const maxPort = 65_535;

/**
 * Returns the origin of a request.
 *
 * @throws Fault `malformedRequest` when the request names no host, several or an invalid one; or when two kinds of
 *   headers of a trusted proxy disagree, since the client must have sent one of them
 */
export function originOf(
  request: Pick<IncomingMessage, 'headers' | 'rawHeaders' | 'url'>,
  remoteAddress: string | undefined,
  { publicUrl, trustedProxies, secure }: OriginRules,
): string {
  const { headers, rawHeaders, url } = request;
  if (countOfHosts(rawHeaders) > 1) throw badHost('There are several Host headers.');
  if (publicUrl !== undefined) return publicUrl;
  const host = hostOfTarget(url) ?? headers.host;
  const own = `${secure ? 'https' : 'http'}:`;
  const [first, second] = forwardedViews(headers, remoteAddress, trustedProxies).map((view) =>
    originBy(view, host, own),
  );
  if (second !== undefined && second !== first)
    throw badHost(
      'Forwarded and X-Forwarded-* disagree. Configure the proxy to remove the one that it does not write, or start the server with --public-url.',
    );
  return first ?? originBy(undefined, host, own);
}

function originBy(view: ForwardedView | undefined, named: string | undefined, own: string): string {
  const { host = '', proto = '' } = view ?? {};
  const reached = hostnameOf(host) === undefined ? named : host;
  if (reached === undefined || hostnameOf(reached) === undefined)
    throw badHost('The Host header names no host.');
  return `${/^https?$/.test(proto) ? `${proto}:` : own}//${reached}`;
}

/** Returns all hosts that a request names: in its target, its header, and the headers of its proxies. */
export function hostsNamedBy(
  { headers, url }: Pick<IncomingMessage, 'headers' | 'url'>,
  remoteAddress: string | undefined,
  { trustedProxies }: OriginRules,
): string[] {
  const views = forwardedViews(headers, remoteAddress, trustedProxies);
  // A forwarded value that is not a host name is ignored.
  const forwarded = views.map(({ host }) => host).filter((host = '') => hostnameOf(host) !== undefined);
  return [hostOfTarget(url), headers.host, ...forwarded].filter((host) => host !== undefined);
}

/** Counts the Host headers, of which Node keeps the first (RFC 9112, section 3.2). */
function countOfHosts(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (name.length === 4 && name.toLowerCase() === 'host') count++;
  }
  return count;
}

/** Returns the host of a target in absolute form, which overrides the header (RFC 9112, section 3.2.2). */
function hostOfTarget(url: string | undefined): string | undefined {
  return url === undefined || url.startsWith('/') ? undefined : /^https?:\/\/([^/?#]*)/i.exec(url)?.[1];
}

/** Returns the host name. @param host With or without a port. @returns `undefined` for an invalid host */
export function hostnameOf(host: string): string | undefined {
  const match = hostPattern.exec(host);
  return match === null || Number(match[2] ?? 0) > maxPort ? undefined : match[1];
}

function badHost(message: string): Fault {
  return new Fault('malformedRequest', message, { target: 'Host' });
}

/** Returns the address of the client: the nearest sender that is not a trusted proxy, or the proxy if headers disagree. */
export function senderOf(
  { headers }: Pick<IncomingMessage, 'headers'>,
  remoteAddress: string | undefined,
  { trustedProxies }: OriginRules,
): string {
  const senders = new Set(forwardedViews(headers, remoteAddress, trustedProxies).map(({ sender }) => sender));
  const [sender] = senders;
  return (senders.size === 1 ? sender : remoteAddress) ?? '';
}
