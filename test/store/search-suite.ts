/** Tests that every store finds the same calls as the oracle, in the same order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { externalChoices } from '../../src/contract/affiliation.ts';
import { callStates } from '../../src/contract/call-outcome.ts';
import { reasonKinds } from '../../src/contract/failure.ts';
import { userRatings } from '../../src/contract/user-rating.ts';
import type { CallSearch, FoundCall } from '../../src/store/search.ts';
import { createOracle } from '../support/oracle/oracle-store.ts';
import type { CallPosition } from '../../src/store/call-list.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { ticksOf } from '../../src/base/ticks.ts';
import { fill, importLines } from '../support/filled-store.ts';
import { often } from '../support/often.ts';
import { aParticipant, aRecord, aSession } from '../support/records.ts';

const tenants = ['11111111-1111-4111-8111-111111111111', '33333333-3333-4333-8333-333333333333'] as const;
const [tenantId, other] = tenants;

const people = [
  { user: { id: 'u-anna', displayName: 'Anna Weber', userPrincipalName: 'anna.weber@contoso.example' } },
  { user: { id: 'u-anna', displayName: 'Anna Wéber-Krüß', userPrincipalName: 'anna.weber@contoso.example' } },
  { user: { id: 'u-zoe', displayName: 'ZOË ÅNGSTRÖM', userPrincipalName: null } },
  { user: { id: 'u-wei', displayName: '王伟', userPrincipalName: 'wei@contoso.example' } },
  { guest: { id: 'g-1', displayName: 'Annabel "O\'Neil" (Guest)', email: 'a@b.example' } },
  { guest: { id: 'g-2', displayName: 'a' } },
  { phone: { id: '+493012345678', displayName: null } },
  { phone: { id: '+4930123456**', displayName: '+4930123456**' } },
  { assertedIdentity: { id: '+15551230987', displayName: 'Desk 12' }, user: null },
  { application: { id: 'b-1', displayName: null } },
  { user: { id: 'u-in', displayName: 'Anna Inside', tenantId: tenants[0].toUpperCase() } },
  {
    user: {
      ...{ id: 'u-out', displayName: 'Anna Outside', tenantId: tenants[1] },
      userPrincipalName: 'out@sub.fabrikam.example',
    },
  },
  {
    user: {
      ...{ id: 'u-ext', displayName: 'Visitor', tenantId: tenants[0] },
      userPrincipalName: 'max_fabrikam.example#EXT#@contoso.example',
    },
  },
  // An id that is also a part of other people's names.
  { user: { id: 'ANNA', displayName: 'Somebody Else' } },
  {},
];
const words = [
  'anna',
  'ANNA WEB',
  'weber anna',
  'éber-krüss',
  '@contoso',
  'zoe ang',
  '王',
  '王伟',
  'u-anna',
  'U-ZOE',
];
const moreWords = [
  'ann',
  'an',
  'a',
  'nobody',
  "o'n",
  '"o',
  'g-2',
  'desk',
  'call-3',
  'guest)',
  '1234',
  '+4930',
];
const meetings = [
  '',
  'https://teams.example/l/19%3ameeting_A%40thread.v2/0?context=x',
  'https://teams.example/b',
];

const call = fc.record({
  id: fc.integer({ min: 0, max: 9 }),
  version: fc.integer({ min: 1, max: 3 }),
  // Days, seconds and fractions, so that many calls start in the same second, and some before 1970.
  start: fc.constantFrom(-4e9, -1, 0, 1, 1000, 86_400_000, 86_400_001, 1.7e12, 1.7e12 + 1, 1.7e12 + 999),
  seconds: fc.option(fc.constantFrom(0, 0.5, 1, 59, 3600, 90_000), { nil: undefined }),
  type: fc.constantFrom('peerToPeer', 'groupCall', 'unheardOf'),
  modalities: fc.subarray(['audio', 'video', 'data']),
  meeting: fc.constantFrom(...meetings),
  organizer: fc.option(fc.constantFrom(...people), { nil: undefined }),
  people: fc.option(fc.subarray(people.map((_, i) => i)), { nil: undefined }),
  caller: fc.option(fc.constantFrom('u-anna', 'u-stray'), { nil: undefined }),
  failure: fc.option(
    fc.constantFrom('busy', 'Call was not answered.', 'Network connection was lost.', 'SIP 603', 'odd', null),
    { nil: undefined },
  ),
  loss: fc.option(fc.constantFrom(0.05, 0.2), { nil: undefined }),
  rating: fc.option(fc.constantFrom('bad', 'excellent', 'notRated', 'great', null), { nil: undefined }),
  more: fc.boolean(),
});
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

/** Adds feedback to the caller of a session. */
function withFeedback<T extends { readonly caller?: object | null | undefined }>(
  session: T,
  rated: object,
): T {
  return { ...session, caller: { ...session.caller, ...rated } };
}

