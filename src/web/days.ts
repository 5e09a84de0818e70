/** Calculates with days of the calendar (`2026-03-02`), and finds where they begin in a time zone. */
import type { Zone } from './times.ts';
import { offsetAt } from './zones.ts';

const form = /^(\d{4})-\d\d-\d\d$/;
const msPerHour = 3_600_000;
const msPerDay = 24 * msPerHour;

/** Returns false for a date that does not exist: `Date.parse` reads February 30 as March 2. */
export function isDay(text: string): boolean {
  const year = Number(form.exec(text)?.[1] ?? 0);
  if (year === 0 || year === 9999) return false; // the end of its last day has no four digits
  const at = midnightUtc(text);
  return !Number.isNaN(at) && dayText(at) === text;
}

export function addDays(day: string, count: number): string {
  return dayText(midnightUtc(day) + count * msPerDay);
}

/** Returns 0 for Monday to 6 for Sunday. */
export function daysSinceMonday(day: string): number {
  return (new Date(midnightUtc(day)).getUTCDay() + 6) % 7;
}

/** Returns the day that a clock in the zone shows at a time. */
export function dayAt(ms: number, zone: Zone): string {
  return dayText(ms + offsetAt(ms, zone));
}

/** Returns the first millisecond of a day in the zone; `NaN` for an invalid date. */
export function startOfDay(day: string, zone: Zone): number {
  const midnight = midnightUtc(day);
  if (Number.isNaN(midnight)) return NaN;
  // No clock is further from UTC than 16 hours.
  const hours = Array.from({ length: 33 }, (_, i) => midnight + (i - 16) * msPerHour);
  const clocks = hours.map((at) => at + offsetAt(at, zone));
  // A clock that is set back may show midnight twice: the day begins at the first.
  const begins = clocks
    .map((clock, i) => midnight - (clock - hours[i]!)) // as long as clocks
    .filter((at) => at + offsetAt(at, zone) === midnight);
  if (begins.length > 0) return Math.min(...begins);
  // A clock that is set forward past midnight never shows it: the day begins when the clock is set.
  const after = clocks.findIndex((clock) => clock > midnight);
  let [before, from] = [hours[after - 1]!, hours[after]!]; // the clock passes midnight within these hours
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2);
    if (middle + offsetAt(middle, zone) > midnight) from = middle;
    else before = middle;
  }
  return from;
}

/** Returns the first millisecond after a day in the zone; `NaN` for an invalid date. */
export function endOfDay(day: string, zone: Zone): number {
  // By the calendar, because a day may have 23 or 25 hours.
  return Number.isNaN(midnightUtc(day)) ? NaN : startOfDay(addDays(day, 1), zone);
}

function midnightUtc(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

function dayText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
