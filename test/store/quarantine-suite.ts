/** Tests the quarantine and the oddities of every store; the caller opens the store. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Clock, createMovableClock } from '../../src/base/clock.ts';
import type { Oddity } from '../../src/contract/oddities.ts';
import { quarantineTotal } from '../../src/store/quarantine.ts';
import { setAsideUnits, type SetAside } from '../../src/store/set-aside.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { ticksOf } from '../../src/base/ticks.ts';
import { createOracle } from '../support/oracle/oracle-store.ts';
import { often } from '../support/often.ts';
import { participants } from '../support/records.ts';
import { received } from './suite.ts';

const tenantId = 't';
const idMissing: Oddity = { part: 'participants', reason: 'idMissing', count: 2, first: 0 };
const timeMissing: Oddity = { part: 'record', reason: 'timeMissing', count: 1 };

const piece = fc.record<SetAside>({
  unit: fc.constantFrom(...setAsideUnits),
  callId: fc.constantFrom(undefined, 'call', 'CALL', '11111111-1111-4111-8111-111111111111', 'x'.repeat(300)),
  origin: fc.constantFrom('sync', 'import a\0b.json:3'),
  reason: fc.constantFrom('It is no object.', 'It is not JSON.'),
  text: fc.constantFrom('5', '"\\ud800"', '{"id"', '').map((text) => Buffer.from(text)),
});
const turn = fc.record({
  ms: fc.integer({ min: 0, max: 3 }),
  pieces: fc.array(piece, { maxLength: 4 }),
  dropsFirst: fc.boolean(),
});

async function seen({ quarantine }: CallRecordStore) {
  const listed = await quarantine.list(tenantId, undefined, 100);
  const paged = [];
  for (let after; ;) {
    const page = await quarantine.list(tenantId, after, 2);
    paged.push(...page);
    after = page.at(-1);
    if (after === undefined) break;
  }
  expect(paged).toEqual(listed);
  const ofCall = await quarantine.ofCalls(tenantId, ['call', 'nobody']);
  expect(ofCall).toEqual(listed.filter(({ callId }) => callId === 'call'));
  const whole = await Promise.all(listed.map(async ({ id }) => quarantine.get(tenantId, id)));
  return {
    listed,
    whole: whole.map(([{ text, ...rest } = { text: Buffer.alloc(0) }]) => [rest, Buffer.from(text)]),
    every: (await quarantine.get(tenantId, '')).length,
    counts: await quarantine.count(tenantId),
    damaged: await quarantine.damaged(tenantId),
  };
}

export function quarantineSuite(backend: string, open: (clock: Clock) => Promise<CallRecordStore>): void {
  describe(`the quarantine in ${backend}`, () => {
    it('stores and returns the same pieces as the oracle', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(turn, { maxLength: 5 }), async (turns) => {
          const clock = createMovableClock(new Date(0));
          await using store = await open(clock);
          await using oracle = createOracle({ clock });
          for (const { ms, pieces, dropsFirst } of turns) {
            clock.advance(ms);
            const added = await oracle.quarantine.add(tenantId, pieces);
            expect(await store.quarantine.add(tenantId, pieces)).toBe(added);
            await store.quarantine.add('other', pieces);
            const [first] = dropsFirst ? await oracle.quarantine.list(tenantId, undefined, 1) : [];
            if (first === undefined) continue;
            expect(await oracle.quarantine.drop(tenantId, first.id)).toBe(true);
            expect(await store.quarantine.drop(tenantId, first.id)).toBe(true);
            expect(await store.quarantine.drop(tenantId, first.id)).toBe(false);
          }
          expect(await seen(store)).toEqual(await seen(oracle));
        }),
        { numRuns: backend.includes('Postgre') ? often(4, 10) : often(8, 100) },
      );
    });

    it('stores the pieces of a call once, in its transaction, and drops them with the call', async () => {
      const clock = createMovableClock(new Date('2026-02-01T00:00:00Z'));
      await using store = await open(clock);
      const entry = { unit: 'entry', reason: 'It is no object.', text: Buffer.from('null') } as const;
      const call = {
        ...received({ version: 1, participants: participants(2) }),
        ...{ setAside: [entry], origin: 'sync' },
      };
      expect(await store.add(tenantId, [call])).toEqual(['added']);
      expect(await store.add(tenantId, [call])).toEqual(['unchanged']);
      const ofNoCall: SetAside = { ...entry, unit: 'line', origin: 'import a.json:1', callId: undefined };
      await store.quarantine.add(tenantId, [ofNoCall, { ...ofNoCall, callId: 'never stored' }]);
      const units = async () =>
        (await store.quarantine.list(tenantId, undefined, 9)).map(({ unit, callId }) => `${unit} ${callId}`);
      expect((await units()).sort()).toEqual(['entry call', 'line never stored', 'line undefined']);

      const before = (text: string) => ticksOf(new Date(text));
      expect(await store.retention.dropQuarantined(tenantId, before('2026-02-01T00:00:00Z'))).toBe(0);
      expect(await store.retention.dropQuarantined(tenantId, before('2026-02-02T00:00:00Z'))).toBe(2);
      expect(await units()).toEqual(['entry call']);
      await store.retention.dropCalls(tenantId, before('2026-01-02T00:00:00Z'), 9);
      expect(quarantineTotal(await store.quarantine.count(tenantId))).toBe(0);
    });
  });

  describe(`marks of calls in ${backend}`, () => {
    it('stay with their part of the call, and are counted while that part is visible', async () => {
      await using store = await open(createMovableClock(new Date(0)));
      const list = received({ version: 1, participants: participants(2) });
      await store.add(tenantId, [
        { ...list, odd: [timeMissing, idMissing] },
        received({ id: 'sound', version: 1 }),
      ]);
      const odd = async () => {
        const marked = await store.evidence.odd(tenantId, undefined, 9);
        return marked.map(({ callId, edition }) => [callId, edition?.odd]);
      };
      expect((await store.edition(tenantId, 'call'))?.odd).toEqual([timeMissing, idMissing]);
      expect(await odd()).toEqual([['call', [timeMissing, idMissing]]]);
      expect((await store.evidence.tally(tenantId)).odd).toBe(1);
      expect((await store.participantsPage(tenantId, 'call', undefined, 0))?.edition.odd).toHaveLength(2);

      // The same version with sessions: its record and its participants are the stored ones.
      const sessionsOdd: Oddity = { part: 'segments', reason: 'wrongType', count: 1, first: 3 };
      const more = {
        ...received({ version: 1, participants: participants(2), sessions: 1 }),
        odd: [sessionsOdd],
      };
      expect(await store.add(tenantId, [more])).toEqual(['added']);
      expect(await odd()).toEqual([['call', [timeMissing, idMissing, sessionsOdd]]]);
      const [whole] = await store.evidence.whole(tenantId, ['call']);
      expect(whole?.editions.at(-1)?.odd).toHaveLength(3);

      expect(await store.add(tenantId, [received({ version: 2, participants: participants(2) })])).toEqual([
        'added',
      ]);
      expect([await odd(), (await store.evidence.tally(tenantId)).odd]).toEqual([[], 0]);
    });
  });
}
