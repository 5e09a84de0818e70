import { expect, it } from 'vitest';
import { formatTicks } from '../base/ticks.ts';
import { parseTime } from './times.ts';

// A Thursday.
const now = new Date('2026-12-03T15:30:00Z');
const read = (text: string, at = now) => {
  const ticks = parseTime(text, at);
  return ticks === undefined ? undefined : formatTicks(ticks);
};

it.each([
  ['2026-11-01', '2026-11-01T00:00:00Z'],
  ['2026-11-01T12:00+02:00', '2026-11-01T10:00:00Z'],
  ['today', '2026-12-03T00:00:00Z'],
  ['yesterday', '2026-12-02T00:00:00Z'],
  ['this-week', '2026-11-30T00:00:00Z'],
  ['last-week', '2026-11-23T00:00:00Z'],
  ['this-month', '2026-12-01T00:00:00Z'],
  ['last-month', '2026-11-01T00:00:00Z'],
  ['-0d', '2026-12-03T00:00:00Z'],
  ['-7d', '2026-11-26T00:00:00Z'],
])('%s', (text, time) => expect(read(text)).toBe(time));

it('weeks begin on Monday, also on a Sunday and across years', () => {
  expect(read('this-week', new Date('2027-01-03T23:59:59Z'))).toBe('2026-12-28T00:00:00Z');
  expect(read('last-month', new Date('2027-01-03T00:00:00Z'))).toBe('2026-12-01T00:00:00Z');
});

it.each(['', 'tomorrow', '7d', '-7', '-d', '-1.5d', '-999999d', 'TODAY', '2026-02-30', 'last week'])(
  'refuses %j',
  (text) => expect(read(text)).toBeUndefined(),
);
