/** An open block: a stored block whose text and layout are made when first needed, and kept with it. */
import type { Block, Layout } from './block.ts';
import { blockText, blockTexts, readLayout } from './block-text.ts';
import { asId } from './members.ts';
import { type BlockType, layoutOf } from './sound-layout.ts';

const idStart = '"id":"';
/** One id without escapes. */
const plainId = /^"id":"[^"\\]+"$/;

export class OpenBlock {
  readonly block: Block;
  readonly #type: BlockType | undefined;
  #text: Buffer | undefined;
  #layout: Layout | undefined;
  #ids: readonly (string | undefined)[] | undefined;

  /**
   * @param type What its entities are; absent where no edit is applied, so that a wrong edit of an earlier release does no harm.
   * @param text Of the block, where it is unpacked already.
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

  /** JSON of one entity. */
  entity(i: number): Buffer {
    const { starts, ends } = this.layout;
    return this.text.subarray(starts[i], ends[i]);
  }

  /** JSON of an object with the members of one entity that are in some of its regions. */
  members(i: number, regions: readonly number[]): string {
    const { text } = this;
    const { regions: count, regionEnds } = this.layout;
    const members = regions
      .map((region) => i * count + region)
      .map((at) => text.toString('utf8', regionEnds[at - 1]! + 1, regionEnds[at]))
      .filter((member) => member !== '');
    return `{${members.join()}}`;
  }

  /** The `id` of an entity; `undefined` past the last one, and for one without an id to find it by. */
  idOf(entity: number): string | undefined {
    const { starts, regionEnds, regions } = this.layout;
    if (starts[entity] === undefined) return undefined;
    // The first property in wire order of every entity type, after the annotations; JSON text that was walked when stored.
    const at = entity * regions;
    const member = this.text.toString('utf8', regionEnds[at]! + 1, regionEnds[at + 1]);
    if (plainId.test(member)) return member.slice(idStart.length, -1);
    return asId((JSON.parse(`{${member}}`) as { readonly id?: unknown }).id);
  }

  /** The `id` of each entity, as `idOf` returns it. */
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

/** Blocks with several readers, unpacked once and together; they stay in memory as long as this does. */
export class OpenBlocks {
  readonly #open = new Map<Block, OpenBlock>();

  /** @param blocks Those to unpack at once. */
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
