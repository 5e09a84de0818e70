/** Collects what a transaction adds to the daily counts and subtracts from them. */
import { outcomes } from '../contract/call-outcome.ts';
import { reasonKinds } from '../contract/failure.ts';
import type { Health } from '../wire/text/session-health.ts';
import type { Row } from './rows.ts';
import { type DayCounts, dayOf, sizeBucket, sizeBuckets } from './search.ts';

interface CountedCall {
  readonly startTicks: bigint;
  readonly participants: number;
  readonly health: Pick<Health, 'outcome' | 'reasons' | 'poor'>;
}

const sizes = sizeBuckets.map((_, i) => `size_${i}`);
const ended = outcomes.map((_, i) => `outcome_${i}`);
const reasons = reasonKinds.map((_, i) => `reason_${i}`);
/** Columns of the counts, in the order in which their values are stored. */
export const dayColumns = ['calls', 'participants', 'poor', ...sizes, ...ended, ...reasons];
const sizesAt = 3;
const endedAt = sizesAt + sizes.length;
const reasonsAt = endedAt + ended.length;

/** Days, each with its counts in the order of `dayColumns`. */
export type DayTallies = readonly (readonly [day: number, counts: readonly number[]])[];

export class DayTally {
  readonly #days = new Map<number, number[]>();

  count({ startTicks, participants, health }: CountedCall, by: 1 | -1): void {
    const counts = this.#of(dayOf(startTicks));
    counts[0]! += by;
    counts[1]! += by * participants;
    counts[2]! += by * Number(health.poor);
    counts[sizesAt + sizeBucket(participants)]! += by;
    counts[endedAt + outcomes.indexOf(health.outcome)]! += by;
    for (const kind of health.reasons) counts[reasonsAt + reasonKinds.indexOf(kind)]! += by;
  }

  add(days: DayTallies): void {
    for (const [day, added] of days) {
      const counts = this.#of(day);
      for (const [column, count] of added.entries()) counts[column]! += count;
    }
  }

  /** Returns the counts ordered by day, and resets them to zero. */
  take(): DayTallies {
    const days = [...this.#days].sort(([a], [b]) => a - b);
    this.#days.clear();
    return days;
  }

  #of(day: number): number[] {
    let counts = this.#days.get(day);
    if (counts === undefined) {
      counts = dayColumns.map(() => 0);
      this.#days.set(day, counts);
    }
    return counts;
  }
}

/**
 * Returns the counts in a row.
 *
 * @param row The day and its counts.
 */
export function dayCountsOf(row: Row): DayCounts {
  const [day = 0, calls = 0, participants = 0, poor = 0, ...counts] = row.map(Number);
  const part = (from: number, to?: number) => counts.slice(from - sizesAt, to && to - sizesAt);
  return {
    ...{ day, calls, participants, poor },
    sizes: part(sizesAt, endedAt),
    outcomes: part(endedAt, reasonsAt),
    reasons: part(reasonsAt),
  };
}
