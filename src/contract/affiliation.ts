/**
 * Decides whether a person in a call belongs to the tenant:
 *
 * - **internal**: a user of the tenant;
 * - **external**: a user of another tenant, a guest account (`#EXT#` in its user principal name, whatever its tenant id),
 *   an anonymous guest, or a user of Azure Communication Services;
 * - **phone**: someone on the telephone network, whom Teams keeps apart from external people;
 * - **service**: an application, a bot or a device;
 * - **unknown**: neither the tenant nor another sign was received.
 */

export const affiliations = ['internal', 'external', 'phone', 'service', 'unknown'] as const;
export type Affiliation = (typeof affiliations)[number];

/** Values of the filter `external`: a person is external; no person is external or unknown; none is external, but some are unknown. */
export const externalChoices = ['yes', 'no', 'unknown'] as const;
export type ExternalChoice = (typeof externalChoices)[number];

/** Returns the value of the filter `external` that a call with so many people has. */
export function externalChoiceOf(external: number, unknown: number): ExternalChoice {
  return external > 0 ? 'yes' : unknown > 0 ? 'unknown' : 'no';
}

/** Kinds that are outside by their nature: they have no account in any tenant. */
const outsiders: ReadonlySet<string> = new Set(['guest', 'acsUser', 'azureCommunicationServicesUser']);
const phones: ReadonlySet<string> = new Set(['phone', 'assertedIdentity']);
const services: ReadonlySet<string> = new Set([
  ...['application', 'applicationInstance', 'acsApplicationInstance', 'spoolApplicationInstance', 'device'],
]);
/** `userIdentityType` of a user in someone else's chat or call. */
const outsideTypes: ReadonlySet<unknown> = new Set([
  ...['anonymousGuest', 'federatedUser', 'personalMicrosoftAccountUser', 'skypeUser'],
  ...['emailUser', 'azureCommunicationServicesUser'],
]);
/** A guest account: its user principal name has the address at home, and this mark. */
const guestMark = /#ext#/i;

type Json = Readonly<Record<string, unknown>>;

/** What decides an affiliation in any tenant. */
export interface Membership {
  readonly tenantIds: readonly string[];
  /** The affiliation by what is no tenant; where a user has a tenant, only `external` counts. */
  readonly otherwise: Exclude<Affiliation, 'internal'>;
}

/**
 * Returns a person's affiliation.
 *
 * @param identitySet A communicationsIdentitySet as received; members without a value do not count. Among several
 *   identities a user counts before a phone, and a phone before a service.
 * @param homeTenantId The tenant that the call is stored for.
 * @param userPrincipalName A user principal name known from elsewhere, such as a session of the same person.
 */
export function affiliationOf(
  identitySet: Json | null | undefined,
  homeTenantId: string,
  userPrincipalName?: string | null,
): Affiliation {
  const isGuest = typeof userPrincipalName === 'string' && guestMark.test(userPrincipalName);
  return isGuest ? 'external' : affiliationIn(membershipOf(identitySet), homeTenantId);
}

/** Returns the membership by which `affiliationIn` decides, for a person who is in calls of several tenants. */
export function membershipOf(identitySet: Json | null | undefined): Membership {
  const tenantIds = new Set<string>();
  const found = new Set<Affiliation>();
  for (const [kind, identity] of Object.entries(identitySet ?? {})) {
    if (!isObject(identity)) continue;
    const { tenantId, userPrincipalName } = identity;
    const fixed = fixedAffiliation(kind);
    const isGuest = typeof userPrincipalName === 'string' && guestMark.test(userPrincipalName);
    if (isGuest) found.add('external');
    else if (fixed !== undefined) found.add(fixed);
    else if (typeof tenantId === 'string' && tenantId !== '') tenantIds.add(tenantId.toLowerCase());
    else found.add(affiliationOfType(identity['userIdentityType']));
  }
  return { tenantIds: [...tenantIds], otherwise: precedence.find((one) => found.has(one)) ?? 'unknown' };
}

export function affiliationIn({ tenantIds, otherwise }: Membership, homeTenantId: string): Affiliation {
  if (otherwise === 'external' || tenantIds.length === 0) return otherwise;
  const home = homeTenantId.toLowerCase();
  return tenantIds.every((tenantId) => tenantId === home) ? 'internal' : 'external';
}

const precedence = ['external', 'unknown', 'phone', 'service'] as const;

/** Returns the affiliation of a kind of identity that no tenant id changes. */
function fixedAffiliation(kind: string): Affiliation | undefined {
  if (outsiders.has(kind)) return 'external';
  if (phones.has(kind)) return 'phone';
  return services.has(kind) ? 'service' : undefined;
}

function affiliationOfType(userIdentityType: unknown): Affiliation {
  if (userIdentityType === 'phoneUser') return 'phone';
  return outsideTypes.has(userIdentityType) ? 'external' : 'unknown';
}

/** Returns the tenants of all identities of a person, in lower case. */
export function tenantIdsOf(identitySet: Json | null | undefined): readonly string[] {
  return Object.values(identitySet ?? {}).flatMap((identity) => {
    const tenantId = isObject(identity) ? identity['tenantId'] : undefined;
    return typeof tenantId === 'string' && tenantId !== '' ? [tenantId.toLowerCase()] : [];
  });
}

/** Returns the tenant of a person, in lower case; `undefined` when none was received. */
export function tenantIdOf(identitySet: Json | null | undefined): string | undefined {
  return tenantIdsOf(identitySet)[0];
}

const defaultDomain = /\.onmicrosoft\.[a-z.]+$/;

/** Returns the domain of an address in lower case; none of a guest account, whose domain is the tenant it visits. */
export function domainOf(address: string | null | undefined): string | undefined {
  if (typeof address !== 'string' || guestMark.test(address)) return undefined;
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  return address.includes('@') && domain.includes('.') ? domain : undefined;
}

/** Returns the domain at home of a guest: `fabrikam.example` of `paul_fabrikam.example#EXT#@contoso.example`. */
export function guestDomainOf(address: string | null | undefined): string | undefined {
  const home = address?.slice(0, Math.max(0, address.search(guestMark))) ?? '';
  const domain = home.slice(home.lastIndexOf('_') + 1).toLowerCase();
  return home.includes('_') && domain.includes('.') ? domain : undefined;
}

/** Returns the domain by which a person is searched: as `domainOf`, and the domain at home of a guest account. */
export function searchedDomainOf(address: string | null | undefined): string | undefined {
  return guestDomainOf(address) ?? domainOf(address);
}

/** Collects the domains of a tenant's people, to name the tenant by the most frequent one. */
export class TenantNames {
  readonly #domains = new Map<string, Map<string, number>>();

  add(tenantId: string | null | undefined, userPrincipalName: string | null | undefined): void {
    const domain = domainOf(userPrincipalName);
    if (typeof tenantId !== 'string' || domain === undefined) return;
    const key = tenantId.toLowerCase();
    const counts = this.#domains.get(key) ?? new Map<string, number>();
    counts.set(domain, (counts.get(domain) ?? 0) + 1);
    this.#domains.set(key, counts);
  }

  /** Returns the name; a domain of the form `*.onmicrosoft.com` only where no other is known. */
  nameOf(tenantId: string | null | undefined): string | null {
    if (typeof tenantId !== 'string') return null;
    const [first] = [...(this.#domains.get(tenantId.toLowerCase()) ?? [])].sort(
      ([a, m], [b, n]) =>
        Number(defaultDomain.test(a)) - Number(defaultDomain.test(b)) || n - m || (a < b ? -1 : 1),
    );
    return first?.[0] ?? null;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
