/** Parses times in options to UTC ticks. */
import { ticksOf } from '../base/ticks.ts';

/** The values of a time option. */
export const timeExpected = 'a date such as 2026-11-01, or with a time 2026-11-01T12:00Z is expected.';

const dayMs = 86_400_000;

/**
 * Returns the first tick that `--keep-days` keeps: whole days before today, so that it does not depend on the time of
 * day.
 */
export function keptFrom(days: number, now: Date): bigint {
  return ticksOf(new Date(Math.floor(now.getTime() / dayMs) * dayMs - days * dayMs));
}
