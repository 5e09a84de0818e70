/**
 * Defines a block: a run of entities as JSON text, joined by commas, with a layout of the offsets at which each entity
 * begins and its properties end, and of the edits that the usual preferences need. One default page is one block.
 */

/** A block as it is stored. */
export interface Block {
  /** Entities in the block. */
  readonly count: number;
  /** Bytes of the text before packing. */
  readonly textLength: number;
  /** CRC-32 of the text before packing. */
  readonly crc: number;
  /** True when the text has a value that is masked for clients that do not request unknown enum members. */
  readonly masked: boolean;
  /** True when `body` is raw deflate ended by a full flush, so that it can stand inside a gzip stream. */
  readonly packed: boolean;
  readonly body: Uint8Array;
  /** Ends with the seal if `sealed`. */
  readonly layout: Uint8Array;
  /** False for blocks stored by releases before the seal (seal.ts). */
  readonly sealed: boolean;
}

/** A decoded layout; all offsets are from the start of the block's text. */
export interface Layout {
  /** Regions per entity: annotations and stored properties. */
  readonly regions: number;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** `regions` offsets per entity. */
  readonly regionEnds: Uint32Array;
  /** Triples of start, end, replacement. */
  readonly edits: Uint32Array;
  /** Index in `edits` of each entity's first edit; has one more element than there are entities. */
  readonly editStarts: Uint32Array;
}
