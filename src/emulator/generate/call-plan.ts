import { attendeesOf, sizeOf } from './attendees.ts';
import { below, between, chance, hex, type Random, randomFor, randomGuid } from './random.ts';
import type { GeneratedPerson, Tenant } from './tenant.ts';
import { type GeneratorTicks, ticksPerMinute, ticksPerSecond } from './ticks.ts';
import { type Calendar, conversation, meeting, startOf, type Stay } from './timetable.ts';

export interface Attendance {
  readonly person: GeneratedPerson;
  readonly stays: readonly [Stay, ...Stay[]];
}

/** A version of the record. Early ones have only the first participants, and no devices, media or feedback. */
export interface PlannedVersion {
  readonly version: number;
  readonly lastModified: GeneratorTicks;
  readonly participants: number;
  readonly early: boolean;
}

/** The events of one call, from which its record is written. */
export interface CallPlan {
  readonly number: number;
  readonly id: string;
  readonly type: 'peerToPeer' | 'groupCall';
  readonly modalities: readonly string[];
  readonly joinWebUrl: string;
  /** The participants. In a call of two, the first calls the second. */
  readonly attendances: readonly [Attendance, ...Attendance[]];
  readonly editions: readonly PlannedVersion[];
}

/** The number of the largest call: even the smallest tenant has more than one page of participants. */
export const largestCall = 0;

/** Returns the id of call `number` without planning the call. */
export function callIdOf({ seed }: Tenant, number: number): string {
  return randomGuid(randomFor(seed, 'call', number));
}

/** Plans call `number` of a tenant from the seed and the number alone. */
export function planCall(tenant: Tenant, calendar: Calendar, largest: number, number: number): CallPlan {
  const random = randomFor(tenant.seed, 'call', number);
  const id = randomGuid(random);
  const size = number === largestCall ? largest : sizeOf(random, largest);
  const people = attendeesOf(tenant, random, size, number);
  const oneToOne = size === 2 && !people.some(isMeetingOnly) && chance(random, 0.85);
  const byPhone = people.some(isTelephone);
  if (oneToOne && byPhone && chance(random, 0.5)) people.reverse();
  const start = startOf(random, calendar);
  const attendances = oneToOne
    ? together(people, conversation(random, start, byPhone))
    : apart(people, meeting(random, start));
  const meetingUrl = `https://teams.microsoft.com/l/meetup-join/19%3ameeting_${hex(random, 5)}%40thread.v2/0`;
  return {
    number,
    id,
    type: oneToOne ? 'peerToPeer' : 'groupCall',
    modalities: oneToOne && byPhone ? ['audio'] : modalitiesOf(random),
    joinWebUrl: oneToOne ? '' : meetingUrl,
    // There are at least two people.
    attendances: attendances as [Attendance, ...Attendance[]],
    editions: editionsOf(random, calendar.until, attendances),
  };
}

export function isTelephone({ kind }: GeneratedPerson): boolean {
  return kind === 'phone' || kind === 'assertedIdentity';
}

function isMeetingOnly({ kind }: GeneratedPerson): boolean {
  return kind === 'guest' || kind === 'application' || kind === 'applicationInstance' || kind === 'device';
}

function together(people: readonly GeneratedPerson[], stay: Stay): Attendance[] {
  return people.map((person) => ({ person, stays: [stay] }));
}

function apart(people: readonly GeneratedPerson[], nextStays: () => Attendance['stays']): Attendance[] {
  return people.map((person) => ({ person, stays: nextStays() }));
}

function modalitiesOf(random: Random): string[] {
  const modalities = ['audio'];
  if (chance(random, 0.5)) modalities.push('video');
  if (chance(random, 0.35)) modalities.push('videoBasedScreenSharing');
  if (chance(random, 0.08)) modalities.push('data');
  return modalities;
}

/** Returns the versions: usually one, up to three if there was time to write them. */
function editionsOf(
  random: Random,
  until: GeneratorTicks,
  attendances: readonly Attendance[],
): PlannedVersion[] {
  const versions = chance(random, 0.85) ? 1 : chance(random, 0.8) ? 2 : 3;
  const size = attendances.length;
  let lastModified = attendances.reduce((last, { stays }) => Math.max(last, stays.at(-1)!.left), 0);
  const editions: PlannedVersion[] = [];
  for (let version = 1; version <= versions; version++) {
    const lag = version === 1 ? between(random, 5, 25) : between(random, 45, 26 * 60);
    lastModified = databaseInstant(random, lastModified + lag * ticksPerMinute);
    if (version > 1 && lastModified > until) break;
    const missing = versions - version;
    const participants = missing === 0 ? size : Math.max(2, size - Math.ceil(size * 0.1 * missing));
    editions.push({ version, lastModified, participants, early: missing > 0 });
  }
  return editions;
}

/** Rounds an instant to the service's precision for it, three-hundredths of a second: `.5066667`, `.84`. */
function databaseInstant(random: Random, instant: GeneratorTicks): GeneratorTicks {
  return instant - (instant % ticksPerSecond) + Math.round((below(random, 300) * ticksPerSecond) / 300);
}
