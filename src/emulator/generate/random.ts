/** A stream of uniform unsigned 32-bit integers. The functions below turn it into what a caller needs. */
export type Random = () => number;

const twoTo32 = 0x1_0000_0000;

/**
 * Returns the stream of a seed and a label: `randomFor(7, 'call', 12)` does not depend on earlier draws, so call 12 can
 * be generated without calls 0 to 11.
 *
 * The label is hashed to 64 bits (two lanes), enough that the streams of millions of calls do not collide.
 */
export function randomFor(seed: number, ...label: readonly (string | number)[]): Random {
  let left = absorb(0x9e3779b9, seed);
  let right = absorb(0x85ebca6b, seed);
  for (const part of label) {
    left = absorb(left, part);
    right = absorb(right, part);
  }
  return sfc32(left, right);
}

/** Implements the small fast chaotic generator of C. Doty-Humphrey (PractRand), after its twelve warm-up rounds. */
function sfc32(left: number, right: number): Random {
  let a = left;
  let b = right;
  let c = left ^ 0x6a09e667;
  let counter = 1;
  const next: Random = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round++) next();
  return next;
}

function absorb(hash: number, part: string | number): number {
  if (typeof part === 'number') return scramble(scramble(hash ^ part) ^ Math.floor(part / twoTo32));
  let mixed = hash;
  for (let i = 0; i < part.length; i++) mixed = Math.imul(mixed ^ part.charCodeAt(i), 0x01000193);
  return scramble(mixed ^ part.length);
}

/** Implements the finalizer of splitmix32: a bijection that spreads every bit. */
function scramble(value: number): number {
  let mixed = (value + 0x9e3779b9) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return mixed ^ (mixed >>> 15);
}

/** Returns a number from 0 (inclusive) to 1 (exclusive). */
export function fraction(random: Random): number {
  return random() / twoTo32;
}

/** Returns a whole number from 0 to `limit - 1`. */
export function below(random: Random, limit: number): number {
  return Math.floor(fraction(random) * limit);
}

/** Returns a whole number from `low` to `high`, both inclusive. */
export function between(random: Random, low: number, high: number): number {
  return low + below(random, high - low + 1);
}

export function chance(random: Random, probability: number): boolean {
  return fraction(random) < probability;
}

/** Returns one entry of a non-empty list. */
export function pick<T>(random: Random, list: readonly [T, ...T[]]): T {
  return list[below(random, list.length)]!;
}

/** Draws a value by its weight; the weights may have any sum. */
export function weighted<T>(entries: readonly (readonly [T, number])[]) {
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  return (random: Random): T => {
    let left = fraction(random) * total;
    for (const [value, weight] of entries) {
      left -= weight;
      if (left < 0) return value;
    }
    return entries[0]![0];
  };
}

/** Draws a name by its weight, as `weighted`. */
export function weightedNames<T extends string>(weights: Readonly<Partial<Record<T, number>>>) {
  return weighted(Object.entries(weights) as [T, number][]); // the names of the table
}

/** Returns eight lower-case hexadecimal digits per 32-bit word. */
export function hex(random: Random, words: number): string {
  let text = '';
  for (let i = 0; i < words; i++) text += random().toString(16).padStart(8, '0');
  return text;
}

/** Returns a lower-case GUID of version 4 (RFC 9562, section 5.4). */
export function randomGuid(random: Random): string {
  const digits = hex(random, 4);
  const variant = '89ab'.charAt(random() & 3);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`;
}
