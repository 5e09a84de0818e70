/** Reads a person's identity from a communicationsIdentitySet, which has one member per kind, of which one is set. */
import { identityKinds } from '../contract/identity-kinds.ts';

export interface PersonIdentity {
  readonly id?: string | null;
  readonly displayName?: string | null;
  readonly tenantId?: string | null;
  readonly userPrincipalName?: string | null;
}
export type IdentitySet = Readonly<Record<string, unknown>>;

interface Known {
  readonly kind: string;
  readonly identity: PersonIdentity;
}

/** Returns the identity of a set; the most specific one when there are several. */
export function knownOf(set: IdentitySet | null | undefined): Known | undefined {
  const members = Object.entries(set ?? {}).flatMap(([kind, identity]) =>
    isIdentity(identity) ? [{ kind, identity }] : [],
  );
  const order = ({ kind }: Known) =>
    identityKinds.includes(kind) ? identityKinds.indexOf(kind) : identityKinds.length;
  return members.sort((a, b) => order(a) - order(b))[0];
}

/** Returns all ids of a set in lower case, because GUIDs are written in either case. */
export function identityIds(set: IdentitySet | null | undefined): readonly string[] {
  return Object.values(set ?? {}).flatMap((identity) =>
    isIdentity(identity) && typeof identity.id === 'string' ? [identity.id.toLowerCase()] : [],
  );
}

function isIdentity(value: unknown): value is PersonIdentity {
  return typeof value === 'object' && value !== null && ('id' in value || 'displayName' in value);
}
