/**
 * Returns the parts of a stored edition with readable layouts: an earlier release wrote some that cannot be read
 * (renewal.ts).
 */
import type { Block } from '../wire/text/block.ts';
import { checkBlock } from '../wire/text/check-block.ts';
import type { BlockType } from '../wire/text/sound-layout.ts';
import { storedTypes } from '../wire/text/stored-types.ts';
import { CallDamaged } from './store-errors.ts';

interface StoredParts {
  readonly head: Block;
  readonly participants: readonly Block[];
  readonly sessions: readonly Block[];
  readonly segments: readonly Block[];
}

/**
 * Rebuilds layouts that cannot be read.
 *
 * @throws CallDamaged
 */
export function soundParts<Parts extends StoredParts>(callId: string, parts: Parts): Parts {
  const { head, participants, sessions, segments } = parts;
  const sound = (block: Block, type: BlockType) => {
    if (block.sealed) return block;
    const renewed = checkBlock(block, type)?.renewed;
    if (renewed === undefined) throw new CallDamaged(callId);
    return renewed;
  };
  const all = (blocks: readonly Block[], type: BlockType) => blocks.map((block) => sound(block, type));
  return {
    ...parts,
    head: sound(head, storedTypes.callRecord),
    participants: all(participants, storedTypes.participant),
    sessions: all(sessions, storedTypes.session),
    segments: all(segments, 'segments'),
  };
}
