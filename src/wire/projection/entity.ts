/** Writes one entity: the context URL, its own text, and then the expanded members. */
import type { Representation } from '../../query/plan/read-plan.ts';
import { Output } from '../text/edits.ts';
import type { StoredType } from '../text/stored-types.ts';
import type { Body } from './body.ts';
import { needsControlPass, withControlInformation } from './control-information.ts';
import { allRegions, selectedRegions, writeEntities } from './entities.ts';
import type { OpenBlock } from '../text/open-block.ts';

interface EntityLinks {
  readonly contextUrl: string;
  /** Path of the entity's collection below the service root. */
  readonly path: string;
  /** Annotations to write before a property, by property name. */
  readonly before?: ReadonlyMap<string, string>;
  /** Text of annotations that follow the entity's own members. */
  readonly trailing?: string;
  /** Writes the expanded members. */
  readonly expanded?: ((out: Output, entity: number) => void) | undefined;
}

export function projectEntity(
  block: OpenBlock,
  index: number,
  type: StoredType,
  representation: Representation,
  links: EntityLinks,
): Body {
  const out = new Output(4096);
  const control = representation.metadata !== 'none';
  const regions = selectedRegions(representation.select, type) ?? allRegions(type);
  writeEntities(out, block, { from: index, to: index + 1 }, regions, representation, {
    ...(control && { before: byRegion(links.before, type) }),
    ...(links.expanded && { after: links.expanded }),
  });
  return entityBody(out.bytes(), type, representation, links);
}

/**
 * Returns the body of an entity.
 *
 * @param text The whole entity.
 */
export function entityBody(
  text: Buffer,
  type: StoredType,
  representation: Representation,
  links: EntityLinks,
): Body {
  const control = representation.metadata !== 'none';
  const entity = needsControlPass(representation, type)
    ? withControlInformation(text, type, representation, links.path)
    : text;
  const isEmpty = entity.length === 2;
  const context = control ? `"@odata.context":${JSON.stringify(links.contextUrl)}${isEmpty ? '' : ','}` : '';
  const trailing = control && links.trailing ? `${isEmpty && !context ? '' : ','}${links.trailing}` : '';
  return {
    head: Buffer.from(`{${context}`),
    text: () => entity.subarray(1, -1),
    deflated: undefined,
    tail: Buffer.from(`${trailing}}`),
  };
}

/** Converts texts by property name to texts by region. */
export function byRegion(
  before: ReadonlyMap<string, string> | undefined,
  type: StoredType,
): ReadonlyMap<number, string> {
  const regions = new Map<number, string>();
  for (const [name, text] of before ?? []) {
    const member = type.members.byName.get(name);
    if (member !== undefined) regions.set(member.index + 1, text);
  }
  return regions;
}
