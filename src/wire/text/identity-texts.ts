/** Reads identities from the text of a record or a session, and writes the participant that they form. */
import { stringMember, usableId, type MemberText } from './members.ts';
import { Scanner } from './scanner.ts';
import { type TypeMembers, membersOf } from './shapes.ts';

/** One identity, with the name of its member in the identity set. */
export interface IdentityText {
  readonly kind: string;
  readonly id: string;
  readonly text: Buffer;
  /** True when the kind is derived from the form of the id alone. */
  readonly isGuess?: boolean;
}

/** The identities of a person, by kind. */
export type Identities = ReadonlyMap<string, IdentityText>;

/** The source of an inferred participant. */
export type InferredFrom = 'sessions' | 'participants' | 'organizer';

const identitySetType = membersOf('microsoft.graph.communicationsIdentitySet');
const identityType = membersOf('microsoft.graph.identity');
const kinds = identitySetType.inWireOrder.map(({ name }) => name);

export function identitiesIn(set: Buffer): readonly IdentityText[] {
  if (set[0] !== 0x7b) return [];
  return membersIn(set, identitySetType).flatMap((member) => identityAt(set, member) ?? []);
}

/** Returns a member as an identity; `undefined` when it is null or has no id. */
export function identityAt(bytes: Buffer, { name, valueStart, end }: MemberText): IdentityText | undefined {
  if (bytes[valueStart] !== 0x7b) return undefined;
  const text = bytes.subarray(valueStart, end);
  const id = usableId(text, membersIn(text, identityType));
  return id === undefined ? undefined : { kind: name, id, text };
}

/** Returns the identity that names a set: the user, where a person used a device or an application. */
export function principalOf(set: readonly IdentityText[]): IdentityText | undefined {
  return set.find(({ kind }) => kind === 'user') ?? set[0];
}

/**
 * Returns the ids of identities, each once; the first is the participant's id.
 *
 * @param last Another id of the same person
 */
export function idsIn(set: readonly IdentityText[], last?: string): readonly string[] {
  const ids = new Set<string>();
  const principal = principalOf(set);
  if (principal !== undefined) ids.add(principal.id);
  for (const { id } of set) ids.add(id);
  if (last !== undefined) ids.add(last);
  return [...ids];
}

/**
 * Returns the kind of an identity.
 *
 * @param text Text of the identity.
 * @returns The kind in its type annotation, or the one that the form of its id suggests
 */
export function identityKind(text: Buffer, id: string): Pick<IdentityText, 'kind' | 'isGuess'> {
  const type = stringMember(text, membersIn(text, identityType), '@odata.type') ?? '';
  const kind = kindOfType[type.slice(type.lastIndexOf('.') + 1)];
  if (kind !== undefined) return { kind };
  return phoneNumber.test(id) ? { kind: 'phone' } : { kind: 'user', isGuess: true };
}

const kindOfType: Readonly<Record<string, string>> = {
  communicationsPhoneIdentity: 'phone',
  communicationsGuestIdentity: 'guest',
  communicationsEncryptedIdentity: 'encrypted',
  communicationsApplicationIdentity: 'application',
  communicationsApplicationInstanceIdentity: 'applicationInstance',
  azureCommunicationServicesUserIdentity: 'azureCommunicationServicesUser',
};
/** A number in international form; its last digits may be masked, as in the logs of some countries. */
const phoneNumber = /^\+\d{3,}\**$/;

/**
 * Returns a participant as the list would hold it: nulls first, other members last (contract:
 * observed-2025-get-callRecord-select-id-expand-participants_v2-metadata-none).
 *
 * @param units Text of its `administrativeUnitInfos`.
 */
export function participantText(
  from: InferredFrom,
  id: string,
  identities: Identities,
  units = '[]',
): Buffer {
  const nulls = kinds.filter((kind) => !identities.has(kind)).map((kind) => `${JSON.stringify(kind)}:null`);
  const order = [
    ...kinds.filter((kind) => identities.has(kind)),
    ...[...identities.keys()].filter(isUndeclared),
  ];
  const set = order.map((kind) => `${JSON.stringify(kind)}:${identities.get(kind)!.text.toString()}`);
  const identity = `{${[...nulls, ...set].join()}}`;
  return Buffer.from(
    `{"@rollcall.source":"${from}","id":${JSON.stringify(id)},"identity":${identity},"administrativeUnitInfos":${units}}`,
  );
}

const isUndeclared = (kind: string) => !kinds.includes(kind);

/** Merges two texts of one identity: the first wins where both have a member. */
export function mergedText(first: Buffer, second: Buffer): Buffer {
  const members = new Map<string, string>();
  for (const text of [first, second]) {
    for (const { name, valueStart, end } of membersIn(text, identityType)) {
      const value = text.toString('utf8', valueStart, end);
      if ((members.get(name) ?? 'null') === 'null') members.set(name, value);
    }
  }
  return Buffer.from(`{${[...members].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join()}}`);
}

/** Returns the members of the object at the start of a text. */
export function membersIn(text: Buffer, type?: TypeMembers): MemberText[] {
  const collected: MemberText[] = [];
  new Scanner(text).object(type, collected);
  return collected;
}
