/** Relative ranges of days, which stay relative in a bookmark. */
import { addDays, daysSinceMonday } from './days.ts';

export const ranges = [
  ...(['today', 'yesterday', 'last-7-days', 'last-week'] as const),
  ...(['this-month', 'last-month', 'last-30-days', 'last-90-days'] as const),
] as const;
type Range = (typeof ranges)[number];

interface Days {
  /** The first and the last day. */
  readonly from: string;
  readonly to: string;
}

export function isRange(text: string): text is Range {
  return (ranges as readonly string[]).includes(text);
}

/** Returns the days that a range means on a day. */
export function daysOfRange(range: Range, today: string): Days {
  switch (range) {
    case 'today':
      return { from: today, to: today };
    case 'yesterday':
      return { from: addDays(today, -1), to: addDays(today, -1) };
    case 'last-7-days':
      return { from: addDays(today, -6), to: today };
    case 'last-week': {
      const monday = addDays(today, -daysSinceMonday(today) - 7);
      return { from: monday, to: addDays(monday, 6) };
    }
    case 'this-month':
      return { from: firstOfMonth(today), to: today };
    case 'last-month': {
      const last = addDays(firstOfMonth(today), -1);
      return { from: firstOfMonth(last), to: last };
    }
    case 'last-30-days':
      return { from: addDays(today, -29), to: today };
    case 'last-90-days':
      return { from: addDays(today, -89), to: today };
  }
}

function firstOfMonth(day: string): string {
  return `${day.slice(0, 8)}01`;
}
