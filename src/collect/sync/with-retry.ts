/**
 * Retries operations that may succeed later. The table shows what fails, what retries it, and for how long:
 *
 * | what fails                                    | what retries                                | `sync`                                       | `sync --once`    |
 * | --------------------------------------------- | ------------------------------------------- | -------------------------------------------- | ---------------- |
 * | one request, temporarily                      | `requestRetry`, in the sender               | after 1 s and 5 s                            | as `sync`        |
 * | several requests in a row, or all             | `CircuitBreaker`: sends nothing for a while | after 2 s, doubling to 5 min, no limit       | gives up after 6 |
 * | a call, or a list of it                       | the queue: `afterFailure` sets the due time | for a day while it is missing; else no limit | gives up after 4 |
 * | pages that do not end, or that upstream lacks | the queue, likewise                         | after 10 min, no limit                       | in the next run  |
 * | the list of calls                             | `listRetry`: resumes where it stopped       | after at most 60 s, no limit                 | gives up after 4 |
 * | a log                                         | the next read of the logs                   | within an hour                               | no retry         |
 * | the subscription                              | `subscriptionRetry`                         | after 30 s, no limit                         | has none         |
 * | the store                                     | `storeRetry`, around each query             | after 1 s, doubling to 60 s, no limit        | gives up after 8 |
 * | the renewal of the lease                      | `TenantSync`, until the lease ends          | then waits for the lease, as on standby      | for 15 s         |
 */
import { countFailure } from '../../base/background.ts';
import type { Clock } from '../../base/clock.ts';
import type { Awaitable } from '../../base/awaitable.ts';
import { StoreError } from '../../store/store-errors.ts';
import { isWorthRepeating, UpstreamFailure } from './failure.ts';

/** Returns the wait before the next attempt; `undefined` to give up. */
type RetryRule = (error: unknown, attempt: number) => number | undefined;

interface RetryClock {
  readonly clock: Clock;
  /** Ends the wait and the attempts. */
  readonly signal: AbortSignal;
}

/**
 * Runs an operation with retries. @throws The error of the last attempt; the signal's reason when it ended the wait.
 */
export async function withRetry<T>(
  work: () => Awaitable<T>,
  { clock, signal }: RetryClock,
  waitMs: RetryRule,
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

/** Maximum attempts of `--once` for one call, the list, upstream and the store. */
export const attemptsOfOnce = { call: 4, list: 4, upstream: 6, store: 8 };

const requestWaitsMs = [1000, 5000];
/** The longest `Retry-After` that is waited for; after a longer one the work is postponed instead. */
const longestRequestWaitMs = 60_000;

export const requestRetry: RetryRule = (error, attempt) => {
  const waitMs = requestWaitsMs[attempt - 1];
  if (waitMs === undefined || !(error instanceof UpstreamFailure) || !isWorthRepeating(error))
    return undefined;
  const { retryAfterMs = 0 } = error;
  return retryAfterMs > longestRequestWaitMs ? undefined : Math.max(waitMs, retryAfterMs);
};

/** As `requestRetry`, without a retry for a response that is not JSON, for callers that just received one. */
export const transportRetry: RetryRule = (error, attempt) =>
  error instanceof UpstreamFailure && error.isOfContent ? undefined : requestRetry(error, attempt);

/** Queries the store until it responds. */
export type AskStore = <T>(ask: () => Awaitable<T>) => Promise<T>;

const shortestStoreWaitMs = 1000;
const longestStoreWaitMs = 60_000;

/**
 * Retries a store that cannot write temporarily (a full disk, a lock): the sync is delayed and loses nothing.
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
    const answer = await withRetry(ask, retryClock, (error, attempt) => {
      if (!(error instanceof StoreError)) return undefined;
      failures++;
      countFailure('sync');
      onError(error);
      const waitMs = Math.min(shortestStoreWaitMs * 2 ** (attempt - 1), longestStoreWaitMs);
      return attempt < attempts ? waitMs : undefined;
    });
    if (failures > 0) onError(undefined);
    return answer;
  };
}

const afterFailedListMs = 60_000;
/** The wait after an unusable response, which usually does not change within a minute. */
const afterUnreadListMs = 600_000;

/** Creates the rule for lists. @param onError Called with each failure. @param reconcileMs The interval of listings. */
export function listRetry(
  reconcileMs: number | undefined,
  onError: (failure: UpstreamFailure) => void,
): RetryRule {
  return (error) => {
    if (!(error instanceof UpstreamFailure)) return undefined;
    onError(error);
    const waitMs = error.isOfContent ? afterUnreadListMs : afterFailedListMs;
    return Math.min(waitMs, reconcileMs ?? waitMs);
  };
}

/**
 * The rule of `--once`. It has no waits, because the circuit breaker waits. Unusable lists were already requested in
 * smaller spans.
 */
export const listOnceRetry: RetryRule = (error, attempt) => {
  if (!(error instanceof UpstreamFailure) || error.isOfContent) return undefined;
  return attempt < attemptsOfOnce.list || error.concernsTenant ? 0 : undefined;
};

const afterFailedSubscriptionMs = 30_000;

/** Creates the rule for subscriptions. @param onError Called with each failure. */
export function subscriptionRetry(onError: (failure: UpstreamFailure) => void): RetryRule {
  return (error) => {
    if (!(error instanceof UpstreamFailure)) return undefined;
    onError(error);
    return Math.max(afterFailedSubscriptionMs, error.retryAfterMs ?? 0);
  };
}
