/**
 * Decides which addresses Rollcall connects to for subscribers: none that are special to a network, unless the operator
 * allows them. A subscriber names the endpoint, so it could otherwise reach hosts that only this machine can reach
 * (server-side request forgery).
 */
import { isIP, isIPv6 } from 'node:net';
import { subnetsOf } from '../base/subnets.ts';

/** Blocks the IANA IPv4 Special-Purpose Address Registry and multicast (RFC 5771). */
const specialIpv4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private use
  '100.64.0.0/10', // shared address space
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link local, where clouds have their metadata
  '172.16.0.0/12', // private use
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // AMT
  '192.88.99.0/24', // 6to4 relay
  '192.168.0.0/16', // private use
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarking
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and limited broadcast
];

/**
 * Blocks the IANA IPv6 Special-Purpose Address Registry. Only 2000::/3 is global unicast (RFC 4291, section 2.4):
 * outside of it are loopback, IPv4-mapped, NAT64, discard-only, segment identifiers, unique local, link local,
 * multicast and unassigned addresses.
 */
const specialIpv6 = [
  '::/3',
  '4000::/2',
  '8000::/1',
  '2001::/23', // protocol assignments: Teredo, benchmarking, ORCHID, …
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4: an IPv4 address is inside
  '2620:4f:8000::/48', // AS112
  '3fff::/20', // documentation
];

/**
 * The lists are separate, because a combined `BlockList` also matches IPv4 addresses against IPv6 subnets, as
 * ::ffff:0:0/96.
 */
const special = { ipv4: subnetsOf(specialIpv4), ipv6: subnetsOf(specialIpv6) } as const;

export const loopback: readonly string[] = ['127.0.0.0/8', '::1'];

/** Returns whether connections to an address are allowed. */
export type AddressRule = (address: string) => boolean;

/**
 * Creates an address rule.
 *
 * @param allow Special addresses and subnets that are allowed.
 * @throws RangeError naming the entry that is neither an address nor a subnet.
 */
export function addressRule(allow: readonly string[]): AddressRule {
  const allowed = subnetsOf(allow);
  return (address) => {
    const plain = address.split('%', 1)[0]!; // without the zone of a link-local address
    if (isIP(plain) === 0) return false;
    const family = isIPv6(plain) ? 'ipv6' : 'ipv4';
    return allowed.check(plain, family) || !special[family].check(plain, family);
  };
}
