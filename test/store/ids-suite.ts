/** Tests which ids are equal to a store: GUIDs regardless of case, every other text exactly. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { walkCall } from '../../src/collect/ingest/read-call.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import type { ReceivedCall } from '../../src/store/received-call.ts';
import type { TransferredCall } from '../../src/store/transfer.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { storedRules } from '../../src/wire/text/entity.ts';
import { blockText } from '../../src/wire/text/block-text.ts';
import { Scanner } from '../../src/wire/text/scanner.ts';
import { often, testSeed } from '../support/often.ts';
import { aParticipant, aRecord, aSession } from '../support/records.ts';
import { areSame, spelledId } from '../support/spelled-ids.ts';

interface Parts {
  readonly id: string;
  readonly people: readonly string[];
  readonly sessions: readonly string[];
}

function received({ id, people, sessions }: Parts): ReceivedCall {
  const record = aRecord(id, {
    participants_v2: people.map((one) => aParticipant(one)),
    sessions: sessions.map((one) => aSession(one)),
  });
  const scanner = new Scanner(Buffer.from(JSON.stringify(record)), 0, undefined, storedRules);
  return walkCall(scanner).call().call;
}

/** Removes repeated ids, as an import keeps one of several entries with the same id. */
function distinct(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}

/** Returns the final parts of each call: a part that was stored before adds nothing. */
function newestOf(received: readonly Parts[]): Parts[] {
  const isFirst = ({ id }: Parts, i: number) => received.findIndex((other) => areSame(other.id, id)) === i;
  return received.filter(isFirst).map((first) => {
    const ofCall = received.filter(({ id }) => areSame(id, first.id));
    const newest = <T>(part: (one: Parts) => T): T => {
      const texts = ofCall.map((one) => JSON.stringify(part(one)));
      return part(ofCall[texts.findLastIndex((text, i) => texts.indexOf(text) === i)]!); // the first is new
    };
    return {
      id: newest(({ id }) => id),
      people: newest(({ people }) => people),
      sessions: newest(({ sessions }) => sessions),
    };
  });
}

const someIds = fc.array(spelledId, { minLength: 1, maxLength: 4 }).map(distinct);
const someParts = fc.record({ id: spelledId, people: someIds, sessions: someIds });

const guid = 'e523d2ed-2966-4b6b-925b-754a88034cc5';
const GUID = guid.toUpperCase();
const mixed = 'E523d2ed-2966-4B6b-925b-754a88034cC5';
const everything = {
  from: -(2n ** 62n),
  before: 2n ** 62n,
  withFound: true,
  endedBy: undefined,
  at: undefined,
};

