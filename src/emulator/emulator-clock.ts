/**
 * The clock of the emulator. It advances from one timer to the next and lets the code behind each run before it continues,
 * so that repeated waits (retries, steps of a scenario) see every moment as they would in real time.
 */
import { type Clock, createMovableClock } from '../base/clock.ts';

export interface EmulatorClock extends Clock {
  /** True when the clock follows real time. */
  readonly isRunning: boolean;
  /** Resolves when the clock has advanced and all due work is done. */
  advance(ms: number): Promise<void>;
  /** The same for the work registered under a key of `onMoved`: it does not wait for itself. */
  advanceWithin(key: object, ms: number): Promise<void>;
  /** Returns the number of timers, and the time until the first is due. */
  waiting(): { readonly count: number; readonly nextMs: number | undefined };
  /** Registers work that the clock waits for around each move. @returns Removes the registration. */
  onMoved(key: object, done: () => Promise<void>): () => void;
}

/** A limit on moves: a timer that is always due would hold the clock forever. */
const maxHops = 100_000;

/** @param running The clock that this one follows; absent for one that stands still until it is advanced. */
export function createEmulatorClock(start: Date, running: Clock | undefined): EmulatorClock {
  const clock = createMovableClock(start, running);
  const waiters = new Map<object, () => Promise<void>>();
  let last = Promise.resolve();

  async function move(ms: number, within?: object): Promise<void> {
    const end = clock.now().getTime() + ms;
    // A delivery in progress would time out.
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

/** Lets woken code run until it waits again. */
async function turn(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}
