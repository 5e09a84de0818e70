/** Writes the outcomes of notifications, many in one transaction, and retries until the store answers. */
import { countFailure } from '../base/background.ts';
import type { Clock } from '../base/clock.ts';
import type { Settlement, SubscriptionStore } from '../store/subscriptions.ts';

const retryMs = 1000;

interface Settling {
  /** Resolves when the outcomes are written, or when `stop` ends the retries. */
  settle(settlements: readonly Settlement[]): Promise<void>;
  stop(): void;
}

interface Waiting {
  readonly settlements: readonly Settlement[];
  readonly done: () => void;
}

export function createSettling(
  store: SubscriptionStore,
  clock: Clock,
  onError: (error: unknown) => void,
): Settling {
  let waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;
  const stopping = new AbortController();

  async function write(): Promise<void> {
    // Responses that arrive in the same event-loop tick are settled together.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await writeBatch(batch);
    }
    writing = undefined;
  }

  async function writeBatch(batch: readonly Waiting[]): Promise<void> {
    for (;;) {
      try {
        await store.settle(batch.flatMap(({ settlements }) => settlements));
        break;
      } catch (error) {
        // Unsettled entries stay taken; otherwise they would be sent repeatedly while the disk is full.
        countFailure('settlements');
        onError(error);
        if (stopping.signal.aborted) break;
        await clock.sleep(retryMs, stopping.signal);
      }
    }
    for (const { done } of batch) done();
  }

  return {
    settle(settlements) {
      if (settlements.length === 0) return Promise.resolve();
      return new Promise((done) => {
        waiting.push({ settlements, done });
        writing ??= write();
      });
    },
    stop: () => stopping.abort(),
  };
}
