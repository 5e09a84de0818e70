/** The sums of a person's calls, compared with counts second by second. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActivityPerson, CallAttendance } from './activity.ts';
import { ActivityTally, periodOf } from './activity-tally.ts';
import { sharedSpans, type TimeSpan, unionOf } from './spans.ts';

const person = (id: string): ActivityPerson => ({
  ...{ id, name: `Person ${id}`, kind: 'user', affiliation: 'internal' },
  ...{ tenantId: null, tenantName: null, userPrincipalName: null },
});
const dayOfTicks = 864_000_000_000n;
const longest = 300;
/** A span of whole seconds. */
const span = fc
  .tuple(fc.nat(longest), fc.nat(longest))
  .map(([a, b]): TimeSpan => [Math.min(a, b) * 1000, Math.max(a, b) * 1000]);
const spans = fc.array(span, { maxLength: 5 }).map(unionOf);

const call = fc
  .record({
    spans: fc.option(spans, { nil: null }),
    other: spans,
    verdict: fc.constantFrom('good', 'poor', 'unclassified', null),
    day: fc.integer({ min: -20, max: 20 }),
    companion: fc.constantFrom('p', 'P', 'q'),
  })
  .map(({ spans: own, other, verdict, day, companion }): CallAttendance => ({
    call: { startTicks: BigInt(day) * dayOfTicks } as CallAttendance['call'], // all that a tally reads
    person: person('me'),
    ...{ certainty: 'exact', side: 'caller', outcome: 'connected', failures: [] },
    ...{ spans: own, verdict },
    companions: [{ person: person(companion), together: sharedSpans(own ?? [], other) }],
  }));
const calls = fc.array(call, { maxLength: 8 });

function summaryOf(all: readonly CallAttendance[], period: 'day' | 'week' = 'day') {
  const tally = new ActivityTally(period, 100);
  for (const one of all) tally.add(one);
  return tally.summary();
}

/** Counts the seconds at which any of the spans is. */
function secondsIn(all: readonly TimeSpan[]): number {
  let count = 0;
  for (let at = 0; at <= longest; at++)
    if (all.some(([from, to]) => from <= at * 1000 && at * 1000 < to)) count++;
  return count;
}

describe('time in calls', () => {
  it('is that of a count second by second, at most the sum and the whole span, in any order', () => {
    fc.assert(
      fc.property(calls, (all) => {
        const { seconds, secondsOfEachCall, callsWithoutTimes } = summaryOf(all);
        const known = all.flatMap((one) => one.spans ?? []);
        expect(seconds).toBe(secondsIn(known));
        expect(secondsOfEachCall).toBe(all.reduce((sum, one) => sum + secondsIn(one.spans ?? []), 0));
        expect(seconds).toBeLessThanOrEqual(Math.min(secondsOfEachCall, longest));
        expect(callsWithoutTimes).toBe(all.filter((one) => one.spans === null).length);
        expect(summaryOf(all.toReversed())).toMatchObject({ seconds, secondsOfEachCall });
      }),
    );
  });

  it('together with another person is that at which both are there', () => {
    fc.assert(
      fc.property(spans, spans, (one, other) => {
        const shared = sharedSpans(one, other);
        let count = 0;
        for (let at = 0; at <= longest; at++) if (secondsAt(one, at) && secondsAt(other, at)) count++;
        expect(secondsIn(shared)).toBe(count);
        expect(sharedSpans(other, one)).toEqual(shared);
      }),
    );
  });

  it('is counted once for each person, whatever the case of the id', () => {
    fc.assert(
      fc.property(calls, (all) => {
        for (const { id, calls: count, secondsTogether } of summaryOf(all).companions.people) {
          const own = all.filter((one) => one.companions![0]!.person.id.toLowerCase() === id.toLowerCase());
          expect(count).toBe(own.length);
          expect(secondsTogether).toBe(secondsIn(own.flatMap((one) => one.companions![0]!.together ?? [])));
        }
      }),
    );
  });
});

function secondsAt(all: readonly TimeSpan[], at: number): boolean {
  return secondsIn(all.map(([from, to]) => [Math.max(from, at * 1000), Math.min(to, at * 1000 + 1000)])) > 0;
}

describe('quality over time', () => {
  it('has every call in one period, and weeks begin on Monday', () => {
    fc.assert(
      fc.property(calls, fc.constantFrom('day', 'week'), (all, period) => {
        const { quality } = summaryOf(all, period);
        expect(quality.periods.reduce((sum, one) => sum + one.calls, 0)).toBe(all.length);
        expect(quality.poor).toBe(all.filter(({ verdict }) => verdict === 'poor').length);
        expect(quality.periods.map(({ date }) => date)).toEqual(
          quality.periods.map(({ date }) => date).sort(),
        );
        if (period === 'week')
          for (const { date } of quality.periods) expect(new Date(date).getUTCDay()).toBe(1);
      }),
    );
  });

  it('is shown by day for up to 31 days, and by week for more', () => {
    expect([periodOf(0n, 31n * dayOfTicks), periodOf(0n, 31n * dayOfTicks + 1n)]).toEqual(['day', 'week']);
  });
});
