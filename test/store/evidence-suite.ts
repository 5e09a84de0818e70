/** Tests what every store reports about the completeness of its calls; the caller opens the store. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMovableClock, type MovableClock } from '../../src/base/clock.ts';
import { walkCall } from '../../src/collect/ingest/read-call.ts';
import { keepSince } from '../../src/store/retention-watermark.ts';
import { createOracle } from '../support/oracle/oracle-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import type { CallsQuery } from '../../src/store/call-list.ts';
import type { Edition } from '../../src/store/edition.ts';
import type { ReceivedCall } from '../../src/store/received-call.ts';
import { blockText } from '../../src/wire/text/block-text.ts';
import { storedRules } from '../../src/wire/text/entity.ts';
import { Scanner } from '../../src/wire/text/scanner.ts';
import { gapsOf } from '../../src/maintain/verify/gaps.ts';
import { often } from '../support/often.ts';
import { aRecord, aSession, participants } from '../support/records.ts';

type Open = (options: { readonly clock: MovableClock }) => Promise<CallRecordStore>;

interface Parts {
  readonly id?: string;
  readonly version?: number;
  readonly [member: string]: unknown;
}

function received({ id = 'call', ...members }: Parts): ReceivedCall {
  const text = JSON.stringify('version' in members ? aRecord(id, members) : { id, ...members });
  return walkCall(new Scanner(Buffer.from(text), 0, undefined, storedRules)).call().call;
}

/** Returns a call as a sync passes it: with the number of followed pages. */
function synced(call: ReceivedCall, participantPages: number, sessionPages: number): ReceivedCall {
  const { participants: list, sessions } = call;
  return {
    ...call,
    participants: list && { ...list, value: { ...list.value, pages: participantPages } },
    sessions: sessions && { ...sessions, value: { ...sessions.value, pages: sessionPages } },
  };
}

