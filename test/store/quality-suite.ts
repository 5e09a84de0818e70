/** Tests, for a store that the caller opens, what the media quality of a call reads of it. */
import { describe, expect, it } from 'vitest';
import { panelsOf, qualityOf, streamsOf } from '../../src/analysis/read-quality.ts';
import { readRoll } from '../../src/analysis/read-roll.ts';
import type { Edition } from '../../src/store/edition.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { importLines } from '../support/filled-store.ts';
import { randomRecord } from '../support/random-records.ts';
import { aParticipant, aRecord, aSession } from '../support/records.ts';

const tenantId = '11111111-1111-4111-8111-111111111111';
const otherTenant = '22222222-2222-4222-8222-222222222222';
const seed = 20_262;
const poor = { streamDirection: 'callerToCallee', packetUtilization: 900, averageJitter: 'PT0.05S' };
const media = [{ label: 'main-audio', streams: [poor] }];

export function qualitySuite(backend: string, open: () => Promise<CallRecordStore>): void {
  describe(`the media quality of a call in a store in ${backend}`, () => {
    it('has the people of the roll, and of each the same in the list and in the panel, whatever the record holds', async () => {
      await using store = await open();
      const texts = Array.from({ length: 40 }, (_, i) => randomRecord(seed, i, { odd: i % 2 === 1 }).text);
      await importLines(store, tenantId, texts);
      let compared = 0;
      for (const { callId } of await store.someCalls(tenantId, 1000)) {
        const roll = await readRoll(store, tenantId, callId);
        const edition = (await store.edition(tenantId, callId))!; // it is listed
        const quality = await qualityOf(store, edition);
        const streams = await streamsOf(store, edition, false);
        expect([seed, callId, quality.map(({ name }) => name)]).toEqual([
          ...[seed, callId],
          roll?.people.map(({ name }) => name),
        ]);
        expect([seed, callId, streams.counts.poor > 0]).toEqual([
          ...[seed, callId],
          (await store.search.call(tenantId, callId))?.poor ?? streams.counts.poor > 0,
        ]);
        for (const person of quality.slice(0, 3)) {
          expect([seed, callId, ...(await panelsOf(store, edition, [person.index]))]).toMatchObject([
            ...[seed, callId],
            person,
          ]);
          compared++;
        }
      }
      expect(compared).toBeGreaterThan(20);
    });

    it('reads a person whose sessions are far apart, and nothing of another tenant', async () => {
      await using store = await open();
      const people = Array.from({ length: 300 }, (_, i) => aParticipant(`p${i}`));
      const sessions = people.map(({ id }, i) =>
        aSession(`s${i}`, i % 150 === 7 ? 'p7' : id, undefined, { segments: [{ id: 'g', media }] }),
      );
      await importLines(store, tenantId, [
        JSON.stringify(aRecord('large', { participants_v2: people, sessions })),
      ]);
      const ofLarge = async <T>(tenant: string, read: (edition: Edition) => Promise<T>) => {
        const edition = await store.edition(tenant, 'large');
        return edition && read(edition);
      };
      const [panel, none] = (await ofLarge(tenantId, (edition) => panelsOf(store, edition, [7, 300]))) ?? [];
      expect([panel?.streams.poor, panel?.sentence]).toEqual([
        2,
        "Person p7's audio to the service was poor: jitter 50 ms, more than 30 ms.",
      ]);
      expect([
        none,
        await ofLarge(otherTenant, (edition) => panelsOf(store, edition, [7])),
        await ofLarge(otherTenant, (edition) => qualityOf(store, edition)),
        await ofLarge(otherTenant, (edition) => streamsOf(store, edition, true)),
      ]).toEqual([null, undefined, undefined, undefined]);
    });
  });
}
