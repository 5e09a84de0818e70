/**
 * A block: a run of entities as ready JSON text, joined by commas, with a layout that says where each begins, where its
 * properties end and which edits the usual preferences need. One default page is one block.
 */

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
