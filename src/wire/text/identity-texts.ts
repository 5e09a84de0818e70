/** Identities in the text of a record or a session, and the participant that they make. */
import { stringMember, usableId, type MemberText } from './members.ts';
import { Scanner } from './scanner.ts';
import { type TypeMembers, membersOf } from './shapes.ts';

/** One identity, by the member of an identity set it is in. */
export interface IdentityText {
  readonly kind: string;
  readonly id: string;
  readonly text: Buffer;
  /** True where nothing but the form of the id says the kind. */
  readonly isGuess?: boolean;
}

/** The identities of a person, by kind. */
export type Identities = ReadonlyMap<string, IdentityText>;

/** Where a participant is from that no received list has. */
export type InferredFrom = 'sessions' | 'participants' | 'organizer';

const identitySetType = membersOf('microsoft.graph.communicationsIdentitySet');
const identityType = membersOf('microsoft.graph.identity');
const kinds = identitySetType.inWireOrder.map(({ name }) => name);

export function identitiesIn(set: Buffer): readonly IdentityText[] {
  if (set[0] !== 0x7b) return [];
  return membersIn(set, identitySetType).flatMap((member) => identityAt(set, member) ?? []);
}

/** The member as an identity, unless it is none: null, or without an id. */
export function identityAt(bytes: Buffer, { name, valueStart, end }: MemberText): IdentityText | undefined {
  if (bytes[valueStart] !== 0x7b) return undefined;
  const text = bytes.subarray(valueStart, end);
  const id = usableId(text, membersIn(text, identityType));
  return id === undefined ? undefined : { kind: name, id, text };
}

/** Returns the identity that names a set: of a person at a device or through an application, the user. */
export function principalOf(set: readonly IdentityText[]): IdentityText | undefined {
  return set.find(({ kind }) => kind === 'user') ?? set[0];
}

/** Ids of identities, each once; the first is the one the participant has. @param last Another id of the same person */
export function idsIn(set: readonly IdentityText[], last?: string): readonly string[] {
  const ids = new Set<string>();
  const principal = principalOf(set);
  if (principal !== undefined) ids.add(principal.id);
  for (const { id } of set) ids.add(id);
  if (last !== undefined) ids.add(last);
  return [...ids];
}

/** An identity without its kind. @param text Of the identity. @returns What its type says, or the form of its id */
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
/** A number in international form, the last digits of which may be masked, as in the logs of some countries. */
const phoneNumber = /^\+\d{3,}\**$/;

/**
 * A participant as the list would have it: nulls first, what is set last
 * (contract: observed-2025-get-callRecord-select-id-expand-participants_v2-metadata-none).
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

/** Two texts of one identity as one: what either says, the first where both do. */
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

/** The members of the object that a text begins with. */
export function membersIn(text: Buffer, type?: TypeMembers): MemberText[] {
  const collected: MemberText[] = [];
  new Scanner(text).object(type, collected);
  return collected;
}
