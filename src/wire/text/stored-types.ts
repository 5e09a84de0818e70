/** Defines the entity types that are stored, and how many of their members are stored with them. */
import { edms } from '../../contract/edm.ts';
import { simpleName } from '../../contract/names.ts';
import { type TypeMembers, membersOf } from './shapes.ts';

export interface StoredType {
  readonly members: TypeMembers;
  /** This many members, the first in wire order, are stored with the entity; later ones have separate blocks. */
  readonly stored: number;
  /** True when a stored value may need quotes under `IEEE754Compatible=true`. */
  readonly hasWide: boolean;
  /** True when a stored value, or one inside it, may be deprecated. */
  readonly hasDeprecated: boolean;
}

function storedType(
  name: string,
  { hasWide = false, hasDeprecated = false }: Partial<Pick<StoredType, 'hasWide' | 'hasDeprecated'>>,
  firstApart?: string,
): StoredType {
  const members = membersOf(`microsoft.graph.callRecords.${name}`);
  const apart = firstApart === undefined ? undefined : members.byName.get(firstApart)?.index;
  return { members, stored: apart ?? members.inWireOrder.length, hasWide, hasDeprecated };
}

export const storedTypes = {
  callRecord: storedType('callRecord', { hasWide: true, hasDeprecated: true }, 'sessions'),
  participant: storedType('participant', {}),
  organizer: storedType('organizer', {}),
  // Its segments, when expanded, have wide numbers.
  session: storedType('session', { hasWide: true, hasDeprecated: true }, 'segments'),
  segment: storedType('segment', { hasWide: true, hasDeprecated: true }),
} as const;

/** Types of log rows by simple name. Beta has all of them. */
export const logTypes: Readonly<Record<string, StoredType>> = Object.fromEntries(
  edms.beta.functions.map(({ returns }) => {
    const name = simpleName(returns);
    return [name, storedType(name, { hasWide: true })];
  }),
);
