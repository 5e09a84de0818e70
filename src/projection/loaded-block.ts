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

  /** The `id` of an entity; `undefined` past the last one, and for one that has none. */
  idOf(entity: number): string | undefined {
    const { starts, regionEnds, regions } = this.layout;
    const from = starts[entity];
    if (from === undefined) return undefined;
    // The first property in wire order of every entity type, after the annotations.
    const at = entity * regions;
    const member = this.text.toString('utf8', regionEnds[at]! + 1, regionEnds[at + 1]);
    return (JSON.parse(`{${member}}`) as { readonly id?: string }).id;
  }

  get layout(): Layout {
    return (this.#layout ??= readLayout(this.block));
  }
}
