/**
 * Rejects requests whose host name is not the server's. A foreign web page can resolve its own name to this machine and
 * then counts as same-origin in the browser (DNS rebinding); origin checks cannot detect that.
 */
import { Fault } from '../../contract/faults.ts';
import { isIn, plainAddress, subnetsOf } from '../../base/subnets.ts';
import type { Exchange } from '../../graph/exchange.ts';
import { hostnameOf, hostsNamedBy, originOf, type OriginRules } from './origin.ts';

/** Checks the host of a request. @throws Fault `hostRefused`, or `malformedRequest` for an invalid host */
export type HostGuard = (exchange: Pick<Exchange, 'request' | 'clientAddress'>) => void;

const loopback = subnetsOf(['127.0.0.0/8', '::1']);

/** Creates the guard. @param names Host names and addresses, without ports, in addition to those of this machine. */
export function createHostGuard(names: readonly string[], origin: OriginRules): HostGuard {
  const allowed = new Set(names.map(plainName));
  return ({ request, clientAddress }) => {
    originOf(request, clientAddress, origin);
    for (const host of hostsNamedBy(request, clientAddress, origin)) {
      const name = plainName(hostnameOf(host) ?? '');
      if (allowed.has(name) || isOfThisMachine(name, request.socket.localAddress)) continue;
      if (name === '')
        throw new Fault('malformedRequest', 'The Host header names no host.', { target: 'Host' });
      throw new Fault(
        'hostRefused',
        `This server does not accept the host name '${name}'. Use localhost, or start the server with --allow-host ${name}.`,
        { target: 'Host' },
      );
    }
  };
}

/**
 * Returns true for an address or name of this machine. DNS rebinding does not affect addresses: the connection's local
 * address belongs to the server.
 */
function isOfThisMachine(name: string, localAddress: string | undefined): boolean {
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  return isIn(loopback, name) || (localAddress !== undefined && plainAddress(localAddress) === name);
}

/** Returns the name in lower case, without a trailing dot or brackets. */
function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^\[(.*)\]$/, '$1');
}