export function idsSuite(
  backend: string,
  open: () => Promise<CallRecordStore>,
  numRuns = often(10, 200),
): void {
  describe(`ids in ${backend}`, () => {
    let store: CallRecordStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store[Symbol.asyncDispose]());

    const listed = async (tenant: string, participantId: string) => {
      const query = { ...everything, participantId };
      const asOf = await store.newestEdition(tenant);
      const calls = await store.callsPage(tenant, query, asOf, undefined, 100);
      const { text } = await store.callsPageText(tenant, query, asOf, undefined, 100, '');
      const items = JSON.parse(`[${Buffer.from(text).toString()}]`) as { id: string }[];
      expect(items).toHaveLength(calls.length);
      expect(await store.callsCount(tenant, query, asOf)).toBe(calls.length);
      return calls.map(({ callId }) => callId);
    };

    it('find the same calls, participants and sessions in every spelling', async () => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(someParts, { minLength: 1, maxLength: 5 }),
          someIds,
          async (parts, others) => {
            const tenant = `t${run++}`;
            for (const one of parts) await store.add(tenant, [received(one)]);
            const asked = distinct([
              ...others,
              ...parts.flatMap(({ id, people, sessions }) => [id, ...people, ...sessions]),
            ]);
            const calls = newestOf(parts);
            expect((await store.evidence.tally(tenant)).calls).toBe(calls.length);
            for (const id of asked) {
              const call = calls.find((one) => areSame(one.id, id));
              const edition = await store.edition(tenant, id);
              expect([id, edition?.participants?.count]).toEqual([id, call?.people.length]);
              expect((await store.participantsPage(tenant, id, undefined, 0))?.edition).toEqual(edition);
              expect((await store.evidence.editions(tenant, id)).at(-1)).toEqual(edition);
              expect(await store.evidence.newest(tenant, [id])).toEqual(
                edition === undefined ? [] : [edition],
              );
              expect((await store.search.call(tenant, id))?.callId).toBe(edition?.callId);
              const having = calls.filter(({ people }) => people.some((one) => areSame(one, id)));
              const found = await listed(tenant, id);
              expect(found).toHaveLength(having.length);
              for (const callId of found) expect(having.some((one) => areSame(one.id, callId))).toBe(true);
              if (edition === undefined || call === undefined) continue;
              // Text is served as it was received.
              expect(blockText(await store.head(edition)).toString()).toContain(
                `"id":${JSON.stringify(call.id)},`,
              );
              for (const one of asked) {
                const place = (ids: readonly string[]) => {
                  const at = ids.findIndex((other) => areSame(other, one));
                  return at < 0 ? undefined : at;
                };
                expect([one, await store.participantIndex(edition, one)]).toEqual([one, place(call.people)]);
                expect([one, await store.sessionIndex(edition, one)]).toEqual([one, place(call.sessions)]);
              }
            }
            const ids = await store.evidence.calls(tenant, undefined, 100);
            expect(ids).toHaveLength(calls.length);
            const whole = await store.evidence.whole(tenant, ids);
            expect(await store.evidence.misplaced(tenant, whole)).toEqual([]);
          },
        ),
        { numRuns, seed: testSeed },
      );
    });

    it('identify a stored or queued call when upstream lists it in another case', async () => {
      await store.add('t', [received({ id: GUID, people: ['a'], sessions: ['s'] })]);
      const seen = (callId: string, version: bigint) => ({ callId, version, startTicks: 1n });
      const { upstream } = store;
      expect(await upstream.observe('t', [seen(guid, 1n), seen(mixed, 1n)], 0)).toBe(0);
      expect(await upstream.observe('t', [seen(GUID, 2n), seen(mixed, 2n)], 0)).toBe(1);
      expect(await upstream.observe('t', [seen(guid, 2n), seen(mixed, 2n)], 0)).toBe(0);
      const [wanted, ...more] = await upstream.lease('t', 1, 9);
      // The queue keeps the id as upstream wrote it, for requests to upstream.
      expect([wanted?.callId, more]).toEqual([GUID, []]);
      await upstream.acknowledge('t', [{ callId: GUID, observations: 1, outcome: 'stored', version: 2n }], 1);
      expect(await upstream.counts('t')).toMatchObject({ pending: 0, expiredUpstream: 0 });
    });

    it('leave no rows of a dropped call', async () => {
      await store.add('t', [
        received({ id: mixed, people: [GUID, mixed, 'a'], sessions: [mixed, guid] }),
        received({ id: guid, people: [guid], sessions: [] }),
      ]);
      expect(await store.retention.dropCalls('t', 2n ** 62n, 9)).toEqual({ calls: 1, damaged: [] });
      expect([await store.edition('t', GUID), await listed('t', GUID)]).toEqual([undefined, []]);
    });
  });
}

/**
 * Tests data of an earlier release, which stored rows under ids as it received them.
 *
 * @param asReceived Returns keys of GUIDs in upper case for participants and sessions, as the calls of the test have
 *   them.
 */
