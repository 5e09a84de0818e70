/** Collects entities in blocks of a fixed number. */
import type { Block } from '../../wire/text/block.ts';
import { BlockBuilder } from '../../wire/text/block-builder.ts';
import type { EntityText } from '../../wire/text/entity.ts';
import { OpenBlock } from '../../wire/text/open-block.ts';

export class BlockList {
  readonly blocks: Block[] = [];
  readonly #builder: BlockBuilder;
  readonly #perBlock: number;
  /** The finished block from which an entity was last read. */
  #read: OpenBlock | undefined;

  constructor(perBlock: number, level?: number) {
    this.#builder = new BlockBuilder(level);
    this.#perBlock = perBlock;
  }

  /** Adds an entity. @returns The digest of the block that it completes. */
  add(entity: EntityText): string | undefined {
    this.#builder.add(entity);
    return this.#builder.count === this.#perBlock ? this.#finishBlock() : undefined;
  }

  /** Ends the list. @returns The digest of its last block, if that was not complete. */
  finish(): string | undefined {
    return this.#builder.count > 0 ? this.#finishBlock() : undefined;
  }

  textAt(place: number): Buffer {
    const at = place % this.#perBlock;
    const block = this.blocks[Math.floor(place / this.#perBlock)];
    if (block === undefined) return this.#builder.textOf(at);
    if (this.#read?.block !== block) this.#read = new OpenBlock(block);
    return this.#read.entity(at);
  }

  #finishBlock(): string {
    const { block, digest } = this.#builder.finish();
    this.blocks.push(block);
    return digest;
  }
}
