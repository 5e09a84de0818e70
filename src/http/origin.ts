/** Where the client reached the service: what `@odata.context` and next links begin with. */
import type { IncomingHttpHeaders } from 'node:http';
import type { BlockList } from 'node:net';
import { Fault } from '../faults.ts';

export interface OriginRules {
  /** Overrides everything when the operator states it. */
  readonly publicUrl: string | undefined;
  /** Proxies whose `Forwarded` and `X-Forwarded-*` are believed. */
  readonly trustedProxies: BlockList;
  readonly secure: boolean;
}

const hostPattern = /^(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/** @throws Fault `malformedRequest` when the client names no host, or something that is none. */
export function originOf(
  headers: IncomingHttpHeaders,
  remoteAddress: string | undefined,
  rules: OriginRules,
): string {
  if (rules.publicUrl !== undefined) return rules.publicUrl;
  const forwarded = isTrusted(remoteAddress, rules.trustedProxies) ? forwardedOf(headers) : {};
  const host = forwarded.host ?? headers.host;
  if (host === undefined || !hostPattern.test(host)) {
    throw new Fault('malformedRequest', 'The Host header names no host.', { target: 'Host' });
  }
  const scheme = forwarded.proto ?? (rules.secure ? 'https' : 'http');
  return `${scheme}://${host}`;
}

function isTrusted(address: string | undefined, proxies: BlockList): boolean {
  if (address === undefined || proxies.rules.length === 0) return false;
  const ipv4 = address.replace(/^::ffff:(?=\d+\.)/i, '');
  return proxies.check(ipv4, ipv4.includes(':') ? 'ipv6' : 'ipv4');
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
    ...(host && hostPattern.test(host) ? { host } : {}),
    ...(proto === 'http' || proto === 'https' ? { proto } : {}),
  };
}

function first(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  return text?.split(',')[0]?.trim();
}
