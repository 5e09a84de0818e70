/** Builds a separate block from an entity that is stored as a member of another. */
import { BlockBuilder } from '../text/block-builder.ts';
import { storedRules, valueStartOf, walkEntity } from '../text/entity.ts';
import { Scanner } from '../text/scanner.ts';
import type { StoredType } from '../text/stored-types.ts';
import { OpenBlock } from '../text/open-block.ts';

/**
 * Returns the block of a member.
 *
 * @param owner A block of one entity.
 * @returns `undefined` when the member is absent, or no object.
 */
export function memberEntity(
  owner: OpenBlock,
  ownerType: StoredType,
  name: string,
  type: StoredType,
): OpenBlock | undefined {
  const region = ownerType.members.byName.get(name)!.index + 1; // callers pass a name from the model
  const { layout, text } = owner;
  const start = layout.regionEnds[region - 1]! + 1;
  const end = layout.regionEnds[region]!;
  if (end <= start) return undefined;
  const value = valueStartOf(text, start);
  if (text[value] !== 0x7b) return undefined;
  const builder = new BlockBuilder();
  builder.add(walkEntity(new Scanner(text, value, end, storedRules), type));
  return new OpenBlock(builder.finish().block, type);
}
