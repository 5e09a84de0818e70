/** The entity types that are stored, and how many of their members are stored with them. */
import { type Members, membersOf } from './shapes.ts';

export interface StoredType {
  readonly members: Members;
  /** The first so many members in wire order are stored with the entity; those after them in blocks of their own. */
  readonly stored: number;
  /** True when a stored value may need quotes under `IEEE754Compatible=true`. */
  readonly hasWide: boolean;
}

function storedType(name: string, hasWide: boolean, firstApart?: string): StoredType {
  const members = membersOf(`microsoft.graph.callRecords.${name}`);
  const apart = firstApart === undefined ? undefined : members.byName.get(firstApart)?.index;
  return { members, stored: apart ?? members.inWireOrder.length, hasWide };
}

export const storedTypes = {
  callRecord: storedType('callRecord', true, 'sessions'),
  participant: storedType('participant', false),
  session: storedType('session', false, 'segments'),
  segment: storedType('segment', true),
} as const;
