import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMilliseconds, formatGeneratorTicks, toGeneratorTicks, weekdayOf } from './ticks.ts';

describe('formatTicks', () => {
  it.each([
    [0, '2020-01-01T00:00:00Z'],
    [1, '2020-01-01T00:00:00.0000001Z'],
    [335_066_667, '2020-01-01T00:00:33.5066667Z'],
    [8_400_000, '2020-01-01T00:00:00.84Z'],
  ])('writes %i without trailing zeros', (ticks, text) => {
    expect(formatGeneratorTicks(ticks)).toBe(text);
  });

  it('writes the instant that ticksOf read', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2020-01-01'), max: new Date('2048-01-01'), noInvalidDate: true }),
        (at) => {
          expect(new Date(formatGeneratorTicks(toGeneratorTicks(at)))).toEqual(at);
          expect(weekdayOf(toGeneratorTicks(at))).toBe(at.getUTCDay());
        },
      ),
    );
  });
});

it('writes milliseconds as a duration without trailing zeros', () => {
  expect([1, 10, 16, 1200].map(formatMilliseconds)).toEqual(['PT0.001S', 'PT0.01S', 'PT0.016S', 'PT1.2S']);
});
