/** A block unpacked: once, for all that is asked of its entities. */
import type { Block, Layout } from './block.ts';
import { blockText, blockTexts, readLayout } from './block-text.ts';
import { asId } from './members.ts';

const idStart = '"id":"';
/** One id without escapes. */
const plainId = /^"id":"[^"\\]+"$/;

export class OpenBlock {
  readonly block: Block;
  #text: Buffer | undefined;
  #layout: Layout | undefined;
  #ids: readonly (string | undefined)[] | undefined;

  /** @param text Of the block, where it is unpacked already. */
  constructor(block: Block, text?: Buffer) {
    this.block = block;
    this.#text = text;
  }

  /** JSON of one entity. */
  entity(i: number): Buffer {
    const { starts, ends } = this.#read();
    return this.#unpacked().subarray(starts[i], ends[i]);
  }

  /** JSON of an object with the members of one entity that are in some of its regions. */
  members(i: number, regions: readonly number[]): string {
    const text = this.#unpacked();
    const { regions: count, regionEnds } = this.#read();
    const members = regions
      .map((region) => i * count + region)
      .map((at) => text.toString('utf8', regionEnds[at - 1]! + 1, regionEnds[at]))
      .filter((member) => member !== '');
    return `{${members.join()}}`;
  }

  /**
   * The `id` of each entity, the first property in wire order of every entity type; `undefined` where there is none to find it by.
   */
  get ids(): readonly (string | undefined)[] {
    return (this.#ids ??= this.#readIds());
  }

  #readIds(): readonly (string | undefined)[] {
    const text = this.#unpacked();
    const { regions, regionEnds, starts } = this.#read();
    return Array.from(starts, (_, entity) => {
      const from = regionEnds[entity * regions]! + 1;
      // A member of JSON text that was walked when it was stored.
      const member = text.toString('utf8', from, regionEnds[entity * regions + 1]);
      if (plainId.test(member)) return member.slice(idStart.length, -1);
      return asId((JSON.parse(`{${member}}`) as { readonly id?: unknown }).id);
    });
  }

  #unpacked(): Buffer {
    return (this.#text ??= blockText(this.block));
  }

  #read(): Layout {
    return (this.#layout ??= readLayout(this.block));
  }
}

/** Blocks as they come, each to be unpacked when it is asked. */
export function* opened(blocks: Iterable<Block>): Generator<OpenBlock> {
  for (const block of blocks) yield new OpenBlock(block);
}

export function entityIds(block: Block): readonly (string | undefined)[] {
  return new OpenBlock(block).ids;
}

/** Blocks that several ask, unpacked once and together; they stay in memory as long as this does. */
export class OpenBlocks {
  readonly #open = new Map<Block, OpenBlock>();

  /** @param blocks Those that will be asked. */
  constructor(blocks: readonly Block[] = []) {
    for (const [i, text] of blockTexts(blocks).entries())
      this.#open.set(blocks[i]!, new OpenBlock(blocks[i]!, text));
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
