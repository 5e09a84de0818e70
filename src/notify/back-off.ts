/**
 * Computes when to retry a notification: with growing delays for up to four hours (reference "Receive change
 * notifications").
 */

export const retryForMs = 4 * 3_600_000;
const firstDelayMs = 10_000;
const longestDelayMs = 1_800_000;

export interface FailedDelivery {
  readonly nowMs: number;
  /** From 0 to 1: spreads retries, so that a recovered endpoint does not receive everything at once. */
  readonly random: number;
}

/**
 * Returns the time of the next attempt; `undefined` when the retry period has ended.
 *
 * @param attempts Failed deliveries, at least one.
 * @param sinceMs When the notification was first due.
 */
export function nextAttemptMs(
  attempts: number,
  sinceMs: number,
  { nowMs, random }: FailedDelivery,
): number | undefined {
  const longest = Math.min(firstDelayMs * 2 ** (attempts - 1), longestDelayMs);
  const dueMs = nowMs + Math.round(longest / 2 + (random * longest) / 2);
  return dueMs <= sinceMs + retryForMs ? dueMs : undefined;
}
