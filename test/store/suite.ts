/** Tests the behavior of every store; the caller opens the store. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storedRules } from '../../src/wire/text/entity.ts';
import { Scanner } from '../../src/wire/text/scanner.ts';
import { walkCall } from '../../src/collect/ingest/read-call.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import type { Edition } from '../../src/store/edition.ts';
import type { ReceivedCall } from '../../src/store/received-call.ts';
import { createOracle } from '../support/oracle/oracle-store.ts';
import { blockText } from '../../src/wire/text/block-text.ts';
import { often } from '../support/often.ts';
import { aParticipant, participants, type TestParticipant } from '../support/records.ts';

interface Parts {
  readonly id?: string;
  /** Absent for a fragment without a version. */
  readonly version?: number | string;
  readonly participants?: readonly TestParticipant[];
  readonly sessions?: number;
  readonly joinWebUrl?: string;
  readonly start?: string;
}

/** Returns a received call, built as an import builds it. */
export function received({
  id = 'call',
  version,
  participants: people,
  sessions,
  joinWebUrl = '',
  start = '2026-01-01T00:00:00.0000001Z',
}: Parts): ReceivedCall {
  const text = JSON.stringify({
    id,
    ...(version === undefined ? {} : { version: 0, startDateTime: start, endDateTime: start }),
    joinWebUrl,
    ...(people && { participants_v2: people }),
    ...(sessions !== undefined && {
      sessions: Array.from({ length: sessions }, (_, i) => ({ id: `s${i}`, segments: [{ id: `g${i}` }] })),
    }),
  }).replace('"version":0', `"version":${version}`);
  return walkCall(new Scanner(Buffer.from(text), 0, undefined, storedRules)).call().call;
}

async function idsOf(store: CallRecordStore, edition: Edition): Promise<string[]> {
  const ids: string[] = [];
  for (let no = 0; ; no++) {
    const block = await store.participantsBlock(edition, no);
    if (block === undefined) return ids;
    expect(block.count).toBeLessThanOrEqual(130);
    ids.push(...(JSON.parse(`[${blockText(block).toString()}]`) as TestParticipant[]).map(({ id }) => id));
  }
}

