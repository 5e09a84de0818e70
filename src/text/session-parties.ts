/**
 * Whom a session shows: the identities of its caller and its callee, and the participant each makes
 * (docs/decisions/0007-found-participants.md).
 */
import { type MemberText, Scanner } from './scanner.ts';
import { type Members, membersOf } from './shapes.ts';
import { storedTypes } from './stored-types.ts';
import { stringMember } from './members.ts';

/** One end of a session that is somebody. */
export interface SessionParty {
  /** Ids of its identities, whatever their kind; the first is the participant's. */
  readonly ids: readonly string[];
  /** True at the callee's end, which is a participant of a one-to-one call only. */
  readonly isCallee: boolean;
  /** The endpoint as received. */
  readonly endpoint: Buffer;
}

const endpointType = membersOf('microsoft.graph.callRecords.endpoint');
const identitySetType = membersOf('microsoft.graph.communicationsIdentitySet');
const identityType = membersOf('microsoft.graph.identity');
const { members: session } = storedTypes.session;
/** Regions of a session in stored form: annotations come before the first property. */
const callerRegion = session.byName.get('caller')!.index + 1;
const calleeRegion = session.byName.get('callee')!.index + 1;
const kinds = identitySetType.inWireOrder.map(({ name }) => name);

/**
 * @param bytes Holds a session in stored form.
 * @param regionEnd Where a region of the session ends, in `bytes`.
 */
export function* partiesOf(bytes: Buffer, regionEnd: (region: number) => number): Generator<SessionParty> {
  for (const region of [callerRegion, calleeRegion]) {
    const start = regionEnd(region - 1) + 1;
    const end = regionEnd(region);
    const brace = end > start ? bytes.indexOf(0x7b, start) : -1;
    if (brace < 0 || brace >= end) continue;
    const party = partyOf(bytes.subarray(brace, end), region === calleeRegion);
    if (party !== undefined) yield party;
  }
}

function partyOf(text: Buffer, isCallee: boolean): SessionParty | undefined {
  // Most callees are services, and most of an import is sessions: they are not walked.
  if (text.indexOf('dentity') < 0) return undefined;
  const { set, associated } = identitiesOf(text);
  const ids = new Set<string>();
  const principal = principalOf(set);
  if (principal !== undefined) ids.add(principal.id);
  for (const { id } of set) ids.add(id);
  if (associated !== undefined) ids.add(associated.id);
  return ids.size === 0 ? undefined : { ids: [...ids], isCallee, endpoint: text };
}

/** One identity, by the member of an identity set it is in. */
interface KindOfIdentity {
  readonly kind: string;
  readonly id: string;
  readonly text: Buffer;
}

interface Identities {
  /** Those of `identity`, which is deprecated. */
  readonly set: readonly KindOfIdentity[];
  /** That of `associatedIdentity`, which does not say its kind: `kind` is the member's own name. */
  readonly associated: KindOfIdentity | undefined;
}

function identitiesOf(text: Buffer): Identities {
  const members = membersIn(text, endpointType);
  if (stringMember(text, members, '@odata.type')?.endsWith('.serviceEndpoint') === true) return nobody;
  const identity = members.find(({ name }) => name === 'identity');
  const associated = members.find(({ name }) => name === 'associatedIdentity');
  return {
    set: identity === undefined ? [] : identitiesIn(text.subarray(identity.valueStart, identity.end)),
    associated: associated && identityAt(text, associated),
  };
}

const nobody: Identities = { set: [], associated: undefined };

function identitiesIn(set: Buffer): readonly KindOfIdentity[] {
  if (set[0] !== 0x7b) return [];
  return membersIn(set, identitySetType).flatMap((member) => identityAt(set, member) ?? []);
}

/** The member as an identity, unless it is none: null, or without an id. */
function identityAt(bytes: Buffer, { name, valueStart, end }: MemberText): KindOfIdentity | undefined {
  if (bytes[valueStart] !== 0x7b) return undefined;
  const text = bytes.subarray(valueStart, end);
  const id = stringMember(text, membersIn(text, identityType), 'id');
  return id === undefined || id === '' ? undefined : { kind: name, id, text };
}

/** The identity a set is known by: of somebody at a device or through an application, the user. */
function principalOf(set: readonly KindOfIdentity[]): KindOfIdentity | undefined {
  return set.find(({ kind }) => kind === 'user') ?? set[0];
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

/** The kind of an `associatedIdentity`: its type says it, or the form of its id. */
function kindOf({ text, id }: KindOfIdentity): string {
  const type = stringMember(text, membersIn(text, identityType), '@odata.type') ?? '';
  return kindOfType[type.slice(type.lastIndexOf('.') + 1)] ?? (phoneNumber.test(id) ? 'phone' : 'user');
}

/**
 * The participant that an endpoint shows, as the list would have it: nulls first, what is set last
 * (contract: observed-2025-get-callRecord-select-id-expand-participants_v2-metadata-none).
 */
export function participantText({ ids, endpoint: text }: SessionParty): Buffer {
  const { set, associated } = identitiesOf(text);
  const principal = principalOf(set);
  const held = new Map(set.map((one) => [one.kind, one.text]));
  if (associated !== undefined) {
    if (principal === undefined) held.set(kindOf(associated), associated.text);
    else if (principal.id === associated.id)
      held.set(principal.kind, mergedText(associated.text, principal.text));
  }
  const nulls = kinds.filter((kind) => !held.has(kind)).map((kind) => `${JSON.stringify(kind)}:null`);
  const order = [...kinds.filter((kind) => held.has(kind)), ...[...held.keys()].filter(isUndeclared)];
  const identities = order.map((kind) => `${JSON.stringify(kind)}:${held.get(kind)!.toString()}`);
  const identity = `{${[...nulls, ...identities].join()}}`;
  return Buffer.from(
    `{"@rollcall.source":"sessions","id":${JSON.stringify(ids[0])},"identity":${identity},"administrativeUnitInfos":[]}`,
  );
}

const isUndeclared = (kind: string) => !kinds.includes(kind);

/** Two texts of one identity as one: what either says, the first where both do. */
function mergedText(first: Buffer, second: Buffer): Buffer {
  const members = new Map<string, string>();
  for (const text of [first, second]) {
    for (const { name, valueStart, end } of membersIn(text, identityType)) {
      const value = text.toString('utf8', valueStart, end);
      if ((members.get(name) ?? 'null') === 'null') members.set(name, value);
    }
  }
  return Buffer.from(`{${[...members].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join()}}`);
}

function membersIn(text: Buffer, type: Members): MemberText[] {
  const collected: MemberText[] = [];
  new Scanner(text).object(type, collected);
  return collected;
}
