/** Times as options name them, in ticks of UTC. */
import { ticksOf } from '../base/ticks.ts';

/** What an option for a time takes. */
export const timeExpected = 'a date such as 2026-11-01, or with a time 2026-11-01T12:00Z is expected.';

const dayMs = 86_400_000;

/** What `--keep-days` keeps: whole days before today, so that it does not depend on the minute it is asked in. */
export function keptFrom(days: number, now: Date): bigint {
  return ticksOf(new Date(Math.floor(now.getTime() / dayMs) * dayMs - days * dayMs));
}
