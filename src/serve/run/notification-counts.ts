/** Counts accepted and rejected notifications for the metrics, and logs the rejected ones without their content. */
import type { Clock } from '../../base/clock.ts';
import type { NotificationCounts } from '../http/notification-listener.ts';
import type { Log } from '../../base/log.ts';

/** The minimum interval between two lines about rejected notifications, because anyone can send them. */
const betweenLinesMs = 60_000;

export class NotificationCounter {
  readonly #log: Log;
  readonly #clock: Clock;
  #counts: NotificationCounts = none;
  #logged: NotificationCounts = none;
  #loggedMs = Number.NEGATIVE_INFINITY;

  constructor(log: Log, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** Counts since the start of the process. */
  get counts(): NotificationCounts {
    return this.#counts;
  }

  add(more: NotificationCounts): void {
    const sum = combined(this.#counts, more, 1);
    this.#counts = sum;
    const { taken, ...refused } = combined(sum, this.#logged, -1);
    const nowMs = this.#clock.now().getTime();
    const isAnyRefused = Object.values(refused).some((count) => count > 0);
    if (!isAnyRefused || nowMs - this.#loggedMs < betweenLinesMs) return;
    this.#logged = sum;
    this.#loggedMs = nowMs;
    this.#log.write(
      'warn',
      'Some notifications were refused: they are not of a subscription of this store.',
      { ...refused, taken },
    );
  }
}

const none: NotificationCounts = { taken: 0, otherForm: 0, unknownClientState: 0, noCall: 0 };

function combined(one: NotificationCounts, other: NotificationCounts, sign: 1 | -1): NotificationCounts {
  const names = Object.keys(none) as (keyof NotificationCounts)[];
  const sums = names.map((name) => [name, one[name] + sign * other[name]]);
  return Object.fromEntries(sums) as NotificationCounts; // has every name
}
