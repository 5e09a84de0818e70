/**
 * Recognizes a layout that an earlier release wrote, to distinguish it from a damaged one. In such a layout, the last
 * edit of an entity may reach beyond the entity, where its next members are stored separately; and an enum name with
 * escapes was always masked.
 */
import type { Layout } from './block.ts';
import { replacement } from './edit-rules.ts';
import { VarintReader, VarintWriter } from './varint.ts';

/**
 * Returns whether a layout is one of an earlier release.
 *
 * @param sound The layout that this release builds from the text.
 */
export function isEarlierLayout(written: Uint8Array, sound: Layout, text: Buffer): boolean {
  const { regions, starts, ends, regionEnds, editStarts } = sound;
  const reader = new VarintReader(written);
  if (reader.next() !== regions) return false;
  for (const [entity, start] of starts.entries()) {
    if (reader.next() !== ends[entity]! - start) return false;
    let last = start;
    for (let region = entity * regions; region < (entity + 1) * regions; region++) {
      if (reader.next() !== regionEnds[region]! - last) return false;
      last = regionEnds[region]!;
    }
    const edits = sound.edits.subarray(editStarts[entity], editStarts[entity + 1]);
    if (!areEarlierEdits(reader, edits, start, text)) return false;
  }
  return reader.isAtEnd;
}

/**
 * Compares the edits of one entity.
 *
 * @param edits The entity's edits in the sound layout.
 */
function areEarlierEdits(reader: VarintReader, edits: Uint32Array, start: number, text: Buffer): boolean {
  let next = 0;
  let last = start;
  for (let left = reader.next(); left > 0; left--) {
    const [from, end, kind] = [edits[next]!, edits[next + 1]!, edits[next + 2]!];
    const isNext = next < edits.length && reader.takes(encoded(from - last));
    const begin = isNext ? from : last + reader.next();
    const lengthAndKind = reader.next();
    last = begin + Math.floor(lengthAndKind / 4);
    if (isNext) {
      const goesOn = kind === replacement.nothing && text[end] === 0x7d && last > end;
      if (lengthAndKind % 4 !== kind || (last !== end && !goesOn)) return false;
      next += 3;
    } else {
      const isMask = lengthAndKind % 4 === replacement.unknownFutureValue;
      if (!isMask || !text.subarray(begin, last).includes(0x5c)) return false;
    }
  }
  return next === edits.length;
}

/**
 * Encodes a number as the earlier writer did: after a cut that reached too far the next number is negative, and only
 * its lowest byte was written.
 */
function encoded(value: number): Uint8Array {
  const writer = new VarintWriter();
  writer.write(value);
  return writer.take();
}
