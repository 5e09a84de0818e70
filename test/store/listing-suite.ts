/** Tests the lists of every store: of calls, of sessions by id, of log rows. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallPosition, CallsQuery } from '../../src/store/call-list.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import type { LogQuery, LogRow } from '../../src/store/log-row.ts';
import { createOracle } from '../support/oracle/oracle-store.ts';
import { blockText } from '../../src/wire/text/block-text.ts';
import { parseTicks } from '../../src/base/ticks.ts';
import { often } from '../support/often.ts';
import { participants } from '../support/records.ts';
import { received } from './suite.ts';

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`;
const ticksAt = (second: number) => parseTicks(at(second))!;
const all: CallsQuery = {
  from: 0n,
  before: 2n ** 62n,
  participantId: undefined,
  withFound: false,
  endedBy: undefined,
  at: undefined,
};

export function listingSuite(backend: string, open: () => Promise<CallRecordStore>): void {
  describe(`lists of a store in ${backend}`, () => {
    let store: CallRecordStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store[Symbol.asyncDispose]());

    /** Returns the ids of a list, read in pages; `between` runs after each page. */
    async function walk(
      query: Partial<CallsQuery>,
      size: number,
      asOf: number,
      between?: () => Promise<unknown>,
    ) {
      const ids: string[] = [];
      let after: CallPosition | undefined;
      for (;;) {
        const page = await store.callsPage('t', { ...all, ...query }, asOf, after, size);
        ids.push(...page.map(({ callId }) => callId));
        if (page.length < size) return ids;
        after = page.at(-1);
        await between?.();
      }
    }

    it('returns calls ordered by start, and by time of receipt where starts are equal', async () => {
      await store.add('t', [
        received({ id: 'late', version: 1, start: at(9) }),
        received({ id: 'b', version: 1, start: at(3) }),
        received({ id: 'a', version: 1, start: at(3) }),
        received({ id: 'early', version: 1, start: at(1) }),
      ]);
      expect(await walk({}, 2, await store.newestEdition('t'))).toEqual(['early', 'b', 'a', 'late']);
    });

    it('includes the first tick of a span and excludes the tick after it', async () => {
      await store.add(
        't',
        [1, 2, 3].map((second) => received({ id: `c${second}`, version: 1, start: at(second) })),
      );
      const asOf = await store.newestEdition('t');
      expect(await walk({ from: ticksAt(2), before: ticksAt(3) }, 9, asOf)).toEqual(['c2']);
      expect(await walk({ from: ticksAt(2) + 1n }, 9, asOf)).toEqual(['c3']);
      expect(await store.callsCount('t', { ...all, from: ticksAt(2) }, asOf)).toBe(2);
    });

    it('returns each call once, in its newest edition, with its own members', async () => {
      await store.add('t', [received({ version: 1, joinWebUrl: 'one' })]);
      await store.add('t', [received({ version: 2, joinWebUrl: 'two' })]);
      await store.add('t', [received({ version: 1, joinWebUrl: 'older' })]);
      const [listed, ...more] = await store.callsPage('t', all, await store.newestEdition('t'), undefined, 9);
      expect(more).toEqual([]);
      expect(JSON.parse(blockText(listed!.head).toString())).toMatchObject({ version: 2, joinWebUrl: 'two' });
    });

    it('does not list a call until its record is received', async () => {
      await store.add('t', [received({ participants: participants(2) })]);
      expect(await walk({}, 9, await store.newestEdition('t'))).toEqual([]);
      await store.add('t', [received({ version: 1, start: at(5) })]);
      expect(await walk({ participantId: 'participant-1' }, 9, await store.newestEdition('t'))).toEqual([
        'call',
      ]);
      const edition = (await store.edition('t', 'call'))!;
      expect(await store.participantIndex(edition, 'participant-1')).toBe(1);
    });

    it('finds the calls of a participant by the list of the newest edition', async () => {
      await store.add('t', [
        received({ id: 'a', version: 1, start: at(1), participants: participants(3) }),
        received({ id: 'b', version: 1, start: at(2), participants: participants(1) }),
      ]);
      const before = await store.newestEdition('t');
      await store.add('t', [received({ id: 'a', version: 2, start: at(4), participants: participants(1) })]);
      await store.add('t', [received({ id: 'b', version: 2, start: at(3), joinWebUrl: 'moved' })]);
      const asOf = await store.newestEdition('t');
      expect(await walk({ participantId: 'participant-2' }, 9, asOf)).toEqual([]);
      expect(await walk({ participantId: 'participant-2' }, 9, before)).toEqual(['a']);
      expect(await store.callsCount('t', { ...all, participantId: 'participant-2' }, before)).toBe(1);
      expect(await walk({ participantId: 'participant-0' }, 1, before)).toEqual(['a', 'b']);
      // The second version of b was received without a list, so it has none.
      expect(await walk({ participantId: 'participant-0' }, 1, asOf)).toEqual(['a']);
    });

    it('finds a call by its new start when its list has not changed', async () => {
      const people = participants(200);
      await store.add('t', [received({ version: 1, start: at(9), participants: people })]);
      await store.add('t', [
        received({ version: 1, start: at(2), joinWebUrl: 'corrected', participants: people }),
      ]);
      const asOf = await store.newestEdition('t');
      const query = { participantId: 'participant-150', before: ticksAt(5) };
      expect(await walk(query, 9, asOf)).toEqual(['call']);
      expect(await store.participantIndex((await store.edition('t', 'call'))!, 'participant-150')).toBe(150);
    });

    it('neither misses nor repeats a call while other calls are added and change their starts', async () => {
      const ids = Array.from({ length: 25 }, (_, i) => `c${i}`);
      await store.add(
        't',
        ids.map((id, i) => received({ id, version: 1, start: at(i % 7), participants: participants(1) })),
      );
      let round = 0;
      const meanwhile = () => {
        round++;
        const moved = received({ id: `c${round}`, version: round + 1, start: at((round * 13) % 60) });
        const fresh = received({
          id: `new${round}`,
          version: 1,
          start: at(round % 7),
          participants: participants(1),
        });
        return store.add('t', [moved, fresh]) as Promise<unknown>;
      };
      const asOf = await store.newestEdition('t');
      const walked = await walk({ participantId: 'participant-0' }, 3, asOf, async () => meanwhile());
      expect([...walked].sort()).toEqual([...ids].sort());
      const again = await walk({}, 4, asOf, async () => meanwhile());
      expect(again).toEqual(walked);
    });

    it('excludes calls that ended later', async () => {
      await store.add(
        't',
        [1, 2].map((second) => received({ id: `c${second}`, version: 1, start: at(second) })),
      );
      const asOf = await store.newestEdition('t');
      expect(await walk({ endedBy: ticksAt(1) }, 9, asOf)).toEqual(['c1']);
    });

    it('finds a session by its id', async () => {
      await store.add('t', [received({ version: 1, sessions: 130 })]);
      const edition = (await store.edition('t', 'call'))!;
      expect([
        await store.sessionIndex(edition, 's0'),
        await store.sessionIndex(edition, 's129'),
        await store.sessionIndex(edition, 's130'),
      ]).toEqual([0, 129, undefined]);
    });

    it('keeps tenants apart', async () => {
      await store.add('t', [received({ version: 1, participants: participants(1) })]);
      await store.addLogRows('t', [aRow({})]);
      const asOf = await store.newestEdition('t');
      expect([
        await store.callsPage('u', all, asOf, undefined, 9),
        await store.callsPage('u', { ...all, participantId: 'participant-0' }, asOf, undefined, 9),
        await store.callsCount('u', all, asOf),
        await store.logRows('u', { kind: 'k', from: 0n, before: 9n, skip: 0, limit: 9 }),
      ]).toEqual([[], [], 0, []]);
    });

    it('keeps rows of logs, each once, in the order of time and id', async () => {
      const rows = [aRow({ ticks: 5n, id: 'b' }), aRow({ ticks: 5n, id: 'a' }), aRow({ ticks: 1n, id: 'z' })];
      expect(await store.addLogRows('t', rows)).toEqual(['added', 'added', 'added']);
      const revision = await store.revision();
      expect(await store.addLogRows('t', rows.slice(0, 1))).toEqual(['unchanged']);
      expect(await store.addLogRows('t', [aRow({ ticks: 5n, id: 'b', text: 'other words' })])).toEqual([
        'added',
      ]);
      expect((await store.revision()) === revision).toBe(revision === undefined);
      await store.addLogRows('t', [aRow({ kind: 'else', ticks: 2n })]);
      const texts = async (query: Partial<LogQuery>) => {
        const found = await store.logRows('t', {
          kind: 'k',
          from: 0n,
          before: 9n,
          skip: 0,
          limit: 9,
          ...query,
        });
        return found.map((text) => Buffer.from(text).toString());
      };
      expect(await texts({})).toEqual(['1 z', '5 a', 'other words']);
      expect(await texts({ skip: 1, limit: 1 })).toEqual(['5 a']);
      expect(await texts({ from: 2n, before: 5n })).toEqual([]);
      expect(await texts({ newestFirst: true })).toEqual(['other words', '5 a', '1 z']);
      expect(await texts({ newestFirst: true, before: 6n, skip: 1, limit: 1 })).toEqual(['5 a']);
    });

    it('returns the same lists as the oracle after any additions, as of any edition', async () => {
      const part = fc.record(
        {
          id: fc.constantFrom('a', 'b', 'c'),
          version: fc.integer({ min: 1, max: 3 }),
          participants: fc.integer({ min: 0, max: 3 }).map(participants),
          joinWebUrl: fc.constantFrom('x', 'y'),
          start: fc.integer({ min: 0, max: 3 }).map(at),
        },
        { requiredKeys: ['id'] },
      );
      let run = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(part, { minLength: 1, maxLength: 10 }),
          fc.constantFrom(undefined, 'participant-0', 'participant-2'),
          fc.integer({ min: 0, max: 3 }),
          async (parts, participantId, from) => {
            const tenant = `t${run++}`;
            const naive = createOracle();
            const asOf: [number, number][] = [];
            for (const one of parts) {
              await store.add(tenant, [received(one)]);
              await naive.add(tenant, [received(one)]);
              asOf.push([await store.newestEdition(tenant), await naive.newestEdition(tenant)]);
            }
            const query = { ...all, participantId, from: ticksAt(from) };
            for (const [ours, theirs] of asOf) {
              const [mine, other] = [
                await store.callsPage(tenant, query, ours, undefined, 9),
                await naive.callsPage(tenant, query, theirs, undefined, 9),
              ];
              const told = (list: typeof mine) =>
                list.map(({ callId, head }) => [callId, blockText(head).toString()]);
              expect(told(mine)).toEqual(told(other));
              const root = 'http://h/v1.0';
              const text = await store.callsPageText(tenant, query, ours, undefined, 2, root);
              const naiveText = await naive.callsPageText(tenant, query, theirs, undefined, 2, root);
              expect([Buffer.from(text.text).toString(), text.last === undefined]).toEqual([
                Buffer.from(naiveText.text).toString(),
                naiveText.last === undefined,
              ]);
              expect(await store.callsCount(tenant, query, ours)).toBe(mine.length);
            }
          },
        ),
        { numRuns: often(10, 100) },
      );
    });
  });
}

function aRow({
  kind = 'k',
  ticks = 1n,
  id = 'id',
  text,
}: Partial<Omit<LogRow, 'text'>> & { text?: string }): LogRow {
  return { kind, ticks, id, text: Buffer.from(text ?? `${ticks} ${id}`) };
}
