/** Who somebody is, by a communicationsIdentitySet: one member per kind of identity, of which one is set. */

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

/** In the words of the page; a kind that is not here is shown by its name on the wire. */
const kindNames: Readonly<Record<string, string>> = {
  user: 'User',
  guest: 'Guest',
  phone: 'Phone',
  acsUser: 'ACS user',
  azureCommunicationServicesUser: 'ACS user',
  spoolUser: 'Spool user',
  application: 'Application',
  applicationInstance: 'Application',
  acsApplicationInstance: 'Application',
  spoolApplicationInstance: 'Application',
  device: 'Device',
  onPremises: 'On premises',
  encrypted: 'Encrypted',
  assertedIdentity: 'Asserted',
};
const kinds = Object.keys(kindNames);

export function kindName(kind: string): string {
  return kindNames[kind] ?? kind;
}

/** The identity of a set; the more telling one where there are several. */
export function knownOf(set: IdentitySet | null | undefined): Known | undefined {
  const members = Object.entries(set ?? {}).flatMap(([kind, identity]) =>
    isIdentity(identity) ? [{ kind, identity }] : [],
  );
  const order = ({ kind }: Known) => (kinds.includes(kind) ? kinds.indexOf(kind) : kinds.length);
  return members.sort((a, b) => order(a) - order(b))[0];
}

/** Every id of a set, as they compare: GUIDs are written in either case. */
export function identityIds(set: IdentitySet | null | undefined): readonly string[] {
  return Object.values(set ?? {}).flatMap((identity) =>
    isIdentity(identity) && typeof identity.id === 'string' ? [identity.id.toLowerCase()] : [],
  );
}

function isIdentity(value: unknown): value is PersonIdentity {
  return typeof value === 'object' && value !== null && ('id' in value || 'displayName' in value);
}
