/** Clocks that are passed to the code that needs time, so that a test can move hours forward at once. */

export interface Clock {
  readonly now: () => Date;
  /**
   * Resolves after this many milliseconds of this clock.
   *
   * @param signal Ends the wait early; the promise then resolves too, because callers check the signal anyway.
   */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Returns the milliseconds since 1970. */
export function nowOf({ clock }: { readonly clock: Pick<Clock, 'now'> }): number {
  return clock.now().getTime();
}

/** The longest delay that Node's timers accept. */
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, Math.min(Math.max(ms, 0), longestTimerMs));
      signal?.addEventListener('abort', end, { once: true });
    }),
};

/** A clock that can be moved forward, and that may also run with another clock. */
export interface MovableClock extends Clock {
  /** Moves the clock forward; every sleep that has ended by then resolves. */
  readonly advance: (ms: number) => void;
  /** Returns how many sleeps are pending and when the first ends: for tests that advance to the next event. */
  readonly waiting: () => { readonly count: number; readonly nextMs: number | undefined };
}

interface Waiter {
  readonly dueMs: number;
  readonly wake: () => void;
}

/**
 * Creates a movable clock.
 *
 * @param start The initial time.
 * @param running The clock that moves this one; without it, only `advance` does.
 */
export function createMovableClock(start: Date, running?: Clock): MovableClock {
  const waiters = new Set<Waiter>();
  const runningSince = running?.now().getTime() ?? 0;
  let movedMs = 0;
  const nowMs = () =>
    start.getTime() + movedMs + (running === undefined ? 0 : running.now().getTime() - runningSince);
  const wakeDue = () => {
    const now = nowMs();
    for (const waiter of [...waiters].sort((a, b) => a.dueMs - b.dueMs))
      if (waiter.dueMs <= now) waiter.wake();
  };
  return {
    now: () => new Date(nowMs()),
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError('The clock can only be moved forward.');
      movedMs += ms;
      wakeDue();
    },
    waiting: () => {
      const due = [...waiters].map(({ dueMs }) => dueMs);
      return { count: due.length, nextMs: due.length === 0 ? undefined : Math.min(...due) - nowMs() };
    },
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (ms <= 0 || signal?.aborted === true) {
          resolve();
          return;
        }
        const own = new AbortController();
        const waiter: Waiter = {
          dueMs: nowMs() + ms,
          wake() {
            waiters.delete(waiter);
            own.abort();
            signal?.removeEventListener('abort', waiter.wake);
            resolve();
          },
        };
        waiters.add(waiter);
        signal?.addEventListener('abort', waiter.wake, { once: true });
        void running?.sleep(ms, own.signal).then(wakeDue);
      }),
  };
}
