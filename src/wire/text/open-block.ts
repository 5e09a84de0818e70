/** An open block: a stored block whose text and layout are decoded on first use and cached. */
import type { Block, Layout } from './block.ts';
import { blockText, blockTexts, readLayout } from './block-text.ts';
import { asId } from './members.ts';
import { type BlockType, layoutOf } from './sound-layout.ts';

const idStart = '"id":"';
/** An id without escapes. */
const plainId = /^"id":"[^"\\]+"$/;

export class OpenBlock {
  readonly block: Block;
  readonly #type: BlockType | undefined;
  #text: Buffer | undefined;
  #layout: Layout | undefined;
  #ids: readonly (string | undefined)[] | undefined;

  /**
   * Opens a block.
   *
   * @param type Type of its entities; absent where no edit is applied, so that a wrong edit of an earlier release has
   *   no effect.
   * @param text Text of the block, where it is unpacked already.
   */
  constructor(block: Block, type?: BlockType, text?: Buffer) {
    this.block = block;
    this.#type = type;
    this.#text = text;
  }

  get text(): Buffer {
    return (this.#text ??= blockText(this.block));
  }

  get layout(): Layout {
    return (this.#layout ??=
      this.#type === undefined ? readLayout(this.block) : layoutOf(this.block, this.text, this.#type));
  }

  /** Returns the JSON of one entity. */
  entity(i: number): Buffer {
    const { starts, ends } = this.layout;
    return this.text.subarray(starts[i], ends[i]);
  }

  /** Returns the JSON of an object with the members of an entity that are in these regions. */
  members(i: number, regions: readonly number[]): string {
    const { text } = this;
    const { regions: count, regionEnds } = this.layout;
    const members = regions
      .map((region) => i * count + region)
      .map((at) => text.toString('utf8', regionEnds[at - 1]! + 1, regionEnds[at]))
      .filter((member) => member !== '');
    return `{${members.join()}}`;
  }

  /** Returns the `id` of an entity; `undefined` past the last one, and for one without a usable id. */
  idOf(entity: number): string | undefined {
    const { starts, regionEnds, regions } = this.layout;
    if (starts[entity] === undefined) return undefined;
    // `id` is the first property of every entity type, after the annotations; the text was checked when it was stored.
    const at = entity * regions;
    const member = this.text.toString('utf8', regionEnds[at]! + 1, regionEnds[at + 1]);
    if (plainId.test(member)) return member.slice(idStart.length, -1);
    return asId((JSON.parse(`{${member}}`) as { readonly id?: unknown }).id);
  }

  /** Returns the `id` of each entity, as `idOf` does. */
  get ids(): readonly (string | undefined)[] {
    return (this.#ids ??= Array.from(this.layout.starts, (_, entity) => this.idOf(entity)));
  }
}

/** Opens blocks one by one; each is unpacked when it is read. */
export function* opened(blocks: Iterable<Block>): Generator<OpenBlock> {
  for (const block of blocks) yield new OpenBlock(block);
}

/** Returns the `id` of each entity of a block. */
export function entityIds(block: Block): readonly (string | undefined)[] {
  return new OpenBlock(block).ids;
}

/** Opens blocks for several readers: unpacks them once, together, and keeps them in memory. */
export class OpenBlocks {
  readonly #open = new Map<Block, OpenBlock>();

  /**
   * Opens blocks.
   *
   * @param blocks Blocks to unpack at once.
   */
  constructor(blocks: readonly Block[] = []) {
    for (const [i, text] of blockTexts(blocks).entries())
      this.#open.set(blocks[i]!, new OpenBlock(blocks[i]!, undefined, text));
  }

  of(block: Block): OpenBlock {
    let open = this.#open.get(block);
    if (open === undefined) {
      open = new OpenBlock(block);
      this.#open.set(block, open);
    }
    return open;
  }
}
