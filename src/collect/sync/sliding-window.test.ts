import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SlidingWindow } from './sliding-window.ts';

/** A request: asked for so long after the one before it, seen by upstream and answered so long after it was sent. */
const request = fc.record({
  gapMs: fc.nat(30),
  onTheWayMs: fc.nat(15),
  backMs: fc.nat(15),
});

it('lets no span of upstream hold more than allowed, however long requests take on their way', () => {
  fc.assert(
    fc.property(
      fc.array(request, { maxLength: 80 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 60 }),
      fc.nat(80),
      (requests, limit, spanMs, restartAt) => {
        let window = new SlidingWindow(limit, spanMs);
        const ends: number[] = [];
        const seenMs: number[] = [];
        let nowMs = 0;
        const endDue = () => {
          ends.sort((a, b) => a - b);
          while (ends.length > 0 && ends[0]! <= nowMs) window.end(ends.shift()!);
        };
        for (const [i, { gapMs, onTheWayMs, backMs }] of requests.entries()) {
          nowMs += gapMs;
          endDue();
          while (window.waitMs(nowMs) > 0) {
            const waitMs = window.waitMs(nowMs);
            nowMs = Math.min(nowMs + waitMs, ends[0] ?? Number.POSITIVE_INFINITY);
            endDue();
          }
          window.take();
          seenMs.push(nowMs + onTheWayMs);
          ends.push(nowMs + onTheWayMs + backMs);
          if (i !== restartAt) continue;
          // The process is killed and another goes on; what was under way came in before.
          const saved = window.snapshot(nowMs);
          nowMs = Math.max(nowMs, ...ends);
          ends.length = 0;
          window = new SlidingWindow(limit, spanMs);
          window.restore(saved, nowMs);
        }
        for (const from of seenMs)
          expect(seenMs.filter((ms) => ms >= from && ms <= from + spanMs).length).toBeLessThanOrEqual(limit);
      },
    ),
  );
});

it('gives room back as soon as a span has passed since the answer', () => {
  const window = new SlidingWindow(2, 100);
  window.take();
  window.take();
  expect(window.waitMs(0)).toBe(Number.POSITIVE_INFINITY);
  window.end(10);
  expect(window.waitMs(10)).toBe(101);
  expect([window.waitMs(110), window.waitMs(111)]).toEqual([1, 0]);
});
