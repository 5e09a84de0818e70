/** Tests who belongs to a tenant, and by which name a tenant is shown. */
import { describe, expect, it } from 'vitest';
import {
  type Affiliation,
  affiliationOf,
  affiliations,
  domainOf,
  type ExternalChoice,
  externalChoiceOf,
  externalChoices,
  searchedDomainOf,
  tenantIdOf,
  TenantNames,
} from './affiliation.ts';

const home = 'aaaaaaaa-1111-4111-8111-111111111111';
const partner = 'bbbbbbbb-2222-4222-8222-222222222222';
const guestName = 'paul_fabrikam.example#EXT#@contoso.example';

describe('the affiliation of a person', () => {
  it.each<readonly [string, Affiliation, object | null | undefined]>([
    ['a user of the tenant', 'internal', { user: { id: 'u', tenantId: home } }],
    ['a user of the tenant in capitals', 'internal', { user: { id: 'u', tenantId: home.toUpperCase() } }],
    ['a user of another tenant', 'external', { user: { id: 'u', tenantId: partner } }],
    [
      'a guest account of the tenant',
      'external',
      { user: { id: 'u', tenantId: home, userPrincipalName: guestName } },
    ],
    ['a user without a tenant', 'unknown', { user: { id: 'u', displayName: 'Anna' } }],
    [
      'a user without a tenant, with a name of the usual form',
      'unknown',
      { user: { id: 'u', userPrincipalName: 'anna@contoso.example' } },
    ],
    [
      'a federated user without a tenant',
      'external',
      { user: { id: 'u', userIdentityType: 'federatedUser' } },
    ],
    ['a phone user', 'phone', { user: { id: 'u', userIdentityType: 'phoneUser' } }],
    ['an anonymous guest', 'external', { guest: { id: 'g', displayName: 'Ben' } }],
    ['a user of Communication Services', 'external', { azureCommunicationServicesUser: { id: 'a' } }],
    ['the same in sessions', 'external', { acsUser: { id: 'a' } }],
    ['a phone', 'phone', { phone: { id: '+49301234' } }],
    ['an asserted identity', 'phone', { assertedIdentity: { id: '+49301234' }, user: null }],
    ['a bot', 'service', { application: { id: 'b' } }],
    ['a bot of another tenant', 'service', { applicationInstance: { id: 'b', tenantId: partner } }],
    ['a device', 'service', { device: { id: 'd' } }],
    ['a user of two tenants', 'external', { user: { tenantId: home }, onPremises: { tenantId: partner } }],
    ['a user on a phone', 'internal', { phone: { id: '+4930' }, user: { id: 'u', tenantId: home } }],
    ['a user of an unknown tenant on a phone', 'unknown', { phone: { id: '+4930' }, user: { id: 'u' } }],
    ['a user with the bot used', 'internal', { application: { id: 'b' }, user: { id: 'u', tenantId: home } }],
    ['a kind added later, of another tenant', 'external', { robot: { id: 'r', tenantId: partner } }],
    ['a kind added later', 'unknown', { robot: { id: 'r' } }],
    ['an empty set', 'unknown', {}],
    ['a set that was not received', 'unknown', null],
    ['a set of odd values', 'unknown', { user: [], guest: null, phone: 'x' }],
    ['an empty tenant id', 'unknown', { user: { id: 'u', tenantId: '' } }],
  ])('of %s is %s', (_, affiliation, set) => {
    expect(affiliationOf(set as never, home)).toBe(affiliation); // any JSON may be received
  });

  it('never is internal for an unknown tenant', () => {
    for (const kind of ['user', 'guest', 'phone', 'device', 'other']) {
      const found = affiliationOf({ [kind]: { id: 'x' } }, home);
      expect(affiliations.filter((one) => one !== 'internal')).toContain(found);
    }
  });

  it('is external for a guest account whose name comes from a session', () => {
    const set = { user: { id: 'u', tenantId: home } };
    expect([affiliationOf(set, home, guestName), affiliationOf(set, home, 'anna@contoso.example')]).toEqual([
      'external',
      'internal',
    ]);
  });
});

it('sorts calls into those with external people, without any, and with unknown people', () => {
  const found: readonly ExternalChoice[] = [
    externalChoiceOf(1, 1),
    externalChoiceOf(0, 0),
    externalChoiceOf(0, 1),
  ];
  expect(found).toEqual(externalChoices);
});

it('reads the tenant of any identity in a set', () => {
  expect(tenantIdOf({ phone: { id: '+49' }, user: { tenantId: partner.toUpperCase() } })).toBe(partner);
  expect([tenantIdOf({ user: { id: 'u' } }), tenantIdOf(null)]).toEqual([undefined, undefined]);
});

it.each([
  ['Anna@Contoso.example', 'contoso.example'],
  ['a@b@fabrikam.example', 'fabrikam.example'],
  [guestName, undefined],
  ['anna', undefined],
  ['anna@host', undefined],
  ['', undefined],
  [null, undefined],
])('reads the domain of %j as %j', (address, domain) => {
  expect(domainOf(address)).toBe(domain);
});

it('finds a guest account by its domain at home', () => {
  expect([
    searchedDomainOf(guestName),
    searchedDomainOf('a@B.example'),
    searchedDomainOf('x#EXT#@b.example'),
  ]).toEqual(['fabrikam.example', 'b.example', undefined]);
});

describe('the name of a tenant', () => {
  const namesOf = (...addresses: readonly string[]) => {
    const names = new TenantNames();
    for (const address of addresses) names.add(partner.toUpperCase(), address);
    return names.nameOf(partner);
  };

  it('is the most frequent domain of its people', () => {
    expect(namesOf('a@x.example', 'b@y.example', 'c@y.example')).toBe('y.example');
  });

  it('is a default domain only where no other is known', () => {
    const initial = ['a@x.onmicrosoft.com', 'b@x.onmicrosoft.com'];
    expect([namesOf(...initial), namesOf(...initial, 'c@x.example')]).toEqual([
      'x.onmicrosoft.com',
      'x.example',
    ]);
  });

  it('is not known from guest accounts, or for another tenant', () => {
    expect([namesOf(guestName), namesOf(), new TenantNames().nameOf(home)]).toEqual([null, null, null]);
  });
});
