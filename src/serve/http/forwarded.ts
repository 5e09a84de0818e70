/**
 * Reads the headers that trusted proxies add to a request. Each proxy appends at the right end of a header, so values
 * that a client forged are on the left: parsing starts at the right and ends with the value of the outermost trusted
 * proxy.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { type BlockList, isIP } from 'node:net';
import { isIn } from '../../base/subnets.ts';

export interface ForwardedView {
  /** The nearest address that is not a trusted proxy. */
  readonly sender: string;
  /** The host requested from the outermost trusted proxy; absent when no proxy sent it. */
  readonly host: string | undefined;
  readonly proto: string | undefined;
}

/** Returns one view per kind of header in the request; none when the request did not come from a trusted proxy. */
export function forwardedViews(
  headers: IncomingHttpHeaders,
  peer: string | undefined,
  proxies: BlockList,
): readonly ForwardedView[] {
  if (peer === undefined || !isTrusted(peer, proxies)) return [];
  const { forwarded, 'x-forwarded-for': addresses } = headers;
  const hosts = headers['x-forwarded-host'];
  const protos = headers['x-forwarded-proto'];
  return [
    ...(addresses === undefined && hosts === undefined && protos === undefined
      ? []
      : [viewOfLists(peer, listOf(addresses), listOf(hosts), listOf(protos), proxies)]),
    ...(forwarded === undefined ? [] : [viewOfElements(peer, forwarded, proxies)]),
  ];
}

function isTrusted(address: string, proxies: BlockList): boolean {
  return proxies.rules.length > 0 && isIn(proxies, address);
}

/**
 * Reads `X-Forwarded-For`, `-Host` and `-Proto`, which are parallel lists. A proxy that overwrites a list instead of
 * appending makes it shorter than the number of proxies.
 */
function viewOfLists(
  peer: string,
  addresses: readonly string[],
  hosts: readonly string[],
  protos: readonly string[],
  proxies: BlockList,
): ForwardedView {
  let sender = peer;
  let written = 0;
  while (isTrusted(sender, proxies) && written < addresses.length) {
    written++;
    const next = addressIn(addresses.at(-written)!);
    if (next === undefined) break;
    sender = next;
  }
  const ofOutermost = (list: readonly string[]) => list.at(-Math.min(Math.max(written, 1), list.length));
  return { sender, host: ofOutermost(hosts), proto: ofOutermost(protos) };
}

/**
 * Reads `Forwarded` (RFC 7239), to which each proxy adds an element. Hosts and addresses contain no comma, so every
 * comma ends an element: an unclosed quotation mark of a client cannot swallow what a proxy added.
 */
function viewOfElements(peer: string, header: string, proxies: BlockList): ForwardedView {
  let sender = peer;
  let host: string | undefined;
  let proto: string | undefined;
  for (const element of listOf(header).reverse().map(pairsOf)) {
    host = element.get('host') ?? host;
    proto = element.get('proto') ?? proto;
    const next = addressIn(element.get('for') ?? '');
    if (next === undefined) break;
    sender = next;
    if (!isTrusted(sender, proxies)) break;
  }
  return { sender, host, proto };
}

/** Returns the pairs with lower-case names; the first of each, as origin servers read it. */
function pairsOf(element: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const pair of element.split(';')) {
    const equals = pair.indexOf('=');
    const name = pair.slice(0, Math.max(equals, 0)).trim().toLowerCase();
    const value = pair.slice(equals + 1).trim();
    const plain = value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
    if (name !== '' && !pairs.has(name)) pairs.set(name, plain);
  }
  return pairs;
}

function listOf(header: string | string[] | undefined): string[] {
  if (header === undefined) return [];
  return header
    .toString()
    .split(',')
    .map((item) => item.trim());
}

/** Matches an address with or without a port, which Azure's gateways add. */
const withPort = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d{1,5})?$/;

function addressIn(text: string): string | undefined {
  const match = withPort.exec(text);
  const address = match?.[1] ?? match?.[2] ?? text;
  return isIP(address) === 0 ? undefined : address;
}
