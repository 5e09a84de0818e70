/** Where the client reached the service: what `@odata.context` and next links begin with. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type BlockList, isIP } from 'node:net';
import { Fault } from '../faults.ts';

export interface OriginRules {
  /** Overrides everything when the operator states it. */
  readonly publicUrl: string | undefined;
  /** Proxies whose `Forwarded` and `X-Forwarded-*` are believed. */
  readonly trustedProxies: BlockList;
  readonly secure: boolean;
}

/** Labels with dots between, or an address in brackets; then a port. */
const hostPattern = /^(?:[\w~-]+(?:\.[\w~-]+)*\.?|\[[0-9A-Fa-f:.]+\])(?::(\d{1,5}))?$/;
const maxPort = 65_535;

/** @throws Fault `malformedRequest` when the client names no host, several, or something that is none. */
export function originOf(
  request: Pick<IncomingMessage, 'headers' | 'rawHeaders' | 'url'>,
  remoteAddress: string | undefined,
  rules: OriginRules,
): string {
  const { headers, rawHeaders, url } = request;
  if (countOfHosts(rawHeaders) > 1) throw badHost('There are several Host headers.');
  if (rules.publicUrl !== undefined) return rules.publicUrl;
  const forwarded = isTrusted(remoteAddress, rules.trustedProxies) ? forwardedOf(headers) : {};
  const host = forwarded.host ?? hostOfTarget(url) ?? headers.host;
  if (host === undefined || !isHost(host)) throw badHost('The Host header names no host.');
  const scheme = forwarded.proto ?? (rules.secure ? 'https' : 'http');
  return `${scheme}://${host}`;
}

/** Node keeps the first of several, where RFC 9112, section 3.2, refuses them. */
function countOfHosts(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (name.length === 4 && name.toLowerCase() === 'host') count++;
  }
  return count;
}

/** A target in absolute form stands above the header (RFC 9112, section 3.2.2). */
function hostOfTarget(url: string | undefined): string | undefined {
  return url === undefined || url.startsWith('/') ? undefined : /^https?:\/\/([^/?#]*)/i.exec(url)?.[1];
}

function isHost(text: string): boolean {
  const match = hostPattern.exec(text);
  return match !== null && Number(match[1] ?? 0) <= maxPort;
}

function badHost(message: string): Fault {
  return new Fault('malformedRequest', message, { target: 'Host' });
}

function isTrusted(address: string | undefined, proxies: BlockList): boolean {
  if (address === undefined || proxies.rules.length === 0) return false;
  const ipv4 = address.replace(/^::ffff:(?=\d+\.)/i, '');
  return proxies.check(ipv4, ipv4.includes(':') ? 'ipv6' : 'ipv4');
}

/** Who sent the request, told by the trusted proxies it came through: the nearest that is none of them. */
export function senderOf(
  { headers }: Pick<IncomingMessage, 'headers'>,
  remoteAddress: string | undefined,
  { trustedProxies }: OriginRules,
): string {
  const told = headers['x-forwarded-for']?.toString().split(',') ?? [];
  let sender = remoteAddress;
  while (isTrusted(sender, trustedProxies) && told.length > 0) {
    const next = told.pop()!.trim();
    if (isIP(next) === 0) break;
    sender = next;
  }
  return sender ?? '';
}

/** `Forwarded` (RFC 7239) first; the first element is the one nearest the client. */
function forwardedOf(headers: IncomingHttpHeaders): { host?: string; proto?: string } {
  const standard = first(headers['forwarded']);
  const pairs = new Map(
    (standard ?? '').split(';').map((pair) => {
      const [name = '', value = ''] = pair.split('=', 2);
      return [name.trim().toLowerCase(), value.trim().replace(/^"|"$/g, '')];
    }),
  );
  const host = pairs.get('host') ?? first(headers['x-forwarded-host']);
  const proto = pairs.get('proto') ?? first(headers['x-forwarded-proto']);
  return {
    ...(host && isHost(host) ? { host } : {}),
    ...(proto === 'http' || proto === 'https' ? { proto } : {}),
  };
}

function first(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  return text?.split(',')[0]?.trim();
}
