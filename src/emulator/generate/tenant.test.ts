import { describe, expect, it } from 'vitest';
import { distinctNames, nameOf } from './names.ts';
import { phoneNumber, phoneNumbers } from './phone-numbers.ts';
import { generatePerson, populationNames, populations, type Tenant } from './tenant.ts';

const tenant: Tenant = { seed: 1, tenantId: '11111111-1111-4111-8111-111111111111', users: 2_000 };

describe('nameOf', () => {
  it('gives no two people one account, and account names that need no escaping', () => {
    const accounts = Array.from({ length: distinctNames * 2 }, (_, number) => nameOf(number).account);
    expect(new Set(accounts).size).toBe(accounts.length);
    expect(accounts.filter((account) => !/^[a-z]+\.[a-z-]+\d*$/.test(account))).toEqual([]);
  });

  it('writes names in several scripts', () => {
    const names = Array.from({ length: 500 }, (_, number) => nameOf(number).displayName).join(' ');
    for (const script of [
      'Latin',
      'Han',
      'Hiragana',
      'Hangul',
      'Arabic',
      'Cyrillic',
      'Devanagari',
      'Hebrew',
    ]) {
      expect(names).toMatch(new RegExp(`\\p{Script=${script}}`, 'u'));
    }
    expect(names).toMatch(/\p{Extended_Pictographic}/u);
  });
});

it('gives every position a telephone number of its own, from the blocks kept for fiction', () => {
  const numbers = Array.from({ length: phoneNumbers }, (_, position) => phoneNumber(position));
  expect(new Set(numbers).size).toBe(phoneNumbers);
  const fictional = /^(\+1\d{3}55501\d{2}|\+441632960\d{3}|\+447700900\d{3}|\+6125550\d{4}|\+3319900\d{4})$/;
  expect(numbers.filter((number) => !fictional.test(number))).toEqual([]);
});

describe('personOf', () => {
  it('gives the same person for the same seed and number, another for another seed', () => {
    for (const kind of populationNames) {
      expect(generatePerson(tenant, kind, 3)).toEqual(generatePerson({ ...tenant }, kind, 3));
    }
    expect(generatePerson(tenant, 'tenantUser', 3).identity.id).not.toBe(
      generatePerson({ ...tenant, seed: 2 }, 'tenantUser', 3).identity.id,
    );
  });

  it('gives no two people one id', () => {
    const ids = populationNames.flatMap((kind) => {
      const count = Math.min(populations[kind].size(tenant.users), 3_000);
      return Array.from({ length: count }, (_, number) => generatePerson(tenant, kind, number).identity.id);
    });
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('describes a user as the service does', () => {
    expect(generatePerson(tenant, 'tenantUser', 3)).toMatchInlineSnapshot(`
      {
        "administrativeUnitInfos": [
          {
            "id": "9050f284-0b05-4009-a79c-4912bb411444",
          },
        ],
        "identity": {
          "@odata.type": "#microsoft.graph.userIdentity",
          "displayName": "Nils Quist",
          "id": "537eb186-f15b-4f91-9d26-75dda6de235e",
          "tenantId": "11111111-1111-4111-8111-111111111111",
          "userPrincipalName": "nils.quist@contoso.example",
        },
        "kind": "user",
      }
    `);
  });

  it('keeps the names of one partner to that partner', () => {
    const { identity } = generatePerson(tenant, 'partnerUser', 5);
    expect([identity.displayName, identity.userPrincipalName]).toEqual([null, null]);
    expect(identity.tenantId).not.toBe(tenant.tenantId);
  });

  it.each([
    ['guest', /^[0-9a-f]{32}$/],
    ['phone', /^\+\d+$/],
    ['azureCommunicationServicesUser', /^8:acs:[0-9a-f-]{36}_[0-9a-f]{16}-[0-9a-f]{16}$/],
    ['device', /^[0-9a-f-]{36}$/],
    ['application', /^[0-9a-f-]{36}$/],
    ['applicationInstance', /^[0-9a-f-]{36}$/],
    ['onPremises', /^[0-9a-f-]{36}$/],
    ['encrypted', /^[0-9a-f]{64}$/],
    ['assertedIdentity', /^\+\d+$/],
  ] as const)('names a %s by an id of its kind', (kind, form) => {
    const person = generatePerson(tenant, kind, 1);
    expect(person.kind).toBe(kind);
    expect(person.identity.id).toMatch(form);
  });
});
