/** Parses addresses and subnets as operators write them: `10.0.0.1`, `10.0.0.0/8`, `fd00::/8`. */
import { BlockList, isIP } from 'node:net';

/** A prefix length without a leading zero: `010` is eight to some parsers and ten to others. */
const prefixLength = /^(?:0|[1-9]\d{0,2})$/;

/** Parses addresses and subnets. @throws RangeError that names the text which is neither */
export function subnetsOf(texts: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of texts) {
    const [address = '', bits, ...more] = text.split('/');
    const version = address.includes('%') ? 0 : isIP(address);
    const isLength =
      bits === undefined || (prefixLength.test(bits) && Number(bits) <= (version === 6 ? 128 : 32));
    if (version === 0 || !isLength || more.length > 0)
      throw new RangeError(`'${text}' is neither an address nor a subnet such as 10.0.0.0/8`);
    const family = version === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** Returns whether an address is in one of the subnets. @param address As a socket reports it. */
export function isIn(subnets: BlockList, address: string): boolean {
  const plain = plainAddress(address);
  const version = isIP(plain);
  return version !== 0 && subnets.check(plain, version === 6 ? 'ipv6' : 'ipv4');
}

/** Removes the prefix of a mapped IPv4 address and the zone of a link-local one. */
export function plainAddress(address: string): string {
  const [plain = ''] = address.split('%', 1);
  return plain.replace(/^::ffff:(?=\d+\.)/i, '');
}