export function storeSuite(backend: string, open: () => Promise<CallRecordStore>): void {
  describe(`a store in ${backend}`, () => {
    let store: CallRecordStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store[Symbol.asyncDispose]());

    const latest = async (id = 'call') => (await store.edition('t', id))!;

    it('serves the highest version, in whatever order versions are received', async () => {
      expect(await store.add('t', [received({ version: 2, participants: participants(2) })])).toEqual([
        'added',
      ]);
      expect(await store.add('t', [received({ version: 1, participants: participants(1) })])).toEqual([
        'added',
      ]);
      const edition = await latest();
      expect([edition.version, edition.participants?.count, await idsOf(store, edition)]).toEqual([
        2n,
        2,
        ['participant-0', 'participant-1'],
      ]);
    });

    it('reports a repeated call as unchanged, also after a newer one', async () => {
      const one = received({ version: 1, participants: participants(3), sessions: 2 });
      const two = received({ version: 2, participants: participants(4) });
      expect(await store.add('t', [one, two, one, two])).toEqual([
        'added',
        'added',
        'unchanged',
        'unchanged',
      ]);
      expect(await store.totals()).toEqual({ calls: 1, editions: 2 });
    });

    it('stores two contents of one version and serves the later, and reports both as unchanged afterwards', async () => {
      const first = received({ version: 1, joinWebUrl: 'a', participants: participants(1) });
      const second = received({ version: 1, joinWebUrl: 'b', participants: participants(2) });
      expect(await store.add('t', [first, second, first])).toEqual(['added', 'added', 'unchanged']);
      expect((await latest()).participants?.count).toBe(2);
    });

    it('joins parts that are received separately', async () => {
      await store.add('t', [received({ version: 1 })]);
      expect((await latest()).participants).toBe(undefined);
      await store.add('t', [received({ version: 1, participants: participants(2) })]);
      await store.add('t', [received({ version: 1, sessions: 3 })]);
      const edition = await latest();
      expect([edition.participants?.count, edition.sessions?.count, await idsOf(store, edition)]).toEqual([
        2,
        3,
        ['participant-0', 'participant-1'],
      ]);
      expect(await store.participantIndex(edition, 'participant-1')).toBe(1);
      expect(blockText((await store.segmentsBlock(edition, 0))!).toString()).toBe(
        '[{"id":"g0"}],[{"id":"g1"}],[{"id":"g2"}]',
      );
    });

    it('adds a fragment without a version to the newest version, or keeps it until a version is received', async () => {
      await store.add('t', [received({ participants: participants(2) })]);
      expect([(await latest()).version, (await latest()).participants?.count]).toEqual([0n, 2]);
      await store.add('t', [received({ version: 3, joinWebUrl: 'x' })]);
      expect([(await latest()).version, (await latest()).participants?.count]).toEqual([3n, 2]);
      expect(await store.add('t', [received({ participants: participants(2) })])).toEqual(['unchanged']);
      expect(blockText(await store.head(await latest())).toString()).toContain('"joinWebUrl":"x"');
    });

    it('changes the digest when any served data changes, and only then', async () => {
      const digests = new Set<string>();
      for (const call of [
        received({ version: 1 }),
        received({ version: 1, participants: participants(1) }),
        received({ version: 2 }),
      ]) {
        await store.add('t', [call]);
        digests.add((await latest()).digest);
        await store.add('t', [call]);
        digests.add((await latest()).digest);
      }
      expect(digests.size).toBe(3);
    });

    it.each([1, 129, 130, 131, 400])('returns %i participants in blocks of 130', async (count) => {
      await store.add('t', [received({ version: 1, participants: participants(count) })]);
      const edition = await latest();
      expect(await idsOf(store, edition)).toEqual(participants(count).map(({ id }) => id));
      for (const block of [0, Math.ceil(count / 130), 99]) {
        const page = (await store.participantsPage('t', 'call', undefined, block))!;
        expect([page.edition, page.block]).toEqual([edition, await store.participantsBlock(edition, block)]);
      }
      expect(await store.participantIndex(edition, `participant-${count - 1}`)).toBe(count - 1);
      expect(await store.participantIndex(edition, 'nobody')).toBe(undefined);
    });

    it('distinguishes an empty list from a list that was not received', async () => {
      await store.add('t', [
        received({ id: 'empty', version: 1, participants: [] }),
        received({ id: 'none', version: 1 }),
      ]);
      expect([(await latest('empty')).participants?.count, (await latest('none')).participants]).toEqual([
        0,
        undefined,
      ]);
      expect((await store.participantsPage('t', 'empty', undefined, 0))?.block).toBe(undefined);
    });

    it('returns sessions in blocks of 60', async () => {
      await store.add('t', [received({ version: 1, sessions: 130 })]);
      const counts = [];
      for (let no = 0; no < 4; no++) counts.push((await store.sessionsBlock(await latest(), no))?.count);
      expect(counts).toEqual([60, 60, 10, undefined]);
    });

    it('returns an edition by number only for its own tenant and call', async () => {
      await store.add('t', [received({ version: 1 }), received({ id: 'other', version: 1 })]);
      const { edition } = await latest();
      expect((await store.edition('t', 'call', edition))?.edition).toBe(edition);
      expect(await store.edition('t', 'other', edition)).toBe(undefined);
      expect(await store.edition('u', 'call', edition)).toBe(undefined);
      expect(await store.edition('t', 'call', edition + 999)).toBe(undefined);
    });

    it('keeps tenants apart', async () => {
      await store.add('t', [received({ version: 1, participants: [aParticipant('mine')] })]);
      await store.add('u', [received({ version: 2, participants: [aParticipant('theirs')] })]);
      expect(await idsOf(store, await latest())).toEqual(['mine']);
      expect(await store.participantIndex(await latest(), 'theirs')).toBe(undefined);
      expect(await store.edition('v', 'call')).toBe(undefined);
      expect(await store.someCalls('v', 10)).toEqual([]);
    });

    it.each(['9007199254740993', '9223372036854775807'])('orders the version %s exactly', async (version) => {
      await store.add('t', [received({ version }), received({ version: (BigInt(version) - 1n).toString() })]);
      expect((await latest()).version).toBe(BigInt(version));
    });

    it.each(["o'neil", 'ünï😀', '%2F/..', 'x'.repeat(10_000), '\u0000'])(
      'accepts any text as an id',
      async (id) => {
        await store.add('t', [received({ id, version: 1, participants: [aParticipant(id)] })]);
        expect(await store.participantIndex((await store.edition('t', id))!, id)).toBe(0);
      },
    );

    it('recognizes a list by its digest', async () => {
      const call = received({ version: 1, participants: participants(1) });
      await store.add('t', [call]);
      expect(await store.hasList('t', 'call', call.participants!.digest)).toBe(true);
      expect(await store.hasList('t', 'call', 'else')).toBe(false);
      expect(await store.hasList('u', 'call', call.participants!.digest)).toBe(false);
    });

    it('changes its revision with every addition', async () => {
      const before = await store.revision();
      await store.add('t', [received({ version: 1 })]);
      // A store without revisions always returns undefined.
      expect((await store.revision()) === before).toBe(before === undefined);
      // A PostgreSQL server may have other databases, which are written to as well.
      await expect.poll(async () => (await store.revision()) === (await store.revision())).toBe(true);
    });

    it('creates a secret once, with concurrent callers', async () => {
      const [a, b] = await Promise.all([
        store.secret('key', () => Promise.resolve('a')),
        store.secret('key', () => Promise.resolve('b')),
      ]);
      expect([b, await store.secret('key', () => Promise.resolve('c'))]).toEqual([a, a]);
    });

    it('replaces an invalid secret once, with concurrent callers', async () => {
      const ask = (value: string, isGood?: (known: string) => boolean) =>
        store.secret('key', () => Promise.resolve(value), isGood);
      await ask('old');
      const isNew = (known: string) => known !== 'old';
      const [a, b] = await Promise.all([ask('a', isNew), ask('b', isNew)]);
      expect(['a', 'b']).toContain(a);
      expect([b, await ask('c', isNew), await ask('d')]).toEqual([a, a, a]);
    });

    it('returns the same results as the oracle after any additions', async () => {
      const part = fc.record(
        {
          id: fc.constantFrom('a', 'b'),
          version: fc.integer({ min: 1, max: 3 }),
          participants: fc.integer({ min: 0, max: 3 }).map(participants),
          sessions: fc.integer({ min: 0, max: 2 }),
          joinWebUrl: fc.constantFrom('x', 'y'),
        },
        { requiredKeys: ['id'] },
      );
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 8 }), async (parts) => {
          const tenant = `t${run++}`;
          const naive = createOracle();
          for (const one of parts)
            expect(await store.add(tenant, [received(one)])).toEqual(
              await naive.add(tenant, [received(one)]),
            );
          for (const id of ['a', 'b']) {
            const [ours, theirs] = [await store.edition(tenant, id), await naive.edition(tenant, id)];
            expect([ours?.version, ours?.digest, ours?.participants?.count, ours?.sessions?.count]).toEqual([
              theirs?.version,
              theirs?.digest,
              theirs?.participants?.count,
              theirs?.sessions?.count,
            ]);
            if (ours === undefined || theirs === undefined) continue;
            expect(blockText(await store.head(ours))).toEqual(blockText(await naive.head(theirs)));
            expect(await idsOf(store, ours)).toEqual(await idsOf(naive, theirs));
            expect(await store.participantIndex(ours, 'participant-1')).toBe(
              await naive.participantIndex(theirs, 'participant-1'),
            );
          }
        }),
        { numRuns: often(8, 60) },
      );
    });
  });
}
