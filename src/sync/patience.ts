/** Tries again, after a while, what may be over by then. */
import type { Clock } from '../clock.ts';
import { isPassing, UpstreamFailure } from './failure.ts';

const waitsMs = [1000, 5000];
/** A wait that upstream asks for and that is longer is no pause any more: the call is put off instead. */
const longestWaitMs = 60_000;

export async function patiently<T>(clock: Clock, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      const waitMs = waitsMs[attempt];
      if (waitMs === undefined || !(error instanceof UpstreamFailure) || !isPassing(error)) throw error;
      const { retryAfterMs = 0 } = error;
      if (retryAfterMs > longestWaitMs) throw error;
      await clock.sleep(Math.max(waitMs, retryAfterMs), signal);
    }
  }
}
