import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ListedSpan } from '../../store/upstream.ts';
import { gaps, type Span } from '../../store/spans.ts';
import { dueSpans, freshForMs, lateMs } from './listing-plan.ts';

const hourMs = 3600_000;
const dayMs = 24 * hourMs;
const nowMs = Date.parse('2026-11-02T12:00:00Z');
const ticks = (ms: number) => BigInt(ms) * 10_000n;
const span = (fromMs: number, beforeMs: number): Span => ({ from: ticks(fromMs), before: ticks(beforeMs) });
const listed = (fromMs: number, beforeMs: number, listedMs: number): ListedSpan => ({
  ...span(fromMs, beforeMs),
  listedMs,
});
const follow = (ageMs: number) => nowMs - freshForMs(ageMs, hourMs);

describe('spans to list', () => {
  it('are all of it at first, in one piece', () => {
    const plan = { nowMs, sinceMs: nowMs - 30 * dayMs, listed: [], freshSinceMs: follow };
    expect(dueSpans(plan)).toEqual([span(nowMs - 30 * dayMs, nowMs)]);
  });

  it('are the hours of a pause, and what was late before it', () => {
    const stoppedMs = nowMs - 7 * dayMs;
    const before = [listed(nowMs - 30 * dayMs, stoppedMs, stoppedMs)];
    // Everything was listed a week ago: older spans are due again too.
    const all = { nowMs, sinceMs: nowMs - 30 * dayMs, listed: before, freshSinceMs: follow };
    expect(dueSpans(all)).toEqual([span(nowMs - 30 * dayMs, nowMs)]);
    const aMomentAgo = [listed(nowMs - 30 * dayMs, stoppedMs, nowMs - 1)];
    expect(dueSpans({ ...all, listed: aMomentAgo })).toEqual([span(stoppedMs, nowMs)]);
  });

  it('are those in which calls may still turn up, at every reconciliation', () => {
    const before = [listed(nowMs - 30 * dayMs, nowMs - hourMs, nowMs - hourMs)];
    const plan = { nowMs, sinceMs: nowMs - 30 * dayMs, listed: before, freshSinceMs: follow };
    expect(dueSpans(plan)).toEqual([span(nowMs - lateMs, nowMs)]);
  });

  it('leave no moment out that was not listed late enough', () => {
    const spans = fc.array(
      fc
        .tuple(fc.nat(100), fc.nat(30), fc.nat(50))
        .map(([from, length, ago]) => listed(from * hourMs, (from + length) * hourMs, nowMs - ago * hourMs)),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(spans, fc.nat(60), (all, freshHours) => {
        const found = gaps(
          span(0, 100 * hourMs),
          all.filter(({ listedMs }) => listedMs > nowMs - freshHours * hourMs),
        );
        for (let hour = 0; hour < 100; hour++) {
          const at = ticks(hour * hourMs);
          const isIn = (one: Span) => one.from <= at && at < one.before;
          const isFresh = all.some((one) => isIn(one) && one.listedMs > nowMs - freshHours * hourMs);
          expect(found.some(isIn)).toBe(!isFresh);
        }
      }),
    );
  });
});
