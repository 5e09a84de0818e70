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

  /** Bytes of memory when text and layout are at hand. */
  get bytes(): number {
    return this.block.body.byteLength + this.block.textLength + this.block.layout.byteLength * 9;
  }
}
