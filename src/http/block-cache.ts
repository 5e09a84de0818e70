/** Blocks lately read, with their text unpacked: what is asked for often is not read again. */
import { LRUCache } from 'lru-cache';
import { LoadedBlock } from '../projection/loaded-block.ts';
import type { Block } from '../text/block.ts';
import type { Awaitable } from '../store/store.ts';

export class BlockCache {
  readonly #blocks: LRUCache<string, LoadedBlock>;

  /** @param capacity Bytes to hold at most. */
  constructor(capacity: number) {
    this.#blocks = new LRUCache({ maxSize: Math.max(1, capacity), sizeCalculation: (block) => block.bytes });
  }

  /** @param key Names the block in the whole store; blocks never change, so what is cached never ages. */
  async get(key: string, load: () => Awaitable<Block | undefined>): Promise<LoadedBlock | undefined> {
    const cached = this.#blocks.get(key);
    if (cached) return cached;
    const block = await load();
    if (block === undefined) return undefined;
    const loaded = new LoadedBlock(block);
    this.#blocks.set(key, loaded);
    return loaded;
  }
}
