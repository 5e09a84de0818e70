/**
 * Reads a person's identity from a communicationsIdentitySet, which has one member per kind, of which one is set. Values
 * of another type than Graph defines count as absent.
 */
import { identityKinds } from '../contract/identity-kinds.ts';
import { isObject } from '../store/people.ts';

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
  if (!isObject(set)) return undefined;
  let known: Known | undefined;
  for (const kind in set) {
    const identity = personIdentity(set[kind]);
    if (identity !== undefined && (known === undefined || orderOf(kind) < orderOf(known.kind)))
      known = { kind, identity };
  }
  return known;
}

function orderOf(kind: string): number {
  const at = identityKinds.indexOf(kind);
  return at < 0 ? identityKinds.length : at;
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
export function identityIds(set: unknown): string[] {
  const ids: string[] = [];
  if (!isObject(set)) return ids;
  for (const kind in set) {
    const value = set[kind];
    if (isObject(value) && typeof value['id'] === 'string') ids.push(value['id'].toLowerCase());
  }
  return ids;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
