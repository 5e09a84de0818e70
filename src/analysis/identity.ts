/**
 * Reads a person's identity from a communicationsIdentitySet, which has one member per kind, of which one is set. Values
 * of another type than Graph defines count as absent.
 */
import { identityKinds } from '../contract/identity-kinds.ts';

interface PersonIdentity {
  readonly id: string | null;
  readonly displayName: string | null;
  readonly tenantId: string | null;
  readonly userPrincipalName: string | null;
}
export type IdentitySet = Readonly<Record<string, unknown>>;

interface Known {
  readonly kind: string;
  readonly identity: PersonIdentity;
}

/** Returns the identity of a set; the most specific one when there are several. */
export function knownOf(set: unknown): Known | undefined {
  const members = Object.entries(isObject(set) ? set : {}).flatMap(([kind, value]) => {
    const identity = personIdentity(value);
    return identity === undefined ? [] : [{ kind, identity }];
  });
  const order = ({ kind }: Known) => {
    const at = identityKinds.indexOf(kind);
    return at < 0 ? identityKinds.length : at;
  };
  return members.length < 2 ? members[0] : members.sort((a, b) => order(a) - order(b))[0];
}

/** Returns an identity; `undefined` when a value is none. */
export function personIdentity(value: unknown): PersonIdentity | undefined {
  if (!isObject(value) || !('id' in value || 'displayName' in value)) return undefined;
  const { id, displayName, tenantId, userPrincipalName } = value;
  return {
    id: textOf(id),
    displayName: textOf(displayName),
    tenantId: textOf(tenantId),
    userPrincipalName: textOf(userPrincipalName),
  };
}

/** Returns all ids of a set in lower case, because GUIDs are written in either case. */
export function identityIds(set: unknown): readonly string[] {
  return Object.values(isObject(set) ? set : {}).flatMap(
    (value) => personIdentity(value)?.id?.toLowerCase() ?? [],
  );
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function isObject(value: unknown): value is IdentitySet {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
