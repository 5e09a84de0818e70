/**
 * A block: a run of entities as ready JSON text, joined by commas, with a layout that says where each begins, where its
 * properties end and which edits the usual preferences need. One default page is one block.
 */
import { hash } from 'node:crypto';
import { constants, crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { EntityText } from './entity.ts';
import { replacement } from './scanner.ts';
import { isSealWhole, ownLayout, sealBlock } from './seal.ts';
import { VarintReader, VarintWriter } from './varint.ts';

/** A block as a store keeps it. */
export interface Block {
  /** Entities in the block. */
  readonly count: number;
  /** Bytes of the text before packing. */
  readonly textLength: number;
  /** CRC-32 of the text before packing. */
  readonly crc: number;
  /** True when a value in it is masked for clients that do not ask for unknown enum members. */
  readonly masked: boolean;
  /** True when `body` is raw deflate ended by a full flush, so that it can stand inside a gzip stream. */
  readonly packed: boolean;
  readonly body: Uint8Array;
  /** Ends with the seal when there is one. */
  readonly layout: Uint8Array;
  /** False in blocks that releases before the seal (seal.ts) stored. */
  readonly sealed: boolean;
}

/** A layout ready to use; all offsets are from the start of the block's text. */
export interface Layout {
  /** Regions of an entity: annotations and stored properties. */
  readonly regions: number;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** `regions` offsets an entity. */
  readonly regionEnds: Uint32Array;
  /** Triples of start, end, replacement. */
  readonly edits: Uint32Array;
  /** Where each entity's edits begin in `edits`; one more than there are entities. */
  readonly editStarts: Uint32Array;
}

/** Below this many bytes a block is kept as it is: packing costs more time than it saves (docs/performance.md). */
const packFrom = 2048;
/** Most calls are small: what fits here comes from Node's pool. */
const initialBytes = 2048;
/** Levels of deflate (docs/performance.md). */
export const packing = {
  /** A page of participants to within 5 % of level 6 in half of its time. */
  quick: 3,
  /** A page of sessions with media, which repeat themselves from afar: a seventh smaller than level 3. */
  thorough: 5,
} as const;

/** Builds a block entity by entity. */
export class BlockBuilder {
  readonly #level: number;
  #text: Buffer | undefined;
  #length = 0;
  #count = 0;
  readonly #layout = new VarintWriter();
  #masked = false;
  /** Where each entity ends. */
  readonly #ends: number[] = [];

  constructor(level: number = packing.quick) {
    this.#level = level;
  }

  get count(): number {
    return this.#count;
  }

  get textLength(): number {
    return this.#length;
  }

  add(entity: EntityText): void {
    const { bytes, start, end, ends, edits } = entity;
    const text = this.#reserve(end - start + 1);
    if (this.#count > 0) text[this.#length++] = 0x2c;
    bytes.copy(text, this.#length, start, end);
    this.#length += end - start;
    this.#ends.push(this.#length);
    const layout = this.#layout;
    if (this.#count === 0) layout.write(ends.length);
    this.#count++;
    layout.write(end - start);
    let last = 0;
    for (const offset of ends) {
      layout.write(offset - last);
      last = offset;
    }
    layout.write(edits.length / 3);
    last = 0;
    for (let i = 0; i < edits.length; i += 3) {
      layout.write(edits[i]! - last);
      layout.write((edits[i + 1]! - edits[i]!) * 4 + edits[i + 2]!);
      if (edits[i + 2] === replacement.unknownFutureValue) this.#masked = true;
      last = edits[i + 1]!;
    }
  }

  /** The text of an entity that was added. */
  textOf(entity: number): Buffer {
    const from = entity === 0 ? 0 : this.#ends[entity - 1]! + 1;
    return this.#reserve(0).subarray(from, this.#ends[entity]);
  }

  /** Ends the block and begins the next; `digest` is that of the text. @param pack False leaves the text as it is. */
  finish({ pack = true } = {}): { block: Block; digest: string } {
    const text = this.#reserve(0).subarray(0, this.#length);
    const packed = pack && text.length >= packFrom;
    const block = sealBlock({
      count: this.#count,
      textLength: text.length,
      crc: crc32(text),
      masked: this.#masked,
      packed,
      body: packed ? deflate(text, this.#level) : Buffer.from(text),
      layout: this.#layout.take(),
    });
    this.#length = 0;
    this.#count = 0;
    this.#masked = false;
    this.#ends.length = 0;
    return { block, digest: hash('sha256', text, 'base64url') };
  }

  #reserve(more: number): Buffer {
    const text = this.#text;
    if (text !== undefined && this.#length + more <= text.length) return text;
    const larger = Buffer.allocUnsafe(Math.max(initialBytes, this.#length * 2, this.#length + more));
    text?.copy(larger, 0, 0, this.#length);
    this.#text = larger;
    return larger;
  }
}

/**
 * zlib keeps the piece it writes to until the event loop turns, and a call may have thousands of blocks: a piece is no
 * larger than the text, and what is kept is a copy of what was written.
 */
function deflate(text: Buffer, level: number): Buffer {
  return Buffer.from(
    deflateRawSync(text, { level, finishFlush: constants.Z_FULL_FLUSH, chunkSize: text.length }),
  );
}

/** The block's text, unpacked when it is packed. */
export function blockText(block: Block): Buffer {
  if (!block.packed) return Buffer.from(block.body.buffer, block.body.byteOffset, block.body.byteLength);
  return inflate(block.body, block.textLength);
}

/** @param length Of what comes: zlib fills one piece then, and nothing is joined. */
function inflate(body: Uint8Array, length: number): Buffer {
  return inflateRawSync(body, {
    finishFlush: constants.Z_SYNC_FLUSH,
    chunkSize: Math.max(64, length + 1),
  });
}

/**
 * The text of each of several blocks, unpacked together: zlib takes as long to begin as it takes for a small block. Bodies
 * end with a full flush, so those of several, one after another, are one deflate stream.
 */
export function blockTexts(blocks: readonly Block[]): readonly Buffer[] {
  const packed = blocks.filter((block) => block.packed);
  const length = packed.reduce((sum, { textLength }) => sum + textLength, 0);
  let all: Buffer | undefined;
  try {
    if (packed.length > 1) all = inflate(Buffer.concat(packed.map(({ body }) => body)), length);
  } catch {
    // One of them is damaged: that one tells below.
  }
  if (all?.length !== length) return blocks.map(blockText);
  let at = 0;
  return blocks.map((block) =>
    block.packed ? all.subarray(at, (at += block.textLength)) : blockText(block),
  );
}

/** True when the stored bytes of the block and its unpacked text match their checksums. */
export function isIntact(block: Block): boolean {
  if (block.sealed && !isSealWhole(block)) return false;
  if (!isPossible(block)) return false;
  try {
    const text = blockText(block);
    if (text.length !== block.textLength || crc32(text) !== block.crc) return false;
    // An earlier release wrote invalid layouts of segments: readers rebuild them (sound-layout.ts).
    return isLaidOut(block, text) || (!block.sealed && text[0] !== 0x7b);
  } catch {
    return false; // zlib refuses the bytes: the same verdict
  }
}

/** Deflate makes at most 1,032 bytes of one. */
const mostOfByte = 1032;

/** Numbers that no block has are not to reserve memory by. */
function isPossible({ count, textLength, body, packed, layout }: Block): boolean {
  return textLength <= (packed ? body.length * mostOfByte : body.length) && count <= layout.length;
}

/** True when the layout leads to entities in the text that stand where entities do. */
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
      // What is not empty ends before a comma or the closing brace.
      if (regionEnd > start && text[regionEnd] !== 0x2c && text[regionEnd] !== 0x7d) return false;
      last = regionEnd;
    }
    at = end + 1;
  }
  return at === text.length + 1;
}

/** @returns `undefined` when it leads out of its bytes */
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
  // Each takes a byte at least: no damaged number is to reserve memory by.
  if (count * regions > block.layout.length) throw new RangeError('A layout ends before its block.');
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
