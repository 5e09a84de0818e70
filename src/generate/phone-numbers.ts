/**
 * Numbers that regulators keep for fiction, so that none can ring: North America 555-01xx (NANPA), the United Kingdom
 * 01632 960xxx and 07700 900xxx (Ofcom), Australia 02 5550 xxxx (ACMA), France 01 99 00 xx xx (Arcep).
 */
const blocks = [
  ...[206, 212, 303, 312, 404, 415, 503, 512, 602, 617, 702, 713, 786, 804, 818, 907, 416, 514, 604, 902].map(
    (area) => ({ prefix: `+1${area}55501`, digits: 2 }),
  ),
  { prefix: '+441632960', digits: 3 },
  { prefix: '+447700900', digits: 3 },
  { prefix: '+6125550', digits: 4 },
  { prefix: '+3319900', digits: 4 },
];

/** How many different numbers `phoneNumber` gives. */
export const phoneNumbers = blocks.reduce((sum, { digits }) => sum + 10 ** digits, 0);

/** E.164 number of position 0 to `phoneNumbers - 1`; near positions fall in different countries. */
export function phoneNumber(position: number): string {
  const stride = 9_973; // A prime that does not divide phoneNumbers, so that no two positions share a number.
  let rest = (position * stride) % phoneNumbers;
  for (const { prefix, digits } of blocks) {
    if (rest < 10 ** digits) return `${prefix}${rest.toString().padStart(digits, '0')}`;
    rest -= 10 ** digits;
  }
  throw new RangeError('No telephone number has this position.');
}
