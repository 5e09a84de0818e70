/**
 * Builds layouts from the text alone. Earlier releases wrote some layouts with edits that reach beyond their entity;
 * the text is intact, so a reader that finds such a layout rebuilds it.
 */
import type { Block, Layout } from './block.ts';
import { BlockBuilder } from './block-builder.ts';
import { blockText, isLaidOut, readLayout } from './block-text.ts';
import { type EntityText, storedRules, walkEntity } from './entity.ts';
import { replacement } from './edit-rules.ts';
import { Scanner } from './scanner.ts';
import { type StoredType, storedTypes } from './stored-types.ts';

/** The type of a block's entities; those of a `segments` block are the arrays of its sessions, or null. */
export type BlockType = StoredType | 'segments';

/**
 * Returns the layout of a block, rebuilt if the stored one has such edits.
 *
 * @param text Text of the block.
 * @throws TextError when the text is not JSON
 */
export function layoutOf(block: Block, text: Buffer, type: BlockType): Layout {
  // Releases that write a seal bound their edits.
  if (block.sealed) return readLayout(block);
  if (isLaidOut(block, text)) {
    const layout = readLayout(block);
    if (areEditsInside(layout, text, type)) return layout;
  }
  return readLayout(blockOfText(text, type).block);
}

/** Returns the text of each entity of a block. */
export function entityTexts(block: Block, type: BlockType): readonly Buffer[] {
  const text = blockText(block);
  const { starts, ends } = layoutOf(block, text, type);
  return Array.from(starts, (start, i) => text.subarray(start, ends[i]));
}

/**
 * Builds a block from a text.
 *
 * @throws TextError when it is not JSON
 */
export function blockOfText(text: Buffer, type: BlockType): { block: Block; digest: string } {
  const scanner = new Scanner(text, 0, undefined, storedRules);
  const builder = new BlockBuilder();
  while (scanner.peek() !== -1) {
    builder.add(type === 'segments' ? walkSegments(scanner) : walkEntity(scanner, type));
    scanner.edits.length = 0;
    if (scanner.peek() === 0x2c) scanner.pos++;
  }
  return builder.finish({ pack: false });
}

function walkSegments(scanner: Scanner): EntityText {
  const start = scanner.pos;
  if (scanner.peek() !== 0x5b) scanner.value(undefined);
  else scanner.array(() => void scanner.object(storedTypes.segment.members));
  const edits = scanner.edits.map((at, i) => (i % 3 === 2 ? at : at - start));
  return { bytes: scanner.bytes, start, end: scanner.pos, ends: [], edits };
}

/** Returns true when no edit reaches beyond its entity, and no cut in segments beyond its segment. */
function areEditsInside({ ends, edits, editStarts }: Layout, text: Buffer, type: BlockType): boolean {
  for (const [entity, end] of ends.entries()) {
    for (let i = editStarts[entity]!; i < editStarts[entity + 1]!; i += 3) {
      const [from, to, kind] = [edits[i]!, edits[i + 1]!, edits[i + 2]!];
      if (to >= end) return false;
      const mask = kind === replacement.unknownFutureValue;
      // Earlier releases always masked enum names with escapes.
      if (mask && text.subarray(from, to).includes(0x5c)) return false;
      if (!mask && type === 'segments' && balancedEnd(text, from, to) !== to) return false;
    }
  }
  return true;
}

/**
 * Returns the offset of the first closing bracket that has no opening one from `start` on; `end` if none comes before
 * it.
 */
function balancedEnd(text: Buffer, start: number, end: number): number {
  let depth = 0;
  for (let at = start; at < end; at++) {
    const byte = text[at]!;
    if (byte === 0x22) at = closingQuote(text, at + 1);
    else if (byte === 0x7b || byte === 0x5b) depth++;
    else if ((byte === 0x7d || byte === 0x5d) && --depth < 0) return at;
  }
  return end;
}

function closingQuote(text: Buffer, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== 0x22) at += text[at] === 0x5c ? 2 : 1;
  return at;
}
