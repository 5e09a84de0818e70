import { describe, expect, it } from 'vitest';
import { parseTicks } from './ticks.ts';

describe('a date and time', () => {
  it.each([
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2026-03-31T23:59:59Z', Date.UTC(2026, 2, 31, 23, 59, 59)],
    ['2026-12-31T23:30:00-01:00', Date.UTC(2027, 0, 1, 0, 30)],
    ['2026-01-01T00:00+02:00', Date.UTC(2025, 11, 31, 22)],
  ])('%s is that instant', (text, ms) => {
    expect(parseTicks(text)).toBe(BigInt(ms) * 10_000n);
  });

  it.each([
    '2026-02-29T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-04-31T10:00:00+02:00',
    '2026-01-32T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:00',
    '2026-01-01',
  ])('%s is none', (text) => {
    expect(parseTicks(text)).toBe(undefined);
  });
});
