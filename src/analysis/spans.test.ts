import { describe, expect, it } from 'vitest';
import { receivedSpan, timeOf } from './spans.ts';

describe('a time of a record', () => {
  it.each([
    ['2026-03-02T10:00:00Z', Date.UTC(2026, 2, 2, 10)],
    ['2026-03-02T10:00:00.1239999+01:00', Date.UTC(2026, 2, 2, 9) + 123],
    ['0001-01-01T00:00:00Z', -62_135_596_800_000],
    ['9999-12-31T23:59:59.9999999Z', 253_402_300_799_999],
  ])('is read: %s', (text, ms) => expect(timeOf(text)).toBe(ms));

  it.each([
    ...['today', '5', '', '2026-03-02', '2026-03-02T10:00:00', '2026-02-30T10:00:00Z'],
    ...['-271821-04-20T00:00:00Z', '+275760-09-13T00:00:00Z'],
    ...['0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59-14:00'],
    ...[5, null, undefined, {}, []],
  ])('is absent when it is %j', (value) => expect(timeOf(value)).toBeUndefined());
});

it('a span that ends before it starts is none', () => {
  const [early, late] = ['2026-03-02T10:00:00Z', '2026-03-02T11:00:00Z'];
  expect(receivedSpan({ startDateTime: late, endDateTime: early })).toBeUndefined();
  expect(receivedSpan({ startDateTime: early, endDateTime: early })).toBeDefined();
});
