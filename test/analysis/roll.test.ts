/** Who was in a call and when, computed from its lists. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordSession } from '../../src/analysis/records.ts';
import { type RollPerson, RollBuilder } from '../../src/analysis/roll.ts';
import { unionOf } from '../../src/analysis/spans.ts';
import { peakOf, presenceSteps, timeTicks } from '../../src/web/call/presence.ts';
import type { Affiliation } from '../../src/contract/affiliation.ts';
import {
  formatOrder,
  nextRollOrder,
  parseOrder,
  searchTexts,
  shownPeople,
  type SortName,
} from '../../src/web/call/roll-order.ts';

const home = '6f1d0f2e-0c5c-4a8f-9f57-0d8a2f9f3b11';
const user = (id: string, displayName = id) => ({ user: { id, displayName } });
const at = (second: number) => new Date(second * 1000).toISOString();
const session = (caller: string, from: number, to: number, callee?: string): RecordSession => ({
  id: `${caller} ${from}`,
  startDateTime: at(from),
  endDateTime: at(to),
  caller: { identity: user(caller) },
  callee: callee === undefined ? {} : { identity: user(callee) },
});
const rollOf = (listed: readonly string[], sessions: readonly RecordSession[]) => {
  const roll = new RollBuilder();
  roll.addParticipants(listed.map((id) => ({ id, identity: user(id) })));
  roll.addSessions(sessions);
  return roll.people(home);
};
const inShort = (people: readonly RollPerson[]) =>
  people.map(({ id, inferredFrom, joinedDateTime, leftDateTime, presentSeconds }) => [
    ...[id, inferredFrom],
    ...[joinedDateTime, leftDateTime].map((time) => time && Date.parse(time)),
    presentSeconds,
  ]);

describe('a roll', () => {
  it('tells when somebody joined and left, and counts what overlaps once', () => {
    const people = rollOf(['A', 'b'], [session('a', 10, 30), session('a', 20, 40), session('a', 60, 70)]);
    expect(inShort(people)).toEqual([
      ['A', null, 10_000, 70_000, 40],
      ['b', null, null, null, null],
    ]);
  });

  it('has those whom the server lists and nobody else, and marks whom the server inferred', () => {
    const roll = new RollBuilder();
    roll.addParticipants([
      { id: 'a', identity: user('a') },
      { id: 'x', identity: user('x'), '@rollcall.source': 'sessions' },
    ]);
    roll.addSessions([session('x', 1, 2, 'y'), session('z', 1, 2)]);
    expect(inShort(roll.people(home))).toEqual([
      ['a', null, null, null, null],
      ['x', 'sessions', 1000, 2000, 1],
    ]);
  });

  it('knows who is listed by another of the ids than a session shows', () => {
    const roll = new RollBuilder();
    roll.addParticipants([{ id: 'acs', identity: { acsUser: { id: 'acs' }, user: null } }]);
    roll.addSessions([
      {
        id: 's',
        caller: { identity: { phone: { id: '+1' } }, associatedIdentity: { id: 'ACS', displayName: 'Ada' } },
      },
    ]);
    expect(roll.people(home).map(({ id, name, kind }) => [id, name, kind])).toEqual([
      ['acs', 'Ada', 'acsUser'],
    ]);
  });

  it('takes the times of segments where a session has none', () => {
    const roll = new RollBuilder();
    const segments = [
      { id: '1', startDateTime: at(5), endDateTime: at(6) },
      { id: '2', startDateTime: at(1), endDateTime: at(2) },
    ];
    roll.addParticipants([{ id: 'a', identity: user('a') }]);
    roll.addSessions([{ id: 's', caller: { identity: user('a') }, segments }]);
    expect(inShort(roll.people(home))).toEqual([['a', null, 1000, 6000, 5]]);
  });

  it('is searched by words, letters without their marks, and sorted', () => {
    const roll = new RollBuilder();
    roll.addParticipants([
      { id: '1', identity: user('1', 'Zoë Ångström') },
      { id: '2', identity: user('2', 'Anna Weber') },
      { id: '3', identity: { guest: { id: '3', displayName: 'Gast' } } },
    ]);
    roll.addSessions([session('2', 5, 9), session('1', 7, 8)]);
    const people = roll.people(home);
    const ids = (text: string, order?: string, affiliation?: Affiliation) =>
      shownPeople(people, () => searchTexts(people), {
        ...{ text, affiliation },
        order: parseOrder(order ?? null),
      }).map(({ id }) => id);
    expect([ids('ang zoe'), ids('', 'name'), ids('', 'left'), ids('', '-present')]).toEqual([
      ['1'],
      ['2', '3', '1'],
      ['1', '2', '3'],
      ['2', '1', '3'],
    ]);
    expect([ids('', '-left'), ids('', 'nonsense'), ids('', undefined, 'external')]).toEqual([
      ['2', '1', '3'],
      ['1', '2', '3'],
      ['3'],
    ]);
  });

  it('is sorted by a column, then in the opposite order, then as received', () => {
    const clicks = (by: SortName) => {
      const first = nextRollOrder(undefined, by);
      const second = nextRollOrder(first, by);
      return [first, second, nextRollOrder(second, by)].map(formatOrder);
    };
    expect([clicks('name'), clicks('present')]).toEqual([
      ['name', '-name', undefined],
      ['-present', 'present', undefined],
    ]);
  });
});

describe('presence', () => {
  const spans = fc.array(
    fc.tuple(fc.nat(50), fc.nat(20)).map(([from, length]) => ({ from, to: from + length })),
  );

  it('is at each moment as many as were there', () => {
    fc.assert(
      fc.property(fc.array(spans, { maxLength: 6 }), (everybody) => {
        const people = rollOf(
          everybody.map((_, i) => `p${i}`),
          everybody.flatMap((own, i) => own.map(({ from, to }) => session(`p${i}`, from, to))),
        );
        const steps = presenceSteps(people);
        const naive = (second: number) =>
          everybody.filter((own) => own.some(({ from, to }) => from <= second && second < to)).length;
        for (let second = 0; second <= 70; second++) {
          const count = steps.findLast((step) => step.at <= second * 1000)?.count ?? 0;
          expect(count).toBe(naive(second));
        }
        const most = Math.max(...Array.from({ length: 71 }, (_, second) => naive(second)));
        expect(peakOf(steps)?.count ?? 0).toBe(most);
      }),
    );
  });

  it('unites spans into such as do not touch, of the same whole', () => {
    fc.assert(
      fc.property(spans, (parts) => {
        const own = parts.map(({ from, to }) => [from, to] as const);
        const union = unionOf(own);
        union.slice(1).forEach(([from], i) => expect(from).toBeGreaterThan(union[i]![1]));
        const covers = (list: typeof union, moment: number) =>
          list.some(([from, to]) => from <= moment && moment <= to);
        for (let moment = 0; moment <= 70; moment++) expect(covers(union, moment)).toBe(covers(own, moment));
      }),
    );
  });

  it('has few, evenly spaced times on its axis, all within it', () => {
    fc.assert(
      fc.property(fc.nat(2e12), fc.integer({ min: 1, max: 1e12 }), (from, length) => {
        const ticks = timeTicks({ from, to: from + length }, 8);
        expect(ticks.length).toBeLessThanOrEqual(9);
        expect(new Set(ticks.slice(1).map((tick, i) => tick - ticks[i]!)).size).toBeLessThanOrEqual(1);
        for (const tick of ticks) expect(tick >= from && tick <= from + length).toBe(true);
      }),
    );
  });
});
