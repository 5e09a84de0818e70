/** A block with its text and layout at hand: each is made when first needed and kept with the block. */
import { type Block, blockText, type Layout, readLayout } from '../text/block.ts';

export class LoadedBlock {
  readonly block: Block;
  #text: Buffer | undefined;
  #layout: Layout | undefined;

  constructor(block: Block) {
    this.block = block;
  }

  get text(): Buffer {
    return (this.#text ??= blockText(this.block));
  }

  get layout(): Layout {
    return (this.#layout ??= readLayout(this.block));
  }
}
