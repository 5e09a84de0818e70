/**
 * Tries again what may succeed later. What fails, who tries it again, and for how long:
 *
 * | what fails                                | who tries again                                  | `sync`                                            | `sync --once`           |
 * | ----------------------------------------- | ------------------------------------------------ | ------------------------------------------------- | ----------------------- |
 * | a request, in passing                     | `requestRetry`, in whatever sends it             | after 1 s and 5 s                                 | likewise                |
 * | several requests in a row, or every one   | `TenantGate`: nothing is sent for a while        | after 2 s, doubling to 5 min, for ever            | gives up after 6        |
 * | a call, or a list of it                   | the queue: `afterFailure` says when it is due    | for a day while it is not there; else for ever    | gives up after 4        |
 * | pages that do not end, or that upstream   | the queue, likewise                              | after 10 min, for ever                            | the next one            |
 * | itself has not received                   |                                                  |                                                   |                         |
 * | the list of calls                         | `listRetry`: it goes on where it broke off       | after 60 s at most, for ever                      | gives up after 4        |
 * | a log                                     | the next reading of the logs                     | within the hour                                   | not                     |
 * | the subscription                          | `subscriptionRetry`                              | after 30 s, for ever                              | has none                |
 * | the store                                 | `storeRetry`, around each question               | after 1 s, doubling to 60 s, for ever             | gives up after 8        |
 * | the renewal of the lease                  | `TenantSync`, until the lease ends               | then it waits for the lease, as on standby        | for 15 s                |
 */
import { countFailure } from '../../base/background.ts';
import type { Clock } from '../../base/clock.ts';
import type { Awaitable } from '../../base/awaitable.ts';
import { StoreError } from '../../store/store-errors.ts';
import { isWorthRepeating, UpstreamFailure } from './failure.ts';

interface RetryRule {
  /** @returns How long to wait before the next attempt; `undefined` when there is none. */
  readonly waitMs: (error: unknown, attempt: number) => number | undefined;
}

interface RetryClock {
  readonly clock: Clock;
  /** Ends the wait, and the attempts. */
  readonly signal: AbortSignal;
}

/** @throws What the last attempt threw; the reason of the signal, when that ended the wait. */
export async function withRetry<T>(
  work: () => Awaitable<T>,
  { clock, signal, waitMs }: RetryClock & RetryRule,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const ms = waitMs(error, attempt);
      if (ms === undefined) throw error;
      await clock.sleep(ms, signal);
      signal.throwIfAborted();
    }
  }
}

/** A sync that ends gives up on one call, on the list, on upstream and on the store after so many attempts. */
export const attemptsOfOnce = { call: 4, list: 4, upstream: 6, store: 8 };

const requestWaitsMs = [1000, 5000];
/** A wait that upstream asks for and that is longer is no pause any more: what it is for is put off instead. */
const longestRequestWaitMs = 60_000;

export const requestRetry: RetryRule = {
  waitMs(error, attempt) {
    const waitMs = requestWaitsMs[attempt - 1];
    if (waitMs === undefined || !(error instanceof UpstreamFailure) || !isWorthRepeating(error))
      return undefined;
    const { retryAfterMs = 0 } = error;
    return retryAfterMs > longestRequestWaitMs ? undefined : Math.max(waitMs, retryAfterMs);
  },
};

/** The same, but for a response that is not JSON: for who has just received one in answer to the like. */
export const transportRetry: RetryRule = {
  waitMs: (error, attempt) =>
    error instanceof UpstreamFailure && error.isOfContent ? undefined : requestRetry.waitMs(error, attempt),
};

/** Asks the store until it answers. */
export type AskStore = <T>(ask: () => Awaitable<T>) => Promise<T>;

const shortestStoreWaitMs = 1000;
const longestStoreWaitMs = 60_000;

/**
 * A store that cannot write for a while (a full disk, a lock) delays a sync and loses nothing.
 *
 * @param onError Called with each failure, and with `undefined` when the store works again.
 */
export function storeRetry(
  attempts: number,
  retryClock: RetryClock,
  onError: (error: StoreError | undefined) => void,
): AskStore {
  return async (ask) => {
    let failures = 0;
    const answer = await withRetry(ask, {
      ...retryClock,
      waitMs(error, attempt) {
        if (!(error instanceof StoreError)) return undefined;
        failures++;
        countFailure('sync');
        onError(error);
        return attempt < attempts ? doubled(shortestStoreWaitMs, attempt, longestStoreWaitMs) : undefined;
      },
    });
    if (failures > 0) onError(undefined);
    return answer;
  };
}

function doubled(firstMs: number, attempt: number, longestMs: number): number {
  return Math.min(firstMs * 2 ** (attempt - 1), longestMs);
}

const afterFailedListMs = 60_000;
/** An answer that cannot be used is the same a minute later, as a rule. */
const afterUnreadListMs = 600_000;

/** @param onError Called with each failure. @param reconcileMs How often the list is asked for anyway. */
export function listRetry(
  reconcileMs: number | undefined,
  onError: (failure: UpstreamFailure) => void,
): RetryRule {
  return {
    waitMs(error) {
      if (!(error instanceof UpstreamFailure)) return undefined;
      onError(error);
      const waitMs = error.isOfContent ? afterUnreadListMs : afterFailedListMs;
      return Math.min(waitMs, reconcileMs ?? waitMs);
    },
  };
}

/** Has no waits: the gate waits. An answer that cannot be used was asked for in every smaller span already. */
export const listOnceRetry: RetryRule = {
  waitMs: (error, attempt) =>
    error instanceof UpstreamFailure &&
    !error.isOfContent &&
    (attempt < attemptsOfOnce.list || error.concernsTenant)
      ? 0
      : undefined,
};

const afterFailedSubscriptionMs = 30_000;

/** @param onError Called with each failure. */
export function subscriptionRetry(onError: (failure: UpstreamFailure) => void): RetryRule {
  return {
    waitMs(error) {
      if (!(error instanceof UpstreamFailure)) return undefined;
      onError(error);
      return Math.max(afterFailedSubscriptionMs, error.retryAfterMs ?? 0);
    },
  };
}
