/** Holds a stored block against itself: its bytes, the form of its entities, and the layout written of them. */
import { type Block, BlockBuilder, blockText, isIntact, readLayout } from './block.ts';
import { entityIds } from './open-block.ts';
import { type EntityText, storedRules, walkEntity } from './entity.ts';
import { Scanner } from './scanner.ts';
import { ownLayout } from './seal.ts';
import { type StoredType, storedTypes } from './stored-types.ts';

export interface CheckedBlock {
  /** Of the text, as its list's digest has it. */
  readonly digest: string;
  readonly count: number;
  readonly ids: readonly string[];
}

/** @returns `undefined` when the block is not what was stored */
export function checkBlock(block: Block, type: StoredType): CheckedBlock | undefined {
  return checked(
    block,
    (text, start, end) => walkEntity(new Scanner(text, start, end, storedRules), type),
    true,
  );
}

/** A block of segments: an entity is a JSON array, or null. */
export function checkSegmentsBlock(block: Block): CheckedBlock | undefined {
  return checked(block, segmentsText, false);
}

function checked(
  block: Block,
  walk: (text: Buffer, start: number, end: number) => EntityText,
  hasIds: boolean,
): CheckedBlock | undefined {
  if (!isIntact(block)) return undefined;
  try {
    const text = blockText(block);
    const { starts, ends } = readLayout(block);
    const builder = new BlockBuilder();
    for (const [i, start] of starts.entries()) builder.add(walk(text, start, ends[i]!));
    const { block: again, digest } = builder.finish({ pack: false });
    const isSame =
      again.count === block.count &&
      again.masked === block.masked &&
      Buffer.compare(ownLayout(again), ownLayout(block)) === 0 &&
      Buffer.compare(again.body, text) === 0;
    return isSame ? { digest, count: block.count, ids: hasIds ? entityIds(block) : [] } : undefined;
  } catch {
    return undefined; // a layout that leads out of the text, or text that is not JSON: the same verdict
  }
}

function segmentsText(text: Buffer, start: number, end: number): EntityText {
  const scanner = new Scanner(text, start, end, storedRules);
  if (scanner.peek() !== 0x5b) scanner.value(undefined);
  else scanner.array(() => void scanner.object(storedTypes.segment.members));
  scanner.expectEnd();
  return {
    bytes: text,
    start,
    end,
    ends: [],
    edits: scanner.edits.map((at, i) => (i % 3 === 2 ? at : at - start)),
  };
}
