/**
 * Joins stored text and deflated text into one gzip member. A deflate run that ends with a full flush ends on a byte
 * boundary and refers to nothing outside itself, so it can stand between stored blocks (RFC 1951, sections 3.2.3 and
 * 3.2.4), and the CRC-32 of the whole follows from those of the parts.
 */
import { crc32 } from 'node:zlib';

/** Deflate method, no flags, no time, unknown system (RFC 1952, section 2.3). */
const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
const maxStored = 0xffff;

export interface DeflatedPart {
  readonly deflated: Uint8Array;
  /** Bytes of the text. */
  readonly textLength: number;
  /** CRC-32 of the text. */
  readonly crc: number;
}

/** Returns the gzip form of `head`, the deflated text and `tail`. `head` and `tail` are at most 65,535 bytes each. */
export function spliceGzip(head: Uint8Array, part: DeflatedPart, tail: Uint8Array): Buffer {
  if (head.length > maxStored || tail.length > maxStored)
    throw new RangeError('A stored block can contain at most 65,535 bytes.');
  const { deflated, textLength, crc } = part;
  const size = header.length + 5 + head.length + deflated.length + 5 + tail.length + 8;
  const out = Buffer.allocUnsafe(size);
  let at = header.copy(out, 0);
  at = storedBlock(out, at, head, false);
  out.set(deflated, at);
  at += deflated.length;
  at = storedBlock(out, at, tail, true);
  at = out.writeUInt32LE(crc32(tail, combineCrc(crc32(head), crc, textLength)), at);
  out.writeUInt32LE((head.length + textLength + tail.length) % 2 ** 32, at);
  return out;
}

function storedBlock(out: Buffer, at: number, text: Uint8Array, final: boolean): number {
  out[at] = final ? 1 : 0;
  out.writeUInt16LE(text.length, at + 1);
  out.writeUInt16LE(~text.length & 0xffff, at + 3);
  out.set(text, at + 5);
  return at + 5 + text.length;
}

/** Returns the CRC-32 of two joined texts from the CRC-32 of each and the length of the second. */
export function combineCrc(first: number, second: number, secondLength: number): number {
  return (multiply(powerOfX(secondLength * 8), first) ^ second) >>> 0;
}

/** The CRC-32 polynomial, bit-reversed (RFC 1952, section 8). */
const polynomial = 0xedb88320;

/** Returns the product of two polynomials modulo the CRC's, bit-reversed: x^0 is the top bit. */
function multiply(a: number, b: number): number {
  let product = 0;
  let factor = b;
  for (let bit = 0x80000000; bit !== 0; bit >>>= 1) {
    if (a & bit) product ^= factor;
    factor = factor & 1 ? (factor >>> 1) ^ polynomial : factor >>> 1;
  }
  return product;
}

/** x^(2^n) for n from 0. */
const squares: readonly number[] = (() => {
  const table = [0x40000000];
  while (table.length < 56) table.push(multiply(table.at(-1)!, table.at(-1)!));
  return table;
})();

/** Returns x^n modulo the CRC's polynomial. */
function powerOfX(n: number): number {
  let power = 0x80000000;
  let rest = n;
  for (let bit = 0; rest > 0; bit++) {
    if (rest % 2 === 1) power = multiply(squares[bit]!, power);
    rest = Math.floor(rest / 2);
  }
  return power;
}
