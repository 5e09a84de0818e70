import type { GeneratedIdentity, IdentityKind } from './identity.ts';
import { nameOf } from './names.ts';
import { phoneNumber, phoneNumbers } from './phone-numbers.ts';
import { randomGuid, hex, randomFor } from './random.ts';

/** The organization whose calls are generated. Its people are computed on demand and take no memory. */
export interface Tenant {
  readonly seed: number;
  readonly tenantId: string;
  readonly users: number;
}

/** A person or a service that can take part in a call. */
export interface GeneratedPerson {
  readonly kind: IdentityKind;
  readonly identity: GeneratedIdentity;
  readonly administrativeUnitInfos: readonly { readonly id: string }[];
}

interface Population {
  readonly member: IdentityKind;
  readonly size: (users: number) => number;
  readonly identity: (tenant: Tenant, number: number) => GeneratedIdentity;
}

/** Telephone numbers reserved for desks, so that a desk and an external caller never share one. */
const reservedForDesks = 1_000;
const userIdentityType = '#microsoft.graph.userIdentity';
const domain = 'contoso.example';
const partnerNames = [
  'fabrikam',
  'northwind',
  'adatum',
  'litware',
  'proseware',
  'tailspin',
  'wingtip',
  'lucerne',
];
const botNames = ['Compliance Recorder', 'Meeting Notes', 'Live Captions', 'Interpreter', 'Call Analytics'];
const queueNames = ['Main Reception', 'Support', 'Sales', 'Accounts', 'Service Desk', 'Facilities'];
const roomNames = ['Lyra', 'Orion', 'Vela', 'Cygnus', 'Auriga', 'Draco', 'Norma'];

/** The populations that participants of calls come from. */
export const populations = {
  tenantUser: {
    member: 'user',
    size: (users) => users,
    identity: (tenant, number) => {
      const { displayName, account } = nameOf(number);
      return {
        '@odata.type': userIdentityType,
        id: guidOf(tenant, 'tenantUser', number),
        displayName,
        tenantId: tenant.tenantId,
        userPrincipalName: `${account}@${domain}`,
      };
    },
  },
  /** A user of another tenant. Some tenants reveal only the id. */
  partnerUser: {
    member: 'user',
    size: (users) => users * 2,
    identity: (tenant, number) => {
      const partner = number % partnerNames.length;
      const { displayName, account } = nameOf(number + 300);
      const secretive = partner === 5;
      return {
        '@odata.type': userIdentityType,
        id: guidOf(tenant, 'partnerUser', number),
        displayName: secretive ? null : displayName,
        tenantId: guidOf(tenant, 'partner', partner),
        userPrincipalName: secretive ? null : `${account}@${partnerNames[partner]!}.example`,
      };
    },
  },
  guest: {
    member: 'guest',
    size: () => 0x1_0000_0000,
    identity: (tenant, number) => ({
      id: hex(randomFor(tenant.seed, 'guest', number), 4),
      displayName: `${nameOf(number).displayName} (Guest)`,
      tenantId: null,
    }),
  },
  phone: {
    member: 'phone',
    size: (users) => Math.min(users * 4, phoneNumbers - reservedForDesks),
    identity: (_tenant, number) => ({ id: phoneNumber(number), displayName: null, tenantId: null }),
  },
  azureCommunicationServicesUser: {
    member: 'azureCommunicationServicesUser',
    size: (users) => users,
    identity: (tenant, number) => {
      const resourceId = guidOf(tenant, 'communicationResource', number % 3);
      const random = randomFor(tenant.seed, 'communicationUser', number);
      return {
        '@odata.type': '#microsoft.graph.azureCommunicationServicesUserIdentity',
        id: `8:acs:${resourceId}_${hex(random, 2)}-${hex(random, 2)}`,
        displayName: number % 4 === 0 ? null : nameOf(number + 150).displayName,
        tenantId: null,
        azureCommunicationServicesResourceId: resourceId,
      };
    },
  },
  device: {
    member: 'device',
    size: (users) => Math.ceil(users / 20),
    identity: (tenant, number) => ({
      id: guidOf(tenant, 'device', number),
      displayName: `Room ${roomNames[number % roomNames.length]!} ${number + 1}`,
      tenantId: tenant.tenantId,
    }),
  },
  application: {
    member: 'application',
    size: () => botNames.length,
    identity: (tenant, number) => ({
      id: guidOf(tenant, 'application', number),
      displayName: botNames[number]!,
      tenantId: null,
    }),
  },
  /** An auto attendant or a call queue. */
  applicationInstance: {
    member: 'applicationInstance',
    size: (users) => Math.ceil(users / 50),
    identity: (tenant, number) => ({
      id: guidOf(tenant, 'applicationInstance', number),
      displayName: `${queueNames[number % queueNames.length]!} ${number + 1}`,
      tenantId: tenant.tenantId,
    }),
  },
  onPremises: {
    member: 'onPremises',
    size: (users) => Math.ceil(users / 10),
    identity: (tenant, number) => ({
      id: guidOf(tenant, 'onPremises', number),
      displayName: nameOf(number + 77).displayName,
      tenantId: tenant.tenantId,
    }),
  },
  encrypted: {
    member: 'encrypted',
    size: (users) => users,
    identity: (tenant, number) => ({
      id: hex(randomFor(tenant.seed, 'encrypted', number), 8),
      displayName: null,
      tenantId: null,
    }),
  },
  /** A caller known by what the telephone network asserts: a desk number with a name. */
  assertedIdentity: {
    member: 'assertedIdentity',
    size: (users) => Math.min(Math.ceil(users / 10), reservedForDesks),
    identity: (_tenant, number) => ({
      id: phoneNumber(phoneNumbers - 1 - number),
      displayName: `Desk ${number + 1}`,
      tenantId: null,
    }),
  },
} as const satisfies Record<string, Population>;

export type PopulationName = keyof typeof populations;

// Object.keys gives string[]; the table above is closed, so these are its keys.
export const populationNames = Object.keys(populations) as PopulationName[];

/** Returns person `number` of a population, the same for the same seed. */
export function generatePerson(tenant: Tenant, kind: PopulationName, number: number): GeneratedPerson {
  const { member, identity } = populations[kind];
  return {
    kind: member,
    identity: identity(tenant, number),
    administrativeUnitInfos:
      kind === 'tenantUser' && number % 3 === 0
        ? [{ id: guidOf(tenant, 'administrativeUnit', number % 9) }]
        : [],
  };
}

function guidOf(tenant: Tenant, label: string, number: number): string {
  return randomGuid(randomFor(tenant.seed, label, number));
}