export function earlierIdsSuite(
  backend: string,
  open: () => Promise<CallRecordStore>,
  asReceived: (store: CallRecordStore) => Promise<void>,
): void {
  describe(`ids that an earlier release stored in ${backend}`, () => {
    const other = 'abcdefab-cdef-4abc-8def-abcdefabcdef';
    const OTHER = other.toUpperCase();

    /** Stores calls under exactly these ids, and their participants and sessions in upper case. */
    async function earlier(calls: readonly Parts[]): Promise<CallRecordStore> {
      const whole: TransferredCall[] = [];
      let number = 0;
      for (const one of calls) {
        await using memory = openSqliteStore(':memory:');
        // Edition numbers are unique in the store.
        for (let skipped = 0; skipped < number; skipped++)
          await memory.add('t', [received({ id: `skipped ${skipped}`, people: [], sessions: [] })]);
        number++;
        await memory.add('t', [received(one)]);
        const [call] = await memory.evidence.whole('t', [one.id.toLowerCase()]);
        const editions = call!.editions.map((edition) => ({ ...edition, callId: one.id }));
        whole.push({ ...call!, callId: one.id, editions });
      }
      const store = await open();
      await store.transfer.put('t', whole, '{}');
      await asReceived(store);
      return store;
    }

    it('are found in every spelling that a client may use', async () => {
      await using store = await earlier([{ id: GUID, people: ['a', OTHER], sessions: ['s', OTHER] }]);
      expect(await store.evidence.calls('t', undefined, 9)).toEqual([GUID]);
      for (const id of [guid, GUID, mixed]) {
        const edition = (await store.edition('t', id))!;
        expect(edition.participants?.count).toBe(2);
        expect(blockText((await store.participantsBlock(edition, 0))!).toString()).toContain(OTHER);
        for (const person of [other, OTHER])
          expect([
            await store.participantIndex(edition, person),
            await store.sessionIndex(edition, person),
          ]).toEqual([1, 1]);
        expect((await store.search.call('t', id))?.callId).toBe(GUID);
      }
      for (const participantId of [other, OTHER]) {
        const query = { ...everything, participantId };
        expect(await store.callsCount('t', query, 99)).toBe(1);
        expect((await store.callsPage('t', query, 99, undefined, 9)).map(({ callId }) => callId)).toEqual([
          GUID,
        ]);
      }
      const whole = await store.evidence.whole('t', [GUID]);
      expect(await store.evidence.misplaced('t', whole)).toEqual([]);
    });

    it('continue to identify the same call after any addition', async () => {
      await using store = await earlier([{ id: GUID, people: ['a', OTHER], sessions: [] }]);
      expect(await store.upstream.observe('t', [{ callId: guid, version: 1n, startTicks: 1n }], 0)).toBe(0);
      await store.add('t', [received({ id: guid, people: ['b', other], sessions: [] })]);
      expect(await store.evidence.tally('t')).toMatchObject({ calls: 1, editions: 2 });
      for (const participantId of [other, OTHER]) {
        const query = { ...everything, participantId };
        expect(await store.callsCount('t', query, 99)).toBe(1);
        const page = await store.callsPage('t', query, 99, undefined, 9);
        const { text } = await store.callsPageText('t', query, 99, undefined, 9, '');
        expect([
          page.length,
          Buffer.from(text)
            .toString()
            .match(/"joinWebUrl"/g)?.length,
        ]).toEqual([1, 1]);
      }
      const whole = await store.evidence.whole('t', await store.evidence.calls('t', undefined, 9));
      expect(await store.evidence.misplaced('t', whole)).toEqual([]);
      expect(await store.retention.dropCalls('t', 2n ** 62n, 9)).toEqual({ calls: 1, damaged: [] });
      expect(await store.callsCount('t', { ...everything, participantId: OTHER }, 99)).toBe(0);
    });

    it('keep two calls apart that differ only in case, each in its own spelling', async () => {
      await using store = await earlier([
        { id: guid, people: ['a'], sessions: [] },
        { id: GUID, people: ['a', 'b'], sessions: [] },
      ]);
      const count = async (id: string) => (await store.edition('t', id))?.participants?.count;
      expect([await count(guid), await count(GUID), await count(mixed)]).toEqual([1, 2, 1]);
      await store.add('t', [
        received({ id: guid, people: ['c', 'd', 'e'], sessions: [] }),
        received({ id: GUID, people: ['c', 'd', 'e', 'f'], sessions: [] }),
      ]);
      expect([await count(guid), await count(GUID), await count(mixed)]).toEqual([3, 4, 3]);
      const ids = await store.evidence.calls('t', undefined, 9);
      expect(new Set(ids)).toEqual(new Set([guid, GUID]));
      const whole = await store.evidence.whole('t', ids);
      expect(whole.map(({ editions }) => editions.length)).toEqual([2, 2]);
      expect(await store.evidence.misplaced('t', whole)).toEqual([]);
    });
  });
}
