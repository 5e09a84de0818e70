/** Tests, for a store that the caller opens, what a person's activity reads of it. */
import { describe, expect, it } from 'vitest';
import type { CallAttendance } from '../../src/analysis/activity.ts';
import { personSubject } from '../../src/analysis/activity-subject.ts';
import { readActivity, usualActivityLimits } from '../../src/analysis/read-activity.ts';
import { readRoll } from '../../src/analysis/read-roll.ts';
import { unionOf } from '../../src/analysis/spans.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { importLines } from '../support/filled-store.ts';
import { randomRecord } from '../support/random-records.ts';
import { aParticipant, aRecord, aSession, participants } from '../support/records.ts';

const tenantId = '11111111-1111-4111-8111-111111111111';
const otherTenant = '22222222-2222-4222-8222-222222222222';
const seed = 20_261;
const ever = { from: -(2n ** 62n), before: 2n ** 62n, after: undefined };
const times = { startDateTime: '2026-03-02T10:00:00Z', endDateTime: '2026-03-02T10:30:00Z' };

async function attendancesOf(
  store: CallRecordStore,
  id: string,
  tenant = tenantId,
  limits = usualActivityLimits,
) {
  const found: CallAttendance[] = [];
  const read = await readActivity(
    store,
    tenant,
    personSubject(id),
    ever,
    (one) => {
      found.push(one);
      return true;
    },
    limits,
  );
  return { found, ...read };
}

export function activitySuite(backend: string, open: () => Promise<CallRecordStore>): void {
  describe(`the activity of a person in a store in ${backend}`, () => {
    it('has of each call what its roll has, whatever the record holds', async () => {
      await using store = await open();
      const texts = Array.from({ length: 40 }, (_, i) => randomRecord(seed, i, { odd: i % 2 === 1 }).text);
      await importLines(store, tenantId, texts);
      let compared = 0;
      for (const { callId } of await store.someCalls(tenantId, 1000)) {
        if ((await store.search.call(tenantId, callId)) === undefined) continue; // its record was not received
        const people = (await readRoll(store, tenantId, callId))!.people;
        for (const person of people.filter(({ id }) => id !== '').slice(0, 4)) {
          const { found } = await attendancesOf(store, person.id.toUpperCase());
          const own = found.find(({ call }) => call.callId === callId);
          expect([seed, callId, own?.person.name]).toEqual([seed, callId, person.name]);
          const same = people.filter(({ id }) => id.toLowerCase() === person.id.toLowerCase());
          if (same.some(({ failures }) => failures.length > 0)) continue;
          const spans = unionOf(same.flatMap((one) => one.spans));
          expect([seed, callId, own?.spans ?? []]).toEqual([seed, callId, spans]);
          compared++;
        }
      }
      expect(compared).toBeGreaterThan(20);
    });

    it('reads only the sessions of the person in a large call, in either case of the id', async () => {
      await using store = await open();
      const others = participants(400);
      const own = [aSession('own', 'ANNA', undefined, times), aSession('again', undefined, 'anna', times)];
      const sessions = others.map(({ id }) => aSession(`s-${id}`, id, undefined, times));
      const lines = [
        aRecord('large', {
          ...times,
          participants_v2: [...others, aParticipant('anna')],
          sessions: [...sessions.slice(0, 200), ...own, ...sessions.slice(200)],
        }),
      ];
      await importLines(
        store,
        tenantId,
        lines.map((one) => JSON.stringify(one)),
      );
      const { found } = await attendancesOf(store, 'Anna');
      expect(found).toMatchObject([{ side: 'both', outcome: 'connected', companions: undefined }]);
      expect(found[0]?.spans).toEqual([[Date.parse(times.startDateTime), Date.parse(times.endDateTime)]]);
    });

    it('stops at a bound and continues there, and sees no other tenant', async () => {
      await using store = await open();
      const records = Array.from({ length: 23 }, (_, i) =>
        aRecord(`call-${i}`, {
          startDateTime: `2026-03-${String(i + 1).padStart(2, '0')}T10:00:00Z`,
          participants_v2: [aParticipant('anna')],
        }),
      );
      await importLines(
        store,
        tenantId,
        records.map((one) => JSON.stringify(one)),
      );
      await importLines(store, otherTenant, [
        JSON.stringify(aRecord('theirs', { participants_v2: [aParticipant('paul')] })),
      ]);
      const limits = { ...usualActivityLimits, calls: 10 };
      const { found, next, readFromDateTime } = await attendancesOf(store, 'anna', tenantId, limits);
      expect([found.length, readFromDateTime]).toEqual([10, '2026-03-14T10:00:00Z']);
      expect(next).toEqual({ startTicks: found.at(-1)?.call.startTicks, call: found.at(-1)?.call.call });
      const bytes = await attendancesOf(store, 'anna', tenantId, { ...usualActivityLimits, bytes: 1 });
      expect([bytes.found.length, bytes.next !== undefined]).toEqual([1, true]);
      const all = await attendancesOf(store, 'anna', tenantId, { ...usualActivityLimits, calls: 23 });
      expect([all.found.length, all.next]).toEqual([23, undefined]);
      expect((await attendancesOf(store, 'paul')).found).toEqual([]);
      expect((await attendancesOf(store, 'paul', otherTenant)).found).toHaveLength(1);
    });
  });
}
