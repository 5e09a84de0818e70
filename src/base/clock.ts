/** Time as the program is given it: four hours of retries pass in a test as fast as its clock is moved. */

export interface Clock {
  readonly now: () => Date;
  /**
   * Resolves once so many milliseconds have passed by this clock.
   *
   * @param signal Ends the wait early; it then resolves too, for who waits looks at the signal anyway.
   */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** The longest delay a timer of Node's takes. */
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

/** A clock that can be moved on, and goes on by itself from where it stands when it is told to run. */
export interface MovableClock extends Clock {
  /** Moves the clock on; whoever waited for a moment passed is woken. */
  readonly advance: (ms: number) => void;
  /** How many wait, and how long until the first is due: for tests that move the clock to the next event. */
  readonly waiting: () => { readonly count: number; readonly nextMs: number | undefined };
}

interface Waiter {
  readonly dueMs: number;
  readonly wake: () => void;
}

/**
 * @param start Where the clock stands.
 * @param running The clock whose passing time moves this one; absent for a clock that stands still but for `advance`.
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
