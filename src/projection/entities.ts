/** Entities of a block to the text a client asked for, by copying slices: nothing is parsed. */
import type { Representation } from '../plan/read-plan.ts';
import type { Selection } from '../plan/selection.ts';
import type { Output } from '../text/edits.ts';
import { type EditKinds } from '../text/edits.ts';
import type { StoredType } from '../text/stored-types.ts';
import type { LoadedBlock } from './loaded-block.ts';

/**
 * Regions of an entity that a selection keeps, in wire order: annotations always, then the selected properties.
 *
 * @returns `undefined` when everything is kept.
 */
export function selectedRegions(selection: Selection, type: StoredType): readonly number[] | undefined {
  if (selection === undefined) return undefined;
  const regions = [0];
  for (const member of type.members.inWireOrder.slice(0, type.stored)) {
    if (selection.includes(member.name)) regions.push(member.index + 1);
  }
  return regions;
}

/** Every region, with what follows the stored properties as the last. */
export function allRegions(type: StoredType): readonly number[] {
  return Array.from({ length: type.stored + 2 }, (_, region) => region);
}

/** True when the stored text is what the client is to get. */
export function isServedAsStored(block: LoadedBlock, representation: Representation): boolean {
  return (
    representation.select === undefined &&
    !representation.omitNulls &&
    (representation.includeUnknownEnumMembers || !block.block.masked)
  );
}

/**
 * Writes the entities `from` to `to` of a block, joined by commas.
 *
 * @param regions What to write of each; `undefined` writes everything.
 * @param before Text to put before the first member of a region.
 */
export function writeEntities(
  out: Output,
  { text, layout }: LoadedBlock,
  range: { from: number; to: number },
  regions: readonly number[] | undefined,
  representation: Representation,
  before: ReadonlyMap<number, string> = nothingBefore,
): void {
  const kinds: EditKinds = [representation.omitNulls, !representation.includeUnknownEnumMembers, false];
  const edited = kinds[0] || kinds[1];
  for (let entity = range.from; entity < range.to; entity++) {
    if (entity > range.from) out.byte(0x2c);
    const start = layout.starts[entity]!;
    const editsFrom = edited ? layout.editStarts[entity]! : 0;
    const editsTo = edited ? layout.editStarts[entity + 1]! : 0;
    if (regions === undefined) {
      out.edited(text, start, layout.ends[entity]!, layout.edits, editsFrom, editsTo, kinds);
      continue;
    }
    out.byte(0x7b);
    const opened = out.length;
    for (const region of regions) {
      const at = entity * layout.regions + region;
      const end = region < layout.regions ? layout.regionEnds[at]! : layout.ends[entity]! - 1;
      const regionStart = (region === 0 ? start : layout.regionEnds[at - 1]!) + 1;
      if (end <= regionStart) continue;
      const mark = out.length;
      if (mark > opened) out.byte(0x2c);
      const prefix = before.get(region);
      if (prefix !== undefined) out.text(`${prefix},`);
      const content = out.length;
      out.edited(text, regionStart, end, layout.edits, editsFrom, editsTo, kinds);
      if (out.length === content) out.rewind(mark); // the edits left nothing of the member
    }
    out.byte(0x7d);
  }
}

const nothingBefore: ReadonlyMap<number, string> = new Map();
