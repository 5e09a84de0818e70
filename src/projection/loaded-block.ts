/** A block with its text and layout at hand: each is made when first needed and kept with the block. */
import { Fault } from '../faults.ts';
import { type Block, blockText, type Layout, readLayout } from '../text/block.ts';

export class LoadedBlock {
  readonly block: Block;
  #text: Buffer | undefined;
  #layout: Layout | undefined;

  constructor(block: Block) {
    this.block = block;
  }

  get text(): Buffer {
    return (this.#text ??= intactText(this.block));
  }

  get layout(): Layout {
    return (this.#layout ??= readLayout(this.block));
  }
}

/** @throws Fault `unavailable` when the bytes are not what was stored; the full check is `isIntact`. */
function intactText(block: Block): Buffer {
  try {
    const text = blockText(block);
    if (text.length === block.textLength) return text;
  } catch {
    // zlib refuses the bytes: damaged all the same
  }
  throw new Fault('unavailable', 'A part of this call is damaged in the store.');
}
