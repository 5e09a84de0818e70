/** Reads blocks: unpacks the text, decodes the layout, and checks both. */
import { constants, crc32, inflateRawSync } from 'node:zlib';
import { isSealWhole, ownLayout } from './seal.ts';
import { VarintReader } from './varint.ts';
import type { Block, Layout } from './block.ts';

/** Returns the block's text, unpacked when it is packed. */
export function blockText(block: Block): Buffer {
  if (!block.packed) return Buffer.from(block.body.buffer, block.body.byteOffset, block.body.byteLength);
  return inflate(block.body, block.textLength);
}

/**
 * Inflates a body.
 *
 * @param length Bytes of the text: zlib then fills a single buffer.
 */
function inflate(body: Uint8Array, length: number): Buffer {
  return inflateRawSync(body, {
    finishFlush: constants.Z_SYNC_FLUSH,
    chunkSize: Math.max(64, length + 1),
  });
}

/**
 * Returns the texts of several blocks, unpacked together: starting zlib takes as long as unpacking a small block.
 * Bodies end with a full flush, so joined bodies are one deflate stream.
 */
export function blockTexts(blocks: readonly Block[]): readonly Buffer[] {
  const packed = blocks.filter((block) => block.packed);
  const length = packed.reduce((sum, { textLength }) => sum + textLength, 0);
  let all: Buffer | undefined;
  try {
    if (packed.length > 1) all = inflate(Buffer.concat(packed.map(({ body }) => body)), length);
  } catch {
    // One of them is damaged: blockText below throws for that one.
  }
  if (all?.length !== length) return blocks.map(blockText);
  let at = 0;
  return blocks.map((block) =>
    block.packed ? all.subarray(at, (at += block.textLength)) : blockText(block),
  );
}

/** Returns true when the stored bytes of the block and its unpacked text match their checksums. */
export function isIntact(block: Block): boolean {
  if (block.sealed && !isSealWhole(block)) return false;
  if (!isPossible(block)) return false;
  try {
    const text = blockText(block);
    if (text.length !== block.textLength || crc32(text) !== block.crc) return false;
    // An earlier release wrote invalid layouts of segments: readers rebuild them (sound-layout.ts).
    return isLaidOut(block, text) || (!block.sealed && text[0] !== 0x7b);
  } catch {
    return false; // zlib rejects the bytes: the block is damaged
  }
}

/** Deflate produces at most 1,032 bytes from one. */
const mostOfByte = 1032;

/** Returns false for sizes that no block has, so that a damaged number does not reserve memory. */
function isPossible({ count, textLength, body, packed, layout }: Block): boolean {
  return textLength <= (packed ? body.length * mostOfByte : body.length) && count <= layout.length;
}

/** Returns true when the layout's entities match those in the text. */
export function isLaidOut(block: Block, text: Buffer): boolean {
  const layout = layoutWithin(block);
  if (layout === undefined) return false;
  const { starts, ends, regions, regionEnds } = layout;
  let at = 0;
  for (const [entity, start] of starts.entries()) {
    const end = ends[entity]!;
    if (start !== at || end <= start || end > text.length) return false;
    if (end < text.length && text[end] !== 0x2c) return false;
    let last = start;
    for (const regionEnd of regionEnds.subarray(entity * regions, (entity + 1) * regions)) {
      if (regionEnd < last || regionEnd >= end) return false;
      // A region that is not empty ends before a comma or the closing brace.
      if (regionEnd > start && text[regionEnd] !== 0x2c && text[regionEnd] !== 0x7d) return false;
      last = regionEnd;
    }
    at = end + 1;
  }
  return at === text.length + 1;
}

/**
 * Returns the layout.
 *
 * @returns `undefined` when it ends before its block
 */
function layoutWithin(block: Block): Layout | undefined {
  try {
    return readLayout(block);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

export function readLayout(block: Block): Layout {
  const { count } = block;
  const reader = new VarintReader(ownLayout(block));
  const regions = count === 0 ? 0 : reader.next();
  // Each number takes at least one byte: a damaged count must not reserve memory.
  if (count * regions > block.layout.length) throw new RangeError('The layout of a block is truncated.');
  const starts = new Uint32Array(count);
  const ends = new Uint32Array(count);
  const regionEnds = new Uint32Array(count * regions);
  const editStarts = new Uint32Array(count + 1);
  const edits: number[] = [];
  let start = 0;
  for (let entity = 0; entity < count; entity++) {
    starts[entity] = start;
    const end = start + reader.next();
    ends[entity] = end;
    let at = start;
    for (let region = 0; region < regions; region++) {
      at += reader.next();
      regionEnds[entity * regions + region] = at;
    }
    at = start;
    for (let left = reader.next(); left > 0; left--) {
      const from = at + reader.next();
      const lengthAndKind = reader.next();
      at = from + Math.floor(lengthAndKind / 4);
      edits.push(from, at, lengthAndKind % 4);
    }
    editStarts[entity + 1] = edits.length;
    start = end + 1;
  }
  return { regions, starts, ends, regionEnds, edits: Uint32Array.from(edits), editStarts };
}
