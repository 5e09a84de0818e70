/** Names the kinds of identities: the members of a `communicationsIdentitySet`. */

/** Names of kinds, the most specific kind first; other kinds are shown by their wire name. */
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

/** Kinds by their wire names, the most specific one first. */
export const identityKinds: readonly string[] = Object.keys(kindNames);

/** Returns the name of a kind. @param kind The wire name; empty when it is unknown. */
export function kindName(kind: string): string {
  return kind === '' ? 'Unknown' : (kindNames[kind] ?? kind);
}
