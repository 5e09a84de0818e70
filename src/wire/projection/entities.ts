/** Writes the entities of a block as the client requested them, by copying slices of text without parsing. */
import type { Representation } from '../../query/plan/read-plan.ts';
import type { Selection } from '../../query/plan/selection.ts';
import type { Output } from '../text/edits.ts';
import { type EditKinds } from '../text/edits.ts';
import type { StoredType } from '../text/stored-types.ts';
import type { OpenBlock } from '../text/open-block.ts';

/**
 * Returns the regions of an entity that a selection keeps, in wire order: always the annotations, then the selected
 * properties.
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

/** Returns every region; the last holds the members after the stored properties. */
export function allRegions(type: StoredType): readonly number[] {
  return Array.from({ length: type.stored + 2 }, (_, region) => region);
}

/** Returns true when the stored text is the response text. */
export function isServedAsStored(block: OpenBlock, representation: Representation): boolean {
  return (
    representation.select === undefined &&
    !representation.omitNulls &&
    (representation.includeUnknownEnumMembers || !block.block.masked)
  );
}

/** Returns which of the stored edits a representation applies. */
export function editKinds({ omitNulls, includeUnknownEnumMembers }: Representation): EditKinds {
  return [omitNulls, !includeUnknownEnumMembers, false];
}

/** Changes to entities while they are written, by region. */
export interface Additions {
  /** Text to write before the first member of a region. */
  readonly before?: ReadonlyMap<number, string>;
  /** Text of members that replaces a region; empty to omit it. */
  readonly instead?: ReadonlyMap<number, string>;
  /** Writes further members after the entity's own; writes nothing when there are none. */
  readonly after?: (out: Output, entity: number) => void;
}

/**
 * Writes the entities `from` to `to` of a block, joined by commas.
 *
 * @param regions The regions to write of each; `undefined` writes everything.
 */
export function writeEntities(
  out: Output,
  block: OpenBlock,
  range: { from: number; to: number },
  regions: readonly number[] | undefined,
  representation: Representation,
  additions: Additions = {},
): void {
  const { text, layout } = block;
  const kinds = editKinds(representation);
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
      writeMember(out, opened, additions.before?.get(region), () => {
        const instead = additions.instead?.get(region);
        if (instead !== undefined) {
          out.text(instead);
          return;
        }
        const at = entity * layout.regions + region;
        const end = region < layout.regions ? layout.regionEnds[at]! : layout.ends[entity]! - 1;
        const regionStart = (region === 0 ? start : layout.regionEnds[at - 1]!) + 1;
        if (end > regionStart) out.edited(text, regionStart, end, layout.edits, editsFrom, editsTo, kinds);
      });
    }
    if (additions.after !== undefined) {
      const { after } = additions;
      writeMember(out, opened, undefined, () => after(out, entity));
    }
    out.byte(0x7d);
  }
}

/** Writes members, with a comma before them where needed; removes the comma when `write` wrote nothing. */
function writeMember(out: Output, opened: number, prefix: string | undefined, write: () => void): void {
  const mark = out.length;
  if (mark > opened) out.byte(0x2c);
  if (prefix !== undefined) out.text(`${prefix},`);
  const content = out.length;
  write();
  if (out.length === content) out.rewind(mark);
}
