/** Days of a time zone, relative ranges, and the addresses that have them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, dayAt, endOfDay, isDay, startOfDay, daysSinceMonday } from '../../src/web/days.ts';
import { daysOfRange, ranges } from '../../src/web/ranges.ts';
import { formatTime } from '../../src/web/times.ts';
import { parseZone, zoneGroups, zoneName } from '../../src/web/zones.ts';

const zones = [...zoneGroups().values()].flat();
const hours = (day: string, zone: string) => (endOfDay(day, zone) - startOfDay(day, zone)) / 3_600_000;
const at = (day: string, zone: string) => new Date(startOfDay(day, zone)).toISOString();

const someDay = fc
  .integer({ min: Date.parse('1970-01-02') / 86_400_000, max: Date.parse('2037-12-30') / 86_400_000 })
  .map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10));

/** The date that Intl gives, by other means than the code. */
function shownDay(ms: number, zone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' });
  return format.format(ms);
}

describe('a day of a zone', () => {
  it('begins where a clock in the zone shows midnight, or first shows the day', () => {
    expect(at('2026-03-02', 'UTC')).toBe('2026-03-02T00:00:00.000Z');
    expect(at('2026-03-02', 'Asia/Kolkata')).toBe('2026-03-01T18:30:00.000Z');
    expect(at('2026-03-02', 'Asia/Kathmandu')).toBe('2026-03-01T18:15:00.000Z');
    expect(at('2026-03-02', 'Pacific/Kiritimati')).toBe('2026-03-01T10:00:00.000Z');
    // The clock goes from 23:59 to 01:00.
    expect(at('2018-11-04', 'America/Sao_Paulo')).toBe('2018-11-04T03:00:00.000Z');
    // Midnight comes twice.
    expect(at('2025-11-02', 'America/Havana')).toBe('2025-11-02T04:00:00.000Z');
  });

  it('has 23, 24 or 25 hours, 23.5 and 24.5 where the clock is set by half an hour, and none where it was skipped', () => {
    expect(hours('2026-03-28', 'Europe/Berlin')).toBe(24);
    expect(hours('2026-03-29', 'Europe/Berlin')).toBe(23);
    expect(hours('2026-10-25', 'Europe/Berlin')).toBe(25);
    expect(hours('2026-10-04', 'Australia/Lord_Howe')).toBe(23.5);
    expect(hours('2026-04-05', 'Australia/Lord_Howe')).toBe(24.5);
    expect(hours('2018-11-04', 'America/Sao_Paulo')).toBe(23);
    expect(hours('2025-11-02', 'America/Havana')).toBe(25);
    expect(hours('2011-12-30', 'Pacific/Apia')).toBe(0);
  });

  it('joins the next in every zone, and Intl shows it from its first to its last millisecond', () => {
    fc.assert(
      fc.property(someDay, fc.constantFrom(...zones), (day, zone) => {
        const [from, to] = [startOfDay(day, zone), endOfDay(day, zone)];
        expect(to).toBe(startOfDay(addDays(day, 1), zone));
        if (from === to) return; // the zone skipped it
        expect([shownDay(from, zone), dayAt(from, zone)]).toEqual([day, day]);
        expect(shownDay(from - 1, zone) < day).toBe(true);
        expect(shownDay(to, zone) > day).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('exists in the calendar', () => {
    expect(['2026-02-28', '2024-02-29', '0002-03-01'].filter((day) => !isDay(day))).toEqual([]);
    const wrong = [
      '2026-02-29',
      '2026-13-40',
      '2026-00-01',
      '0000-01-01',
      '9999-12-31',
      '2026-3-1',
      '+02026-03-01',
      '',
    ];
    expect(wrong.filter(isDay)).toEqual([]);
    expect(startOfDay('2026-13-40', 'Europe/Berlin')).toBeNaN();
    expect(endOfDay('nonsense', 'local')).toBeNaN();
  });
});

describe('a time zone', () => {
  it('is known by its name in any case, and by older names', () => {
    expect(['utc', 'europe/berlin', 'Asia/Calcutta', 'asia/kolkata', 'US/Pacific'].map(parseZone)).toEqual([
      'UTC',
      'Europe/Berlin',
      'Asia/Kolkata',
      'Asia/Kolkata',
      'US/Pacific',
    ]);
    expect(['', 'Mars/Olympus', '+02:00', 'local', 'Europe/Berlin '].map(parseZone)).toEqual(
      Array.from({ length: 5 }),
    );
    expect(zoneName('Asia/Tokyo')).toBe('Asia/Tokyo');
    expect(zones).toContain('Asia/Kolkata');
    expect(zones.length).toBe(new Set(zones).size);
  });

  it('formats times of its clock', () => {
    const time = '2026-07-01T22:30:00Z';
    expect(
      ['Asia/Kolkata', 'America/New_York', 'UTC'].map((zone) => formatTime(time, 'moment', zone)),
    ).toEqual(['2 Jul 2026, 04:00', '1 Jul 2026, 18:30', '1 Jul 2026, 22:30']);
  });
});

describe('a relative range', () => {
  it('means days of the calendar', () => {
    const on = (today: string) =>
      Object.fromEntries(
        ranges.map((range) => {
          const { from, to } = daysOfRange(range, today);
          return [range, `${from} ${to}`];
        }),
      );
    expect(on('2026-03-01')).toEqual({
      today: '2026-03-01 2026-03-01',
      yesterday: '2026-02-28 2026-02-28',
      'last-7-days': '2026-02-23 2026-03-01',
      'last-week': '2026-02-16 2026-02-22',
      'this-month': '2026-03-01 2026-03-01',
      'last-month': '2026-02-01 2026-02-28',
      'last-30-days': '2026-01-31 2026-03-01',
      'last-90-days': '2025-12-02 2026-03-01',
    });
    expect(daysOfRange('last-week', '2026-03-02')).toEqual({ from: '2026-02-23', to: '2026-03-01' });
    expect(daysOfRange('last-month', '2024-03-31')).toEqual({ from: '2024-02-01', to: '2024-02-29' });
    expect(daysOfRange('last-month', '2026-01-15')).toEqual({ from: '2025-12-01', to: '2025-12-31' });
  });

  it('ends today or before, and a week is Monday to Sunday', () => {
    fc.assert(
      fc.property(someDay, fc.constantFrom(...ranges), (today, range) => {
        const { from, to } = daysOfRange(range, today);
        expect([isDay(from), isDay(to), from <= to, to <= today]).toEqual([true, true, true, true]);
        if (range === 'last-week')
          expect([daysSinceMonday(from), daysSinceMonday(to), addDays(from, 6)]).toEqual([0, 6, to]);
        if (range.endsWith('-month')) expect(from.endsWith('-01')).toBe(true);
      }),
    );
  });
});
