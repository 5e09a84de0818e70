/** A block with its text and layout at hand: each is made when first needed and kept with the block. */
import type { Block, Layout } from '../text/block.ts';
import { blockText } from '../text/block-text.ts';
import { asId } from '../text/members.ts';
import { type BlockType, layoutOf } from '../text/sound-layout.ts';

export class LoadedBlock {
  readonly block: Block;
  readonly #type: BlockType;
  #text: Buffer | undefined;
  #layout: Layout | undefined;

  constructor(block: Block, type: BlockType) {
    this.block = block;
    this.#type = type;
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
    return asId((JSON.parse(`{${member}}`) as { readonly id?: unknown }).id);
  }

  get layout(): Layout {
    return (this.#layout ??= layoutOf(this.block, this.text, this.#type));
  }
}
