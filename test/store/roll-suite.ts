/** Tests, for a store that the caller opens, what the roll of a call reads of it. */
import { describe, expect, it } from 'vitest';
import { readRoll, rollOf } from '../../src/analysis/read-roll.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { importLines } from '../support/filled-store.ts';
import { randomRecord } from '../support/random-records.ts';
import { aParticipant, aRecord, aSession } from '../support/records.ts';

const tenantId = '11111111-1111-4111-8111-111111111111';
const otherTenant = '22222222-2222-4222-8222-222222222222';
const seed = 20_263;
const failureInfo = { stage: 'midcall', reason: 'The network connection was lost.' };
const times = { startDateTime: '2026-03-02T10:00:00Z', endDateTime: '2026-03-02T10:10:00Z' };

export function rollSuite(backend: string, open: () => Promise<CallRecordStore>): void {
  describe(`the roll of a call in a store in ${backend}`, () => {
    it('is the same for a large call, but for the segments, whatever the record holds', async () => {
      await using store = await open();
      const texts = Array.from({ length: 60 }, (_, i) => randomRecord(seed, i, { odd: i % 2 === 1 }).text);
      const sessions = [
        aSession('1', 'a', undefined, { ...times, segments: [{ id: '1', failureInfo }] }),
        aSession('2', 'b', undefined, { segments: [{ id: '2', ...times }] }),
      ];
      const people = [aParticipant('a'), aParticipant('b')];
      const record = aRecord('telling', { participants_v2: people, sessions });
      await importLines(store, tenantId, [...texts, JSON.stringify(record)]);
      const calls = await store.someCalls(tenantId, 1000);
      expect(calls.length).toBeGreaterThan(50);
      for (const { callId } of calls) {
        const whole = (await readRoll(store, tenantId, callId))!;
        const large = await rollOf(store, whole.edition, 0);
        const hasSessions = (whole.sessionCount ?? 0) > 0;
        expect([seed, large]).toEqual([
          seed,
          {
            ...whole,
            people: whole.people.map((one) => (hasSessions ? { ...one, segments: null } : one)),
          },
        ]);
      }
      const { people: telling } = (await readRoll(store, tenantId, 'telling'))!;
      expect(telling.map(({ failures, presentSeconds }) => [failures.length, presentSeconds])).toEqual([
        [1, 600],
        [0, 600],
      ]);
      expect(await readRoll(store, otherTenant, 'telling')).toBeUndefined();
    });
  });
}
