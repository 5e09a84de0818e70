/** Checks a stored block: its bytes, the form of its entities, and the layout against the text. */
import type { Block } from './block.ts';
import { blockText, isIntact, readLayout } from './block-text.ts';
import { isEarlierLayout } from './earlier-layout.ts';
import { entityIds } from './open-block.ts';
import { ownLayout, sealBlock } from './seal.ts';
import { type BlockType, blockOfText } from './sound-layout.ts';

export interface CheckedBlock {
  /** Digest of the text, as it is part of the list's digest. */
  readonly digest: string;
  readonly count: number;
  readonly ids: readonly (string | undefined)[];
  /** True when an earlier release wrote a layout that this release writes differently. */
  readonly isStale: boolean;
  /** The block as this release would store it; absent when it is stored that way. */
  readonly renewed: Block | undefined;
}

/**
 * Checks a block.
 *
 * @returns `undefined` when the block is not what was stored
 */
export function checkBlock(block: Block, type: BlockType): CheckedBlock | undefined {
  if (!isIntact(block)) return undefined;
  try {
    const text = blockText(block);
    const { block: again, digest } = blockOfText(text, type);
    const { count, masked } = again;
    if (count !== block.count || Buffer.compare(again.body, text) !== 0) return undefined;
    const layout = ownLayout(again);
    const isStale = Buffer.compare(layout, ownLayout(block)) !== 0;
    if (isStale ? !isOfEarlierRelease(block, again, text) : masked !== block.masked) return undefined;
    const ids = type === 'segments' ? [] : entityIds(again);
    const renewed = block.sealed ? undefined : sealBlock({ ...block, masked, layout });
    return { digest, count, ids, isStale, renewed };
  } catch {
    return undefined; // text that is not JSON: the block is damaged
  }
}

/** Returns true for a difference that an earlier release made: it may have masked more values, never fewer. */
function isOfEarlierRelease(block: Block, again: Block, text: Buffer): boolean {
  const isMasked = block.masked || !again.masked;
  return !block.sealed && isMasked && isEarlierLayout(block.layout, readLayout(again), text);
}
