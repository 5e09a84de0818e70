/**
 * Generates small calls of a year for search: one person is in 30% of them, others in few; some have external numbers,
 * some failed.
 */
import { below, chance, pick, randomFor } from '../src/emulator/generate/random.ts';
import { callIds } from './data.ts';

/** A person who is in 30 of 100 calls. */
export const everywhere = { id: 'a0000000-0000-4000-8000-000000000000', name: 'Marisol Overall' };
/** The given name of 8 of 100 people, who are too many to look up one by one and are in 30 of 100 calls. */
export const commonName = 'Hannah';

const given = [
  'Ada',
  'Björn',
  'Chidi',
  'Daria',
  'Emre',
  'Fatou',
  'Grace',
  'Hiro',
  'Inés',
  'Jonas',
  'Kavya',
] as const;
const syllables = [
  'ba',
  'kor',
  'lin',
  'mas',
  'ne',
  'po',
  'ros',
  'shi',
  'tu',
  'wen',
  'zel',
  'dra',
  'fi',
  'gom',
] as const;
const sizes = [2, 2, 2, 3, 3, 4, 5, 9] as const;
const day = 86_400_000;
export const firstDay = Date.UTC(2025, 10, 1);
export const days = 365;

function searchUsers(calls: number): number {
  return Math.max(100, Math.floor(calls / 50));
}

interface SearchPerson {
  readonly id: string;
  readonly name: string;
}

export function searchPerson(user: number): SearchPerson {
  const random = randomFor(1, 'person', user);
  const family = Array.from({ length: 3 }, () => pick(random, [...syllables])).join('');
  const first = chance(random, 0.08) ? commonName : pick(random, [...given]);
  const id = `05e40000-0000-4000-8000-${String(user).padStart(12, '0')}`;
  return { id, name: `${first} ${family[0]!.toUpperCase()}${family.slice(1)}` };
}

interface SearchCall {
  readonly id: string;
  readonly startMs: number;
  readonly people: readonly SearchPerson[];
  readonly number: string | undefined;
  readonly meeting: string;
}

/** Generates a call. Nine of ten begin on a working day between 7 and 17 o'clock. */
export function searchCall(i: number, calls: number): SearchCall {
  const random = randomFor(1, 'search', i);
  const users = searchUsers(calls);
  const size = sizes[i % sizes.length]!;
  const people = Array.from({ length: size }, () => searchPerson(below(random, users)));
  if (chance(random, 0.3)) people[people.length - 1] = everywhere;
  const date = firstDay + Math.floor((i / calls) * days) * day;
  const isAtWork = chance(random, 0.9);
  return {
    id: callIds.small(i),
    startMs: date + (isAtWork ? 7 * 3_600_000 + below(random, 36_000_000) : below(random, day)),
    people,
    number: chance(random, 0.2) ? `+49${String(below(random, 10 ** 9)).padStart(9, '0')}` : undefined,
    meeting:
      size === 2 ? '' : `https://teams.example/l/meetup-join/19%3ameeting_${below(random, calls / 10 + 1)}`,
  };
}

/** Yields the calls as JSON Lines, ordered by time. */
export function* searchRecords(calls: number): Generator<string> {
  for (let i = 0; i < calls; i++) yield lineOf(i, calls);
}

function lineOf(i: number, calls: number): string {
  const { id, startMs, people, number, meeting } = searchCall(i, calls);
  const random = randomFor(2, 'search', i);
  const seconds = 20 + below(random, 3600);
  const [failed, poor] = [chance(random, 0.02), chance(random, 0.05)];
  const phone =
    number === undefined ? [] : [{ id: number, identity: { phone: { id: number, displayName: null } } }];
  const entries = people.map(entryOf);
  const streams = [{ packetUtilization: 900, averagePacketLossRate: 0.2 }];
  const session = {
    id,
    caller: { identity: entries[0]!.identity },
    ...(failed && { failureInfo: { reason: 'Media connectivity failure.', stage: 'callSetup' } }),
    segments: [{ id, media: poor ? [{ label: 'main-audio', streams }] : [] }],
  };
  return JSON.stringify({
    id,
    version: 1,
    type: people.length === 2 ? 'peerToPeer' : 'groupCall',
    modalities: i % 3 === 0 ? ['audio', 'video'] : ['audio'],
    lastModifiedDateTime: new Date(startMs + seconds * 1000).toISOString(),
    startDateTime: new Date(startMs).toISOString(),
    endDateTime: new Date(startMs + seconds * 1000).toISOString(),
    joinWebUrl: meeting,
    organizer_v2: entries[0],
    participants_v2: [...new Map([...entries, ...phone].map((entry) => [entry.id, entry])).values()],
    ...((failed || poor) && { sessions: [session] }),
  });
}

function entryOf({ id, name }: SearchPerson) {
  const user = { '@odata.type': '#microsoft.graph.userIdentity', id, displayName: name };
  const userPrincipalName = `${name.toLowerCase().replace(' ', '.')}.${id.slice(-6)}@contoso.example`;
  return { id, identity: { phone: null, guest: null, user: { ...user, userPrincipalName } } };
}
