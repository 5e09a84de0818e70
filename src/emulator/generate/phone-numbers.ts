export type Country = 'US' | 'CA' | 'GB' | 'AU' | 'FR';

/** An E.164 number and its location. */
export interface Telephone {
  readonly number: string;
  readonly country: Country;
}

const americanAreas = [206, 212, 303, 312, 404, 415, 503, 512, 602, 617, 702, 713, 786, 804, 818, 907];
const canadianAreas = [416, 514, 604, 902];

/**
 * The blocks of numbers that regulators reserve for fiction, which cannot be called: North America 555-01xx (NANPA),
 * the United Kingdom 01632 960xxx and 07700 900xxx (Ofcom), Australia 02 5550 xxxx (ACMA), France 01 99 00 xx xx
 * (Arcep).
 */
const blocks: readonly { prefix: string; digits: number; country: Country }[] = [
  ...americanAreas.map((area) => ({ prefix: `+1${area}55501`, digits: 2, country: 'US' as const })),
  ...canadianAreas.map((area) => ({ prefix: `+1${area}55501`, digits: 2, country: 'CA' as const })),
  { prefix: '+441632960', digits: 3, country: 'GB' },
  { prefix: '+447700900', digits: 3, country: 'GB' },
  { prefix: '+6125550', digits: 4, country: 'AU' },
  { prefix: '+3319900', digits: 4, country: 'FR' },
];

const sizeOf = (some: typeof blocks) => some.reduce((sum, { digits }) => sum + 10 ** digits, 0);

export const phoneNumbers = sizeOf(blocks);

const stride = 9_973; // A prime that does not divide phoneNumbers, so that no two positions share a number.

/** Returns the telephone at a position from 0 to `phoneNumbers - 1`; near positions are in different countries. */
export function telephone(position: number): Telephone {
  return numberAt(blocks, (position * stride) % phoneNumbers);
}

export function phoneNumber(position: number): string {
  return telephone(position).number;
}

/** Returns a number of a country. When a tenant has more people than the country has numbers, they share them. */
export function telephoneIn(country: Country, position: number): Telephone {
  const some = blocks.filter((block) => block.country === country);
  return numberAt(some, (position * stride) % sizeOf(some));
}

function numberAt(some: typeof blocks, position: number): Telephone {
  let rest = position;
  for (const { prefix, digits, country } of some) {
    if (rest < 10 ** digits) return { number: `${prefix}${rest.toString().padStart(digits, '0')}`, country };
    rest -= 10 ** digits;
  }
  throw new RangeError('No telephone number has this position.');
}

/** Returns the telephone with a number; `undefined` for a number outside the blocks. */
export function telephoneOf(number: string): Telephone | undefined {
  const block = blocks.find(
    ({ prefix, digits }) => number.startsWith(prefix) && number.length === prefix.length + digits,
  );
  return block && { number, country: block.country };
}
