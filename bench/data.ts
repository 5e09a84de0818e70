/** Builds the measured store once, by the real import, in `bench/.data`. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { below, pick, type Random, randomFor } from '../src/emulator/generate/random.ts';
import { defaultGenerateOptions, generateLines } from '../src/emulator/generate/generate.ts';
import { importSources } from '../src/collect/ingest/import.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';

export const tenantId = '11111111-1111-4111-8111-111111111111';

export interface Sizes {
  /** Calls of two participants. */
  readonly small: number;
  /** Calls of 130 participants. */
  readonly pages: number;
  /** Participants of the one large call. */
  readonly walk: number;
}

export const callIds = {
  small: (i: number) => `5a11ca11-0000-4000-8000-${String(i).padStart(12, '0')}`,
  page: (i: number) => `f011ca11-0000-4000-8000-${String(i).padStart(12, '0')}`,
  walk: 'b16ca11b-0000-4000-8000-000000000000',
  meeting: '3ee71a6b-0000-4000-8000-000000000000',
};

/** Returns the number of users in a store of listed calls: each is in 400 calls. */
export function listedUsers(calls: number): number {
  return Math.max(1, Math.floor(calls / 200));
}

export function userId(user: number): string {
  return `05e40000-0000-4000-8000-${String(user).padStart(12, '0')}`;
}

/** Builds the store unless it exists. */
export async function buildStore(
  path: string,
  lines: () => Iterable<string>,
  note: (text: string) => void,
): Promise<void> {
  if (existsSync(path)) return;
  const draft = `${path}.draft`;
  for (const end of ['', '-wal', '-shm']) rmSync(draft + end, { force: true });
  note(`building ${path}`);
  {
    await using store = openSqliteStore(draft);
    await importSources([{ name: 'bench', size: undefined, open: () => encoded(lines()) }], {
      tenantId,
      store,
      maxLineBytes: 64 * 2 ** 20,
      onReject: ({ reason }) => {
        throw new Error(reason);
      },
      onRead: () => undefined,
    });
  }
  renameSync(draft, path);
}

export async function* encoded(lines: Iterable<string>): AsyncGenerator<Buffer> {
  for (const line of lines) yield await Promise.resolve(Buffer.from(`${line}\n`));
}

/** Yields records as JSON Lines. */
export function* records({ small, pages, walk }: Sizes): Generator<string> {
  for (let i = 0; i < small; i++) yield record(callIds.small(i), 2, i);
  for (let i = 0; i < pages; i++) yield record(callIds.page(i), 130, small + i);
  if (walk > 0) yield record(callIds.walk, walk, small + pages);
}

const names = [
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
  'Lin',
] as const;

/**
 * Yields calls of two of the listed users, a minute apart, and one meeting of 1,250 with sessions, segments and media.
 */
export function* listedRecords(calls: number): Generator<string> {
  const users = listedUsers(calls);
  for (let i = 0; i < calls; i++) {
    const random = randomFor(1, 'listed', i);
    const pair = [i % users, (i * 7 + 1 + below(random, users - 2)) % users];
    yield record(callIds.small(i), 2, i, pair);
  }
  const meeting = generateLines({ ...defaultGenerateOptions, calls: 1, largest: 1250 }).next().value!;
  yield meeting.replaceAll((JSON.parse(meeting) as { id: string }).id, callIds.meeting);
}

function record(id: string, size: number, n: number, users?: readonly number[]): string {
  const start = new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString();
  const random = randomFor(1, id);
  const people = Array.from({ length: size }, (_, i) => {
    const one = person(random);
    return users === undefined ? one : { ...one, id: userId(users[i]!) };
  });
  return JSON.stringify({
    id,
    version: 1,
    type: size === 2 ? 'peerToPeer' : 'groupCall',
    modalities: ['audio'],
    lastModifiedDateTime: start,
    startDateTime: start,
    endDateTime: start,
    joinWebUrl: '',
    organizer_v2: people[0],
    participants_v2: people,
  });
}

function person(random: Random) {
  const hex = (digits: number) =>
    below(random, 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  const id = `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(6)}${hex(6)}`;
  const name = `${pick(random, [...names])} ${pick(random, [...names])}${below(random, 1000)}`;
  return {
    id,
    identity: {
      endpointType: null,
      acsUser: null,
      spoolUser: null,
      phone: null,
      guest: null,
      encrypted: null,
      onPremises: null,
      acsApplicationInstance: null,
      spoolApplicationInstance: null,
      applicationInstance: null,
      application: null,
      device: null,
      azureCommunicationServicesUser: null,
      assertedIdentity: null,
      user: {
        '@odata.type': '#microsoft.graph.userIdentity',
        id,
        displayName: name,
        tenantId,
        userPrincipalName: `${name.toLowerCase().replace(' ', '.')}@contoso.example`,
      },
    },
    administrativeUnitInfos: [],
  };
}

/** Returns the number of users in a tenant with this many calls: each is in 400 of them. */
export function scaleUsers(calls: number): number {
  return Math.max(10, Math.floor(calls / 100));
}

/** Participants per call, in rotation: four on average. */
const scaleSizes = [2, 2, 2, 3, 3, 4, 5, 11] as const;

/** Yields calls of four participants on average, a quarter of a minute apart, without sessions. */
export function* scaleRecords(calls: number): Generator<string> {
  const users = scaleUsers(calls);
  for (let i = 0; i < calls; i++) {
    const size = scaleSizes[i % scaleSizes.length]!;
    const random = randomFor(1, 'scale', i);
    const first = below(random, users);
    const step = 1 + below(random, Math.floor(users / 12) - 1 || 1);
    const people = Array.from({ length: size }, (_, k) => (first + k * step) % users);
    yield record(callIds.small(i), size, i, people);
  }
}
