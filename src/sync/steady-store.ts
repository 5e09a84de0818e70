/** A store that cannot write for a while (a full disk, a lock) delays a sync and loses nothing. */
import { countFailure } from '../background.ts';
import type { Clock } from '../clock.ts';
import { type Awaitable, StoreError } from '../store/store.ts';

export interface SteadyStoreOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Tries before it is given up; a sync that follows never does. */
  readonly tries: number;
  /** Told of each failure, and with `undefined` when the store works again. */
  readonly onTrouble: (error: StoreError | undefined) => void;
}

/** Asks the store until it answers. */
export type Steadily = <T>(ask: () => Awaitable<T>) => Promise<T>;

const shortestMs = 1000;
const longestMs = 60_000;

export function steadily({ clock, signal, tries, onTrouble }: SteadyStoreOptions): Steadily {
  return async (ask) => {
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await ask();
        if (attempt > 1) onTrouble(undefined);
        return answer;
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        countFailure('sync');
        onTrouble(error);
        if (attempt >= tries) throw error;
        await clock.sleep(Math.min(shortestMs * 2 ** (attempt - 1), longestMs), signal);
        signal.throwIfAborted();
      }
    }
  };
}