function lineOf(one: Call): string {
  const stream = { packetUtilization: 900, averagePacketLossRate: one.loss ?? null };
  const feedback = { text: '"rating":"poor"', rating: one.rating };
  const rated = one.rating === undefined ? {} : { feedback, userAgent: null };
  const segment = {
    ...{ id: 's', media: [{ label: 'main-audio', streams: [stream] }] },
    ...(one.more && { caller: rated }),
  };
  const failure =
    one.failure === undefined ? {} : { failureInfo: { reason: one.failure, stage: 'callSetup' } };
  const entry = (identity: object, i: number) => ({ ...aParticipant(`p-${i}`), identity });
  return JSON.stringify(
    aRecord(`call-${one.id}`, {
      version: one.version,
      type: one.type,
      modalities: one.modalities,
      startDateTime: new Date(one.start).toISOString(),
      endDateTime:
        one.seconds === undefined ? undefined : new Date(one.start + one.seconds * 1000).toISOString(),
      joinWebUrl: one.meeting,
      ...(one.organizer && { organizer_v2: { id: 'o', identity: one.organizer } }),
      ...(one.people && { participants_v2: one.people.map((i) => entry(people[i]!, i)) }),
      ...(one.more && one.people && { 'participants_v2@odata.nextLink': 'https://next' }),
      ...((one.caller !== undefined || one.loss !== undefined) && {
        sessions: [
          withFeedback(
            aSession('s', one.caller, undefined, { segments: [segment], ...failure }),
            one.more ? {} : rated,
          ),
          ...(one.more ? [aSession('t', 'u-anna'), aSession('u', 'u-zoe')] : []),
        ],
      }),
    }),
  );
}

