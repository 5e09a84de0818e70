/**
 * The clock of a stage. It is moved from one waiter to the next, and each gets its turn before time goes on: who waits
 * again and again (a retry, a step of a scenario) finds every moment as if it had come by itself.
 */
import { type Clock, createMovableClock } from '../base/clock.ts';

export interface EmulatorClock extends Clock {
  /** Whether time passes by itself. */
  readonly isRunning: boolean;
  /** Resolves when the clock stands there and all that was due is done. */
  advance(ms: number): Promise<void>;
  /** The same from within what is waited for, by `onMoved`'s own key: it does not wait for itself. */
  advanceWithin(key: object, ms: number): Promise<void>;
  /** How many wait, and how long until the first is due. */
  waiting(): { readonly count: number; readonly nextMs: number | undefined };
  /**
   * @param done Asked before each move, which waits for it, and after the last.
   * @returns What ends that.
   */
  onMoved(key: object, done: () => Promise<void>): () => void;
}

/** A waiter that never waits would hold the clock for ever. */
const maxHops = 100_000;

/** @param running The clock whose passing time moves this one; absent for one that stands still until it is moved. */
export function createEmulatorClock(start: Date, running: Clock | undefined): EmulatorClock {
  const clock = createMovableClock(start, running);
  const waiters = new Map<object, () => Promise<void>>();
  let last = Promise.resolve();

  async function move(ms: number, within?: object): Promise<void> {
    const end = clock.now().getTime() + ms;
    // A delivery under way would find that its endpoint was too slow.
    await settle(within);
    for (let hops = 0; ; hops++) {
      const now = clock.now().getTime();
      const { nextMs = Infinity } = clock.waiting();
      const isLast = now + nextMs >= end || hops === maxHops;
      clock.advance(Math.max(0, isLast ? end - now : nextMs));
      await settle(within);
      if (isLast) return;
    }
  }

  async function settle(within: object | undefined): Promise<void> {
    await turn();
    for (const [key, done] of waiters) if (key !== within) await done();
  }

  return {
    now: clock.now,
    sleep: clock.sleep,
    waiting: clock.waiting,
    isRunning: running !== undefined,
    advance(ms) {
      last = last.then(() => move(ms));
      return last;
    },
    advanceWithin: (key, ms) => move(ms, key),
    onMoved(key, done) {
      waiters.set(key, done);
      return () => waiters.delete(key);
    },
  };
}

/** Lets whoever was woken run until it waits again for something of this process. */
async function turn(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}
