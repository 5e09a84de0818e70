/**
 * Computes the seal of a block: a CRC-32 of all its stored data (its numbers, its layout and its packed body). The seal is the
 * last four bytes of the stored layout, so that every table, copy and backup contains it.
 */
import { crc32 } from 'node:zlib';
import type { Block } from './block.ts';

const sealLength = 4;
/** The block's numbers, four bytes each; shared, because blocks are checked one at a time. */
const numbers = new DataView(new ArrayBuffer(16));
const numberBytes = new Uint8Array(numbers.buffer);

/** Returns the block with its seal. */
export function sealBlock(block: Omit<Block, 'sealed'>): Block {
  const { layout } = block;
  const withSeal = new Uint8Array(layout.length + sealLength);
  withSeal.set(layout);
  viewOf(withSeal).setUint32(layout.length, sealOf(block, layout), true);
  return { ...block, layout: withSeal, sealed: true };
}

/** Returns true when the stored bytes of a sealed block match its seal, which covers its packed text too. */
export function isSealWhole(block: Block): boolean {
  const { layout } = block;
  const end = layout.length - sealLength;
  return end >= 0 && viewOf(layout).getUint32(end, true) === sealOf(block, layout.subarray(0, end));
}

/** Returns the layout without the seal. */
export function ownLayout({ layout, sealed }: Block): Uint8Array {
  return sealed ? layout.subarray(0, Math.max(0, layout.length - sealLength)) : layout;
}

function sealOf(
  { count, textLength, crc, masked, packed, body }: Omit<Block, 'sealed'>,
  layout: Uint8Array,
): number {
  numbers.setUint32(0, count, true);
  numbers.setUint32(4, textLength, true);
  numbers.setUint32(8, crc, true);
  numbers.setUint32(12, Number(masked) + 2 * Number(packed), true);
  return crc32(body, crc32(layout, crc32(numberBytes)));
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
