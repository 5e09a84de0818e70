/**
 * Returns the people whom a session names: the identities of its caller and its callee, and the participant that each
 * forms (docs/decisions/0007-inferred-participants.md).
 */
import { valueStartOf } from './entity.ts';
import {
  identitiesIn,
  type Identities,
  identityAt,
  type IdentityText,
  idsIn,
  identityKind,
  membersIn,
  mergedText,
  principalOf,
} from './identity-texts.ts';
import { stringMember } from './members.ts';
import { membersOf } from './shapes.ts';
import { storedTypes } from './stored-types.ts';

/** A caller or callee of a session that is a person. */
export interface SessionParty {
  /** Ids of its identities, of any kind; the first is the participant's. */
  readonly ids: readonly string[];
  /** True for the callee. */
  readonly isCallee: boolean;
  /** The endpoint as received. */
  readonly endpoint: Buffer;
}

const endpointType = membersOf('microsoft.graph.callRecords.endpoint');
const { members: session } = storedTypes.session;
/** Regions of a session in stored form: annotations come before the first property. */
const callerRegion = session.byName.get('caller')!.index + 1;
const calleeRegion = session.byName.get('callee')!.index + 1;

/**
 * Yields the people in a session.
 *
 * @param bytes Holds a session in stored form.
 * @param regionEnd Returns the end of a region of the session, in `bytes`.
 */
export function* partiesOf(bytes: Buffer, regionEnd: (region: number) => number): Generator<SessionParty> {
  for (const region of [callerRegion, calleeRegion]) {
    const start = regionEnd(region - 1) + 1;
    const end = regionEnd(region);
    if (end <= start) continue;
    const value = valueStartOf(bytes, start);
    if (bytes[value] !== 0x7b) continue;
    const party = partyOf(bytes.subarray(value, end), region === calleeRegion);
    if (party !== undefined) yield party;
  }
}

function partyOf(text: Buffer, isCallee: boolean): SessionParty | undefined {
  // Most callees are services, and most of an import is sessions, so those are not walked.
  if (text.indexOf('dentity') < 0) return undefined;
  const { set, associated } = endpointIdentities(text);
  const ids = idsIn(set, associated?.id);
  return ids.length === 0 ? undefined : { ids, isCallee, endpoint: text };
}

interface EndpointIdentities {
  /** The identities in the deprecated `identity`. */
  readonly set: readonly IdentityText[];
  /** The identity in `associatedIdentity`, which does not state its kind: `kind` is the member's own name. */
  readonly associated: IdentityText | undefined;
}

function endpointIdentities(text: Buffer): EndpointIdentities {
  const members = membersIn(text, endpointType);
  if (stringMember(text, members, '@odata.type')?.endsWith('.serviceEndpoint') === true) return noIdentities;
  const identity = members.find(({ name }) => name === 'identity');
  const associated = members.find(({ name }) => name === 'associatedIdentity');
  return {
    set: identity === undefined ? [] : identitiesIn(text.subarray(identity.valueStart, identity.end)),
    associated: associated && identityAt(text, associated),
  };
}

const noIdentities: EndpointIdentities = { set: [], associated: undefined };

/** Returns the identities of an endpoint in the form of a participant's. */
export function partyIdentities({ endpoint }: SessionParty): Identities {
  const { set, associated } = endpointIdentities(endpoint);
  const principal = principalOf(set);
  const identities = new Map(set.map((one) => [one.kind, one]));
  if (associated === undefined) return identities;
  const { id, text } = associated;
  if (principal === undefined) {
    const known = identityKind(text, id);
    identities.set(known.kind, { id, text, ...known });
  } else if (principal.id === id)
    identities.set(principal.kind, { ...principal, text: mergedText(text, principal.text) });
  return identities;
}