const among = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const text = among(...words, ...moreWords);
const conditions: Readonly<Record<keyof CallSearch, fc.Arbitrary<string | bigint>>> = {
  from: among(0n, 10_000n, ticksOf(new Date(1.7e12 + 1))),
  before: among(10_000_000n, ticksOf(new Date(1.7e12 + 1))),
  person: text,
  personId: among('u-anna', 'U-ANNA', 'u-zoe', 'anna'),
  with: text,
  number: among('1234', '+49 30', '030 123456', '1', '0049 30 12345678', '99'),
  organizer: text,
  type: among('peerToPeer', 'groupCall', 'peertopeer'),
  modality: among('audio', 'video', 'fax'),
  minTicks: among(0n, 5_000_000n, 590_000_000n),
  maxTicks: among(0n, 10_000_000n, 36_000_000_000n),
  joinUrl: among('https://teams.example/l/19:meeting_a@thread.v2/0', 'https://teams.example/B/', 'x'),
  state: among(...callStates),
  reason: among(...reasonKinds),
  external: among(...externalChoices),
  tenant: among(tenants[0], tenants[1].toUpperCase(), 'aaaaaaaa-1111-4111-8111-111111111111'),
  domain: among('contoso.example', 'B.EXAMPLE', 'example', 'fabrikam.example', 'north_wind.example'),
  rating: among(...userRatings),
  q: among(...words, ...moreWords, 'anna 王伟', 'https://teams.example/b'),
};
/** Two people at once, which are rarely chosen together otherwise. */
const pair: fc.Arbitrary<CallSearch> = fc.record({ person: text, with: text });
/** A few conditions per search, because many would match nothing. */
const few: fc.Arbitrary<CallSearch> = fc
  .array(
    fc.oneof(...Object.entries(conditions).map(([name, value]) => value.map((one) => [name, one] as const))),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((chosen) => Object.fromEntries(chosen));
const search = fc.oneof({ weight: 3, arbitrary: few }, { weight: 1, arbitrary: pair });

/** Limits that every search reaches: only one phrase is looked up, and pages end before they are full. */
export const fewAtATime = { phrases: 1, asked: 3, askedAtOnce: 2, readBlocks: 1 };

/** Returns all results of a search, page after page. */
async function walk(store: CallRecordStore, tenant: string, query: CallSearch, limit: number) {
  const found: FoundCall[] = [];
  for (let after: CallPosition | undefined; ;) {
    const page = await store.search.find(tenant, query, after, limit);
    expect(page.calls.length).toBeLessThanOrEqual(limit);
    found.push(...page.calls);
    if (page.next === undefined) return found;
    after = page.next;
  }
}

/** Removes call numbers, which are unique per tenant in one store and per store in another. */
function shown(calls: readonly FoundCall[]) {
  return calls.map((call) => ({ ...call, call: undefined }));
}

/**
 * Compares two stores. Calls with equal starts are ordered by number, which is the same order in stores that received
 * them in one order.
 */
async function compare(
  store: CallRecordStore,
  oracle: CallRecordStore,
  queries: readonly CallSearch[],
  limit: number,
) {
  for (const tenant of tenants) {
    for (const query of queries)
      expect(shown(await walk(store, tenant, query, limit))).toEqual(
        shown(await walk(oracle, tenant, query, 1000)),
      );
    expect(await store.search.days(tenant, -1e6, 1e6)).toEqual(await oracle.search.days(tenant, -1e6, 1e6));
    expect(await store.search.days(tenant, 0, 1)).toEqual(await oracle.search.days(tenant, 0, 1));
    for (const id of ['call-0', 'call-1', 'nobody']) {
      const [mine, theirs] = [await store.search.call(tenant, id), await oracle.search.call(tenant, id)];
      expect(shown(mine === undefined ? [] : [mine])).toEqual(shown(theirs === undefined ? [] : [theirs]));
    }
  }
}

export function searchSuite(backend: string, open: () => Promise<CallRecordStore>): void {
  const numRuns = backend.includes('Postgre') ? often(5, 25) : often(8, 60);

  describe(`search in ${backend}`, () => {
    it('finds the same calls as the oracle after any additions and deletions', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(call, { minLength: 1, maxLength: 6 }), { maxLength: 4 }),
          fc.array(search, { minLength: 1, maxLength: 8 }),
          fc.integer({ min: 1, max: 5 }),
          fc.boolean(),
          async (batches, queries, limit, isDropped) => {
            await using store = await open();
            await using oracle = createOracle();
            for (const each of [store, oracle]) {
              for (const [i, batch] of batches.entries())
                await importLines(each, tenants[i % 2]!, batch.map(lineOf));
            }
            await compare(store, oracle, [{}, ...queries], limit);
            if (!isDropped) return;
            for (const each of [store, oracle])
              await each.retention.dropCalls(tenantId, 86_400_000n * 10_000n, 100);
            await compare(store, oracle, [{}, ...queries], limit);
          },
        ),
        { numRuns },
      );
    });

    it('finds generated calls by every word of the people in them', async () => {
      await using store = await open();
      await using oracle = createOracle();
      for (const each of [store, oracle]) await fill(each, tenantId, often(8, 25));
      const queries = [
        ...['weber', 'contoso.example', 'user', '41', 'o’', 'ang', '@', '.'].map((person) => ({ person })),
        ...['4', '49', '555', '2025'].map((number) => ({ number })),
        ...callStates.map((state) => ({ state })),
        ...reasonKinds.map((reason) => ({ reason })),
        ...externalChoices.map((external) => ({ external })),
        ...userRatings.map((rating) => ({ rating })),
        { person: 'a', with: 'e', external: 'yes' } as const,
        { domain: 'contoso.example', tenant: tenantId },
        { q: 'found-person' },
        { modality: 'video', person: 'a', minTicks: 600_000_000n },
      ];
      await compare(store, oracle, queries, 7);
    });

    it('finds a call only by the words of its newest version', async () => {
      await using store = await open();
      const add = (version: number, name: string) =>
        importLines(store, tenantId, [
          JSON.stringify(
            aRecord('call', {
              version,
              participants_v2: [aParticipant('p', { identity: { user: { id: 'u', displayName: name } } })],
            }),
          ),
        ]);
      const count = async (person: string) =>
        (await store.search.find(tenantId, { person }, undefined, 9)).calls.length;
      await add(2, 'Anna');
      await add(1, 'Older');
      expect([await count('anna'), await count('older')]).toEqual([1, 0]);
      await add(3, 'Berta');
      expect([await count('anna'), await count('berta'), await count('u')]).toEqual([0, 1, 1]);
    });

    it('never finds a call of another tenant', async () => {
      await using store = await open();
      const line = JSON.stringify(aRecord('call', { participants_v2: [aParticipant('p')] }));
      await importLines(store, other, [line]);
      for (const query of [{}, { person: 'Person p' }, { q: 'call' }, { type: 'groupCall' }])
        expect([
          (await store.search.find(tenantId, query, undefined, 9)).calls.length,
          (await store.search.find(other, query, undefined, 9)).calls.length,
        ]).toEqual([0, 1]);
      expect(await store.search.call(tenantId, 'call')).toBe(undefined);
      expect(await store.search.days(tenantId, -1e6, 1e6)).toEqual([]);
    });
  });
}
