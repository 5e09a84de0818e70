/** Tests that every store drops exactly the data before a time, without a trace; the caller opens the store. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { applyRetention } from '../../src/maintain/retention/apply.ts';
import { keepSince, retentionWatermark } from '../../src/store/retention-watermark.ts';
import { createOracle } from '../support/oracle/oracle-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { ticksOf } from '../../src/base/ticks.ts';
import { verifyTenant } from '../../src/maintain/verify/report.ts';
import { importLines, oddLines } from '../support/filled-store.ts';
import { often } from '../support/often.ts';
import { aParticipant, aRecord, aSession } from '../support/records.ts';

const tenants = ['11111111-1111-4111-8111-111111111111', '33333333-3333-4333-8333-333333333333'] as const;
const [tenantId, other] = tenants;
const day = (number: number) => new Date(Date.UTC(2026, 2, number, 10));
const ticks = (number: number) => ticksOf(day(number));

const call = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
  version: fc.integer({ min: 1, max: 3 }),
  day: fc.integer({ min: 1, max: 6 }),
  people: fc.uniqueArray(fc.constantFrom('ann', 'bob', 'cem'), { maxLength: 3 }),
  caller: fc.option(fc.constantFrom('ann', 'dora'), { nil: undefined }),
});

const lineOf = ({
  id,
  version,
  day: start,
  people,
  caller,
}: typeof call extends fc.Arbitrary<infer T> ? T : never) =>
  JSON.stringify(
    aRecord(id, {
      version,
      startDateTime: day(start).toISOString(),
      participants_v2: people.map((one) => aParticipant(one)),
      ...(caller !== undefined && { sessions: [aSession('s', caller)] }),
    }),
  );

async function seen(store: CallRecordStore, tenant: string) {
  const query = { from: 0n, before: 2n ** 62n, withFound: true, endedBy: undefined, at: undefined };
  const list = async (participantId?: string) =>
    (await store.callsPage(tenant, { ...query, participantId }, 2 ** 40, undefined, 100)).map(
      ({ callId }) => callId,
    );
  const ids = await store.evidence.calls(tenant, undefined, 100);
  return {
    tally: await store.evidence.tally(tenant),
    tenants: await store.evidence.tenants(),
    calls: ids,
    wanting: await store.evidence.wanting(tenant, undefined, 100),
    all: await list(),
    // Calls with equal starts are ordered by number, and numbers may be unique per tenant or per store.
    ofEach: await Promise.all(['ann', 'bob', 'dora'].map(async (one) => (await list(one)).sort())),
    editions: await Promise.all(ids.map(async (id) => (await store.evidence.editions(tenant, id)).length)),
  };
}

export function retentionSuite(backend: string, open: () => Promise<CallRecordStore>): void {
  describe(`retention in ${backend}`, () => {
    it('drops the same data as the oracle, and leaves all other data unchanged', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(call, { maxLength: 14 }),
          fc.integer({ min: 1, max: 7 }),
          fc.integer({ min: 1, max: 4 }),
          async (calls, before, limit) => {
            await using store = await open();
            await using oracle = createOracle();
            for (const each of [store, oracle]) {
              await importLines(each, tenantId, calls.map(lineOf));
              await importLines(each, other, calls.map(lineOf));
            }
            const expected = await oracle.retention.countBefore(tenantId, ticks(before));
            expect(await store.retention.countBefore(tenantId, ticks(before))).toEqual(expected);
            let dropped = 0;
            for (let last = limit; last > 0; dropped += last) {
              last = (await store.retention.dropCalls(tenantId, ticks(before), limit)).calls;
              await oracle.retention.dropCalls(tenantId, ticks(before), limit);
              expect(last).toBeLessThanOrEqual(limit);
            }
            expect(dropped).toBe(expected.calls);
            for (const tenant of tenants)
              expect(await seen(store, tenant)).toEqual(await seen(oracle, tenant));
            const verified = await verifyTenant(store, tenantId, {
              clock: systemClock,
              onRead: () => undefined,
            });
            expect(verified.corrupt).toBe(0);
          },
        ),
        { numRuns: backend.includes('Postgre') ? often(4, 8) : often(8, 40) },
      );
    });

    it('drops pages without a record and log rows by their own time', async () => {
      await using store = await open();
      await importLines(store, tenantId, oddLines);
      const row = {
        '@odata.type': '#microsoft.graph.callRecords.pstnCallLogRow',
        ...{ id: 'row', callId: 'c', startDateTime: '2026-03-01T00:00:00Z' },
      };
      await importLines(store, tenantId, [JSON.stringify(row)]);
      const all = await store.retention.countBefore(tenantId, ticksOf(new Date('2100-01-01')));
      expect(all).toEqual({ calls: 6, logRows: 1 });
      const signal = new AbortController().signal;
      const apply = (before: bigint) => applyRetention({ store, tenantId, before, signal });
      expect(await apply(ticks(3))).toEqual({ calls: 5, logRows: 1, damagedCalls: [] });
      expect(await store.evidence.calls(tenantId, undefined, 9)).toEqual(['pages']);
      expect(await apply(ticksOf(new Date('2100-01-01')))).toEqual({
        calls: 1,
        logRows: 0,
        damagedCalls: [],
      });
      expect(await seen(store, tenantId)).toMatchObject({
        tally: { calls: 0, editions: 0, versions: 0, participants: 0, incomplete: 0, found: 0, odd: 0 },
        tenants: [],
      });
      // Numbers continue after dropped editions, so a skip token never names another edition.
      const newest = await store.newestEdition(tenantId);
      await importLines(store, tenantId, [JSON.stringify(aRecord('new'))]);
      expect((await store.edition(tenantId, 'new'))?.edition).toBe(newest + 1);
    });

    it('deletes old fetch queue entries, keeps current ones, and stores the watermark', async () => {
      await using store = await open();
      const sighting = (callId: string, number: number) => ({
        callId,
        version: 1n,
        startTicks: ticks(number),
      });
      const span = (from: number, before: number) => ({
        from: ticks(from),
        before: ticks(before),
        listedMs: 5,
      });
      await store.upstream.observe(tenantId, [sighting('old', 1), sighting('new', 5)], 5, span(1, 6));
      await store.upstream.addListed(tenantId, 'getPstnCalls', span(1, 2));
      await applyRetention({ store, tenantId, before: ticks(4), signal: new AbortController().signal });
      expect((await store.upstream.pending(tenantId, undefined, 9)).map(({ callId }) => callId)).toEqual([
        'new',
      ]);
      expect(await store.upstream.listed(tenantId, 'calls')).toEqual([span(4, 6)]);
      expect(await store.upstream.listed(tenantId, 'getPstnCalls')).toEqual([]);
      expect(await retentionWatermark(store, tenantId)).toBe(ticks(4));
      await keepSince(store, tenantId, ticks(2));
      expect(await retentionWatermark(store, tenantId)).toBe(ticks(4));
    });
  });
}
