/** Parses times in options to UTC ticks. */
import { parseInstant, ticksOf } from '../base/ticks.ts';

/** The values of a time option. */
export const timeExpected = 'a date such as 2026-11-01, or with a time 2026-11-01T12:00Z is expected.';

/** Names of days: each is its first instant. */
const dayNames = ['today', 'yesterday', 'this-week', 'last-week', 'this-month', 'last-month'] as const;

/** The forms of a time that `parseTime` reads, for the help. */
export const timeForms = `a date, a date and time, ${dayNames.join(', ')} (their first day; weeks begin on Monday), or -7d for 7 days before today`;
export const spanExpected = `a date such as 2026-11-01, a time such as 2026-11-01T12:00Z, ${dayNames.join(', ')} or -7d is expected.`;
export const emptySpan = '--to: a time after --from is expected. The day of --to is not included.';

const dayMs = 86_400_000;

/**
 * Parses a time, or the name of a day relative to today. Every relative time is midnight UTC, so that a command gives
 * the same result all day.
 */
export function parseTime(text: string, now: Date): bigint | undefined {
  const [, days] = /^-(\d{1,5})d$/.exec(text) ?? [];
  if (days !== undefined) return keptFrom(Number(days), now);
  const name = dayNames.find((one) => one === text);
  return name === undefined ? parseInstant(text) : ticksOf(firstDay(name, now));
}

function firstDay(name: (typeof dayNames)[number], now: Date): Date {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  const monday = day - ((now.getUTCDay() + 6) % 7);
  switch (name) {
    case 'today':
      return new Date(Date.UTC(year, month, day));
    case 'yesterday':
      return new Date(Date.UTC(year, month, day - 1));
    case 'this-week':
      return new Date(Date.UTC(year, month, monday));
    case 'last-week':
      return new Date(Date.UTC(year, month, monday - 7));
    case 'this-month':
      return new Date(Date.UTC(year, month, 1));
    case 'last-month':
      return new Date(Date.UTC(year, month - 1, 1));
  }
}

/**
 * Returns the first tick that `--keep-days` keeps: whole days before today, so that it does not depend on the time of
 * day.
 */
export function keptFrom(days: number, now: Date): bigint {
  return ticksOf(new Date(Math.floor(now.getTime() / dayMs) * dayMs - days * dayMs));
}
