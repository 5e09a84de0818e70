/** Builds blocks: appends the text of entities, records their layout, packs the text and seals the block. */
import { hash } from 'node:crypto';
import { constants, crc32, deflateRawSync } from 'node:zlib';
import type { EntityText } from './entity.ts';
import { replacement } from './edit-rules.ts';
import { sealBlock } from './seal.ts';
import { VarintWriter } from './varint.ts';
import type { Block } from './block.ts';

/** Below this many bytes a block stays unpacked: packing costs more time than it saves (docs/performance.md). */
const packFrom = 2048;
/** Most calls are small: a buffer of this size comes from Node's pool. */
const initialBytes = 2048;
/** Deflate levels (docs/performance.md). */
export const packing = {
  /** For a page of participants: within 5 % of the size at level 6 in half of its time. */
  quick: 3,
  /** For a page of sessions with media, whose repetitions are far apart: a seventh smaller than level 3. */
  thorough: 5,
} as const;

/** Builds a block from entities. */
export class BlockBuilder {
  readonly #level: number;
  #text: Buffer | undefined;
  #length = 0;
  #count = 0;
  readonly #layout = new VarintWriter();
  #masked = false;
  /** End offset of each entity. */
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

  /** Returns the text of an added entity. */
  textOf(entity: number): Buffer {
    const from = entity === 0 ? 0 : this.#ends[entity - 1]! + 1;
    return this.#reserve(0).subarray(from, this.#ends[entity]);
  }

  /**
   * Ends the block and starts the next one; `digest` is that of the text.
   *
   * @param pack False leaves the text unpacked.
   */
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
 * Deflates a text. zlib keeps its output buffer until the event loop turns, and a call may have thousands of blocks; so
 * the buffer is no larger than the text, and the result is a copy of the written bytes.
 */
function deflate(text: Buffer, level: number): Buffer {
  return Buffer.from(
    deflateRawSync(text, { level, finishFlush: constants.Z_FULL_FLUSH, chunkSize: text.length }),
  );
}
