import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nextAttemptMs, retryForMs } from './back-off.ts';

const random = fc.double({ min: 0, max: 1, noNaN: true });

it('waits longer and longer, by chance, within its bounds, and never beyond four hours', () => {
  fc.assert(
    fc.property(
      fc.array(random, { minLength: 40, maxLength: 40 }),
      fc.nat({ max: 10_000 }),
      (chances, tookMs) => {
        let now = 0;
        let attempts = 0;
        for (const chance of chances) {
          now += tookMs;
          const next = nextAttemptMs(++attempts, 0, { nowMs: now, random: chance });
          if (next === undefined) {
            // What would have been next is past the end.
            expect(now + 1_800_000).toBeGreaterThan(retryForMs);
            expect(attempts).toBeGreaterThan(12);
            return;
          }
          const longest = Math.min(10_000 * 2 ** (attempts - 1), 1_800_000);
          expect(next - now).toBeGreaterThanOrEqual(longest / 2);
          expect(next - now).toBeLessThanOrEqual(longest);
          expect(next).toBeLessThanOrEqual(retryForMs);
          now = next;
        }
        expect.unreachable('It has not ended after forty attempts.');
      },
    ),
  );
});

it('gives up at once when the time was up before', () => {
  expect(nextAttemptMs(1, 0, { nowMs: retryForMs, random: 0 })).toBe(undefined);
});