export function evidenceSuite(backend: string, open: Open): void {
  describe(`the evidence of a store in ${backend}`, () => {
    let store: CallRecordStore;
    let clock: MovableClock;
    beforeEach(async () => {
      clock = createMovableClock(new Date('2026-01-01T00:00:00Z'));
      store = await open({ clock });
    });
    afterEach(() => store[Symbol.asyncDispose]());

    const latest = async (id = 'call') => (await store.edition('t', id))!;
    const foundIds = async (edition: Edition) => {
      const ids: string[] = [];
      for (let no = 0; ; no++) {
        const block = await store.inferredBlock(edition, no);
        if (block === undefined) return ids;
        expect(block.count).toBeLessThanOrEqual(130);
        const entries = JSON.parse(`[${blockText(block).toString()}]`) as { id: string }[];
        ids.push(...entries.map(({ id }) => id));
      }
    };

    it('returns the number of pages that were followed, also when a later edition shares the list', async () => {
      const call = received({ version: 1, participants_v2: participants(2), sessions: [aSession('a')] });
      await store.add('t', [synced(call, 10, 21)]);
      await store.add('t', [received({ version: 1, joinWebUrl: 'other' })]);
      const { participants: list, sessions } = await latest();
      expect([list?.pages, sessions?.pages]).toEqual([10, 21]);
    });

    it('returns no number of pages for an imported call', async () => {
      await store.add('t', [received({ version: 1, participants_v2: participants(2) })]);
      expect((await latest()).participants?.pages).toBe(undefined);
    });

    it('returns when each edition was received, by the clock of the store', async () => {
      await store.add('t', [received({ version: 1 })]);
      clock.advance(1000);
      await store.add('t', [received({ version: 2 })]);
      const editions = await store.evidence.editions('t', 'call');
      const start = Date.UTC(2026, 0, 1);
      expect(editions.map(({ version, receivedMs }) => [version, receivedMs])).toEqual([
        [1n, start],
        [2n, start + 1000],
      ]);
    });

    it('infers the participants that only the sessions name, in blocks of 130', async () => {
      const sessions = Array.from({ length: 150 }, (_, i) => aSession(`s${i}`, `participant-${i}`));
      await store.add('t', [received({ version: 1, participants_v2: participants(3), sessions })]);
      const edition = await latest();
      expect(edition.found).toEqual({
        list: -edition.edition,
        count: 147,
        complete: true,
        pages: undefined,
      });
      expect((await foundIds(edition)).slice(0, 2)).toEqual(['participant-3', 'participant-4']);
      expect(await store.inferredIndex(edition, 'participant-149')).toBe(146);
      expect(await store.inferredIndex(edition, 'participant-0')).toBe(undefined);
      expect(await store.participantIndex(edition, 'participant-149')).toBe(undefined);
    });

    it('infers them whichever part is received first', async () => {
      const sessions = [aSession('a', 'participant-9'), aSession('b', 'participant-0')];
      await store.add('t', [received({ version: 1, sessions })]);
      expect(await foundIds(await latest())).toEqual(['participant-9', 'participant-0']);
      await store.add('t', [received({ version: 1, participants_v2: participants(1) })]);
      expect(await foundIds(await latest())).toEqual(['participant-9']);
    });

    it('infers no participants while pages of the list are missing, or when the sessions are of another version', async () => {
      const sessions = [aSession('a', 'participant-9')];
      await store.add('t', [
        received({
          id: 'cut',
          version: 1,
          participants_v2: participants(1),
          sessions,
          'participants_v2@odata.nextLink': 'https://next',
        }),
        received({ version: 1, participants_v2: participants(1), sessions }),
        received({ version: 2, participants_v2: participants(1) }),
      ]);
      expect([(await latest('cut')).found, (await latest()).found]).toEqual([undefined, undefined]);
    });

    it('lists the calls of an inferred participant only on request', async () => {
      const sessions = [aSession('a', 'participant-9')];
      await store.add('t', [received({ version: 1, participants_v2: participants(1), sessions })]);
      const query = {
        from: 0n,
        before: 2n ** 62n,
        participantId: 'participant-9',
        endedBy: undefined,
        at: undefined,
      };
      const asOf = await store.newestEdition('t');
      expect(await store.callsCount('t', { ...query, withFound: true }, asOf)).toBe(1);
      expect(await store.callsCount('t', { ...query, withFound: false }, asOf)).toBe(0);
      const listed = await store.callsPage('t', { ...query, withFound: true }, asOf, undefined, 9);
      expect(listed.map(({ callId }) => callId)).toEqual(['call']);
    });

    it('returns the missing parts of an edition', async () => {
      const cut = (list: string) => ({ [`${list}@odata.nextLink`]: 'https://next' });
      const cases: [string, Parts[], string[]][] = [
        ['whole', [{ version: 1, participants_v2: participants(1), sessions: [aSession('a')] }], []],
        ['head alone', [{ version: 1 }], ['listMissing']],
        ['fragment', [{ participants_v2: participants(1) }], ['record']],
        [
          'cut',
          [
            {
              version: 1,
              participants_v2: participants(1),
              ...cut('participants_v2'),
              sessions: [aSession('a')],
              ...cut('sessions'),
            },
          ],
          ['participantPages', 'sessionPages'],
        ],
        ['sessions alone', [{ sessions: [aSession('a')] }], ['record', 'listMissing']],
        ['named', [{ version: 1, participants: [{ user: { id: 'p' } }] }], ['listMissing']],
        ['named nobody', [{ version: 1, participants: [] }], ['listMissing']],
        ['empty', [{ version: 1, participants_v2: [] }], []],
        [
          'newer without lists',
          [{ version: 1, participants_v2: participants(1), sessions: [aSession('a')] }, { version: 2 }],
          ['listMissing', 'sessions'],
        ],
      ];
      for (const [id, parts] of cases)
        for (const one of parts) await store.add('t', [received({ id, ...one })]);
      const told = [];
      for (const [id] of cases) told.push([id, (await latest(id)).lacking]);
      expect(told).toEqual(cases.map(([id, , lacking]) => [id, lacking]));
      expect(await store.evidence.wanting('t', undefined, 9)).toEqual([
        'cut',
        'fragment',
        'head alone',
        'named',
        'named nobody',
        'newer without lists',
        'sessions alone',
      ]);
    });

    it('counts as many gaps as it lists, for any incomplete, pending, expired and dropped calls', async () => {
      const ids = ['a', 'b', 'c', 'd'] as const;
      const id = fc.constantFrom(...ids);
      const days = fc.constantFrom(0, 20, 40, 60);
      const call = fc.record({ id, version: fc.integer({ min: 1, max: 3 }), cut: fc.boolean(), days });
      const wanted = fc.record({
        id,
        version: fc.option(fc.bigInt({ min: 1n, max: 4n }), { nil: undefined }),
        days: fc.option(days, { nil: undefined }),
        gone: fc.boolean(),
      });
      const startOf = (ago: number) => clock.now().getTime() - ago * 86_400_000;
      let run = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(call, { maxLength: 6 }),
          fc.array(wanted, { maxLength: 6 }),
          fc.constantFrom(0, 10, 50),
          async (calls, observations, keptDays) => {
            const tenant = `gaps-${run++}`;
            for (const one of calls) {
              const list = { participants_v2: participants(1), sessions: [] };
              const next = one.cut ? { 'participants_v2@odata.nextLink': 'https://next' } : {};
              const startDateTime = new Date(startOf(one.days)).toISOString();
              const { id: callId, version } = one;
              await store.add(tenant, [received({ id: callId, version, startDateTime, ...list, ...next })]);
            }
            const nowMs = clock.now().getTime();
            for (const { id: callId, version, days: ago, gone } of observations) {
              const startTicks = ago === undefined ? undefined : BigInt(startOf(ago)) * 10_000n;
              await store.upstream.observe(tenant, [{ callId, version, startTicks }], nowMs);
              if (!gone) continue;
              const taken = await store.upstream.lease(tenant, nowMs, 9);
              const settled = taken.map(({ callId: of, observations: seen }) => ({
                callId: of,
                observations: seen,
              }));
              const outcome = { outcome: 'gone', reason: 'notFound' } as const;
              await store.upstream.acknowledge(
                tenant,
                settled.map((one) => ({ ...one, ...outcome })),
                nowMs,
              );
            }
            if (keptDays > 0) await keepSince(store, tenant, BigInt(startOf(keptDays)) * 10_000n);
            const { gaps, ...all } = await gapsOf(store, tenant, BigInt(nowMs) * 10_000n, 1000);
            expect([all.gapCount, all.unhealableGapCount]).toEqual([
              gaps.length,
              gaps.filter(({ healable, known }) => !healable && known !== false).length,
            ]);
            for (const most of [0, 1, 2]) {
              const few = await gapsOf(store, tenant, BigInt(nowMs) * 10_000n, most);
              expect(few).toEqual({ gaps: gaps.slice(0, most), ...all });
            }
          },
        ),
        { numRuns: often(6, 40) },
      );
    });

    it('returns the same counts and states as the oracle after any additions', async () => {
      const part = fc.record(
        {
          id: fc.constantFrom('a', 'b', 'c'),
          version: fc.integer({ min: 1, max: 3 }),
          type: fc.constantFrom('groupCall', 'peerToPeer'),
          participants_v2: fc.integer({ min: 0, max: 3 }).map(participants),
          sessions: fc.array(
            fc
              .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }))
              .map(([caller, callee]) =>
                aSession(`${caller}-${callee}`, `participant-${caller}`, `participant-${callee}`),
              ),
            { maxLength: 3 },
          ),
          'participants_v2@odata.nextLink': fc.constant('https://next'),
          startDateTime: fc.constantFrom('2025-12-31T20:00:00Z', '2025-12-31T21:00:00Z'),
          lastModifiedDateTime: fc
            .integer({ min: 0, max: 9 })
            .map((second) => `2025-12-31T23:59:5${second}.0000001Z`),
        },
        { requiredKeys: ['id'] },
      );
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 8 }), async (parts) => {
          const tenant = `t${run++}`;
          const naive = createOracle({ clock });
          const began = clock.now().getTime();
          for (const one of parts) {
            clock.advance(1000);
            const call = received(one);
            expect(await store.add(tenant, [call])).toEqual(await naive.add(tenant, [call]));
          }
          expect(await store.evidence.tally(tenant)).toEqual(await naive.evidence.tally(tenant));
          for (const list of ['calls', 'wanting'] as const)
            for (const after of [undefined, 'a', 'b'])
              expect(await store.evidence[list](tenant, after, 2)).toEqual(
                await naive.evidence[list](tenant, after, 2),
              );
          const told = async (from: CallRecordStore, edition: Edition | undefined) =>
            edition && {
              version: edition.version,
              digest: edition.digest,
              receivedMs: edition.receivedMs,
              modifiedTicks: edition.modifiedTicks,
              lacking: edition.lacking,
              found: edition.found?.count,
              ids: edition.found && blockText((await from.inferredBlock(edition, 0))!).toString(),
              index: await from.inferredIndex(edition, 'participant-4'),
            };
          const listed = async (from: CallRecordStore, query: CallsQuery, asOf: number) => ({
            page: (await from.callsPage(tenant, query, asOf, undefined, 2)).map(({ callId, head }) => [
              callId,
              blockText(head).toString(),
            ]),
            text: Buffer.from(
              (await from.callsPageText(tenant, query, asOf, undefined, 2, 'root')).text,
            ).toString(),
            count: await from.callsCount(tenant, query, asOf),
          });
          for (const ms of [-5000, 0, 1000, 2500, 9000]) {
            for (const participantId of [undefined, 'participant-0', 'participant-4']) {
              const query = {
                from: 0n,
                before: 2n ** 62n,
                participantId,
                withFound: true,
                endedBy: undefined,
                at: BigInt(began + ms) * 10_000n,
              };
              const [ours, theirs] = [await store.newestEdition(tenant), await naive.newestEdition(tenant)];
              expect(await listed(store, query, ours)).toEqual(await listed(naive, query, theirs));
            }
          }
          for (const id of ['a', 'b', 'c']) {
            const ours = await store.evidence.editions(tenant, id);
            const theirs = await naive.evidence.editions(tenant, id);
            expect(await Promise.all(ours.map((edition) => told(store, edition)))).toEqual(
              await Promise.all(theirs.map((edition) => told(naive, edition))),
            );
            const times = [-5000, 0, 1000, 2500, 9000].map((ms) => BigInt(began + ms) * 10_000n);
            const modified = [0, 4, 9].map((s) => BigInt(Date.UTC(2025, 11, 31, 23, 59, 50 + s)) * 10_000n);
            for (const asOf of [
              ...[...times, ...modified, ...modified.map((ticks) => ticks + 1n)].map((ticks) => ({ ticks })),
              ...[1n, 2n, 9n].map((version) => ({ version })),
            ])
              expect(await told(store, await store.editionAsOf(tenant, id, asOf))).toEqual(
                await told(naive, await naive.editionAsOf(tenant, id, asOf)),
              );
          }
        }),
        { numRuns: often(6, 60) },
      );
    });
  });
}
