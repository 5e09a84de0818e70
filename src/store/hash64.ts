/** Hashes texts to 64-bit numbers, where only equality matters. */

export const fnvStart = 0x811c9dc5 | 0;

/** Continues a signed 32-bit FNV-1a hash. */
export function fnv(from: number, text: string): number {
  let hash = from;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/** Returns two 32-bit FNV-1a hashes with different primes; together they do not collide within a tenant. */
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

/** Returns the same hash as one signed 64-bit number. */
export function hash64(text: string): bigint {
  const [a, b] = hashPair(text);
  view.setUint32(0, a);
  view.setUint32(4, b);
  return view.getBigInt64(0);
}
