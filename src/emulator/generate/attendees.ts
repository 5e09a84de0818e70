import { below, chance, fraction, type Random, weightedNames } from './random.ts';
import {
  type GeneratedPerson,
  generatePerson,
  type PopulationName,
  populationNames,
  populations,
  type Tenant,
} from './tenant.ts';

const organizerKind = weightedNames<PopulationName>({ tenantUser: 90, partnerUser: 10 });
const counterpartKind = weightedNames<PopulationName>({
  ...{ tenantUser: 60, phone: 16, partnerUser: 12, azureCommunicationServicesUser: 4 },
  ...{ applicationInstance: 2, onPremises: 2, guest: 1, application: 1, encrypted: 1 },
  ...{ assertedIdentity: 1 },
});
const attendeeKind = weightedNames<PopulationName>({
  ...{ tenantUser: 680, partnerUser: 130, guest: 90, phone: 40, device: 20 },
  ...{ azureCommunicationServicesUser: 15, application: 10, onPremises: 5, encrypted: 4 },
  ...{ assertedIdentity: 4, applicationInstance: 2 },
});

const teamSize = 24;

/**
 * Returns the number of participants: two in more than half of the calls, else three and up with a Pareto tail of exponent 4/3, which
 * makes about six on average. Below `largest`, if that leaves a choice.
 */
export function sizeOf(random: Random, largest: number): number {
  if (chance(random, 0.55)) return 2;
  const root = Math.sqrt(1 - fraction(random)); // Square roots alone: the only irrational function exact everywhere.
  const size = Math.floor(3 / (root * Math.sqrt(root)));
  return size < largest ? size : 2 + below(random, Math.max(1, largest - 2));
}

/**
 * Returns the people of call `number`, each once, the organizer first. The first calls after call 0 each show another
 * kind of person, so that a small tenant has them all.
 */
export function attendeesOf(tenant: Tenant, random: Random, size: number, number: number): GeneratedPerson[] {
  const taken = new Set<string>();
  const people: GeneratedPerson[] = [];
  const add = (kind: PopulationName, choose: () => number): void => {
    let chosen = kind;
    let position = choose();
    for (let attempt = 0; taken.has(`${chosen} ${position}`); attempt++) {
      // A meeting larger than the tenant adds guests, whose number is not limited.
      if (attempt === 2) chosen = 'guest';
      position = chosen === kind ? choose() : below(random, populations.guest.size());
    }
    taken.add(`${chosen} ${position}`);
    people.push(generatePerson(tenant, chosen, position));
  };

  const organizer = below(random, tenant.users);
  const team = organizer - (organizer % teamSize);
  const nearOrganizer = () =>
    chance(random, 0.7)
      ? team + below(random, Math.min(teamSize, tenant.users - team))
      : below(random, tenant.users);
  const anyOf = (kind: PopulationName) => () => below(random, populations[kind].size(tenant.users));

  const shown = populationNames[number - 1];
  const first = organizerKind(random);
  add(first, first === 'tenantUser' ? () => organizer : anyOf(first));
  while (people.length < size) {
    const drawn = size === 2 ? counterpartKind(random) : attendeeKind(random);
    const kind = people.length === 1 && shown !== undefined ? shown : drawn;
    add(kind, kind === 'tenantUser' ? nearOrganizer : anyOf(kind));
  }
  return people;
}
