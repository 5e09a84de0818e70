import { below, between, chance, fraction, type Random, weighted } from './random.ts';
import { type GeneratorTicks, ticksPerDay, ticksPerMinute, ticksPerSecond, weekdayOf } from './ticks.ts';

/** The time between joining and leaving a call. */
export interface Stay {
  readonly joined: GeneratorTicks;
  readonly left: GeneratorTicks;
}

export interface Calendar {
  /** The latest modification time of any record. */
  readonly until: GeneratorTicks;
  /** The number of days before the day of `until` that have calls. */
  readonly days: number;
}

/** Weights of the hours from 6 to 20. */
const hours = [1, 3, 9, 14, 14, 10, 6, 11, 13, 11, 7, 3, 1.5, 1, 0.5];
const hourOfDay = weighted(hours.map((weight, i) => [i + 6, weight] as const));
const scheduledMinutes = weighted<number>([
  [15, 15],
  [30, 45],
  [45, 10],
  [60, 25],
  [90, 5],
]);

/** Returns a start in business hours (UTC), almost always on a weekday. The latest call ends before midnight. */
export function startOf(random: Random, { until, days }: Calendar): GeneratorTicks {
  const midnight = Math.floor(until / ticksPerDay) * ticksPerDay;
  let day = midnight - between(random, 1, days) * ticksPerDay;
  for (let attempt = 0; attempt < 6 && isWeekend(day); attempt++) {
    if (chance(random, 0.08)) break;
    day = midnight - between(random, 1, days) * ticksPerDay;
  }
  return day + hourOfDay(random) * 60 * ticksPerMinute + below(random, 3600) * ticksPerSecond;
}

function isWeekend(day: GeneratorTicks): boolean {
  const weekday = weekdayOf(day);
  return weekday === 0 || weekday === 6;
}

/** Returns the stay of both people in a one-to-one call; its length is zero when the call was not answered. */
export function conversation(random: Random, start: GeneratorTicks, byPhone: boolean): Stay {
  const answered = chance(random, 0.8);
  const seconds = Math.min(7200, 4 + 90 / Math.sqrt(1 - fraction(random)));
  // Telephone gateways report whole seconds.
  const precision = byPhone ? ticksPerSecond : 1;
  const joined = start + (byPhone ? 0 : below(random, ticksPerSecond));
  return {
    joined,
    left: answered ? joined + Math.floor((seconds * ticksPerSecond) / precision) * precision : joined,
  };
}

/** Draws the stays of one participant after the other in a meeting that begins on the quarter hour. */
export function meeting(random: Random, start: GeneratorTicks): () => [Stay, ...Stay[]] {
  const quarter = 15 * ticksPerMinute;
  const begin = Math.floor(start / quarter) * quarter;
  const end = begin + scheduledMinutes(random) * ticksPerMinute;
  return () => {
    const joined = around(random, begin, -120, 420);
    const leavesEarly = chance(random, 0.15);
    const planned = leavesEarly
      ? around(random, (begin + end) / 2, -60, 240)
      : around(random, end, -180, 360);
    const left = Math.max(planned, joined + ticksPerMinute);
    if (!chance(random, 0.06)) return [{ joined, left }];
    const middle = Math.floor((joined + left) / 2);
    const back = Math.min(left, middle + below(random, 20 * ticksPerSecond));
    return [
      { joined, left: middle },
      { joined: back, left },
    ];
  };
}

function around(
  random: Random,
  instant: GeneratorTicks,
  fromSeconds: number,
  toSeconds: number,
): GeneratorTicks {
  return instant + between(random, fromSeconds * ticksPerSecond, toSeconds * ticksPerSecond);
}
