/** What a transaction adds to the counts of days, and takes from them. */
import type { Health } from '../wire/text/session-health.ts';
import type { Row } from './rows.ts';
import { type DayCounts, dayOf, sizeBucket, sizeBuckets } from './search.ts';

interface CountedCall {
  readonly startTicks: bigint;
  readonly participants: number;
  readonly health: Health;
}

const sizes = sizeBuckets.map((_, i) => `size_${i}`);
/** Columns of the counts, in the order of their values. */
export const dayColumns = ['calls', 'participants', 'failed', 'poor', ...sizes];

/** Days, each with its counts in the order of their columns. */
export type DayTallies = readonly (readonly [day: number, counts: readonly number[]])[];

export class DayTally {
  readonly #days = new Map<number, number[]>();

  count({ startTicks, participants, health }: CountedCall, by: 1 | -1): void {
    const counts = this.#of(dayOf(startTicks));
    counts[0]! += by;
    counts[1]! += by * participants;
    counts[2]! += by * Number(health.failed);
    counts[3]! += by * Number(health.poor);
    counts[4 + sizeBucket(participants)]! += by;
  }

  add(days: DayTallies): void {
    for (const [day, added] of days) {
      const counts = this.#of(day);
      for (const [column, count] of added.entries()) counts[column]! += count;
    }
  }

  /** Returns the counts in the order of the days, and starts from zero. */
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

/** @param row The day and its counts. */
export function dayCountsOf(row: Row): DayCounts {
  const [day = 0, calls = 0, participants = 0, failed = 0, poor = 0, ...sizes] = row.map(Number);
  return { day, calls, participants, failed, poor, sizes };
}
