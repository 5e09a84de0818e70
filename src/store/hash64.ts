/** Hashes texts to 64-bit numbers, where only equality matters. */

export const fnvStart = 0x811c9dc5 | 0;

/** FNV-1a of 32 bits, signed, gone on with from where it stands. */
export function fnv(from: number, text: string): number {
  let hash = from;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/** FNV-1a by two primes, 32 bits each: two texts of a tenant do not meet. */
export function hashPair(text: string): readonly [number, number] {
  let a = 0x811c9dc5;
  let b = 0x9dc5811c;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b);
    b ^= b >>> 15;
  }
  return [a >>> 0, b >>> 0];
}

const view = new DataView(new ArrayBuffer(8));

/** The same as one signed number. */
export function hash64(text: string): bigint {
  const [a, b] = hashPair(text);
  view.setUint32(0, a);
  view.setUint32(4, b);
  return view.getBigInt64(0);
}
