/**
 * The members of an identity set that a person can be in. The live service's sets have more (`acsUser`, `spoolUser`,
 * `acsApplicationInstance`, `spoolApplicationInstance`), always null here.
 */
export type IdentityKind =
  | 'user'
  | 'guest'
  | 'phone'
  | 'azureCommunicationServicesUser'
  | 'device'
  | 'application'
  | 'applicationInstance'
  | 'onPremises'
  | 'encrypted'
  | 'assertedIdentity';

/** An identity in wire order, `id, displayName, tenantId`, with the other members of its derived type. */
export interface GeneratedIdentity {
  readonly '@odata.type'?: string;
  readonly id: string;
  readonly displayName: string | null;
  readonly tenantId: string | null;
  readonly userPrincipalName?: string | null;
  readonly azureCommunicationServicesResourceId?: string;
}

type IdentitySet = Readonly<Record<string, GeneratedIdentity | null>>;

// `user` comes first when it is null; the member that is set comes last.
const members = [
  'acsUser',
  'spoolUser',
  'phone',
  'guest',
  'encrypted',
  'onPremises',
  'acsApplicationInstance',
  'spoolApplicationInstance',
  'applicationInstance',
  'application',
  'device',
];
const legacyNulls = nullsBesideEach(['user', ...members]);
const communicationsNulls = nullsBesideEach([
  'user',
  'endpointType',
  ...members,
  'azureCommunicationServicesUser',
  'assertedIdentity',
]);

/** Returns, for each name as the member that is set, the others as null. */
function nullsBesideEach(names: readonly string[]): Readonly<Record<string, IdentitySet>> {
  const nullsBeside = (set: string): IdentitySet =>
    Object.fromEntries(names.filter((name) => name !== set).map((name) => [name, null]));
  return Object.fromEntries(names.map((name) => [name, nullsBeside(name)]));
}

/** The member of a legacy identity set that holds a kind which the set does not have. */
const legacyMember: Partial<Record<IdentityKind, string>> = {
  azureCommunicationServicesUser: 'acsUser',
  assertedIdentity: 'phone',
};

/** Returns a `communicationsIdentitySet`, as in `participants_v2` and `organizer_v2`. */
export function communicationsIdentitySet(kind: IdentityKind, identity: GeneratedIdentity): IdentitySet {
  return { ...communicationsNulls[kind], [kind]: identity };
}

/** Returns an `identitySet`, as in `participants`, `organizer` and endpoints: its user has no userPrincipalName. */
export function legacyIdentitySet(kind: IdentityKind, identity: GeneratedIdentity): IdentitySet {
  const { id, displayName, tenantId } = identity;
  const member = legacyMember[kind] ?? kind;
  return { ...legacyNulls[member], [member]: { id, displayName, tenantId } };
}
