/** When to try again: later and later for up to four hours, then no more (reference "Receive change notifications"). */

/** How long a notification is tried. */
export const retryForMs = 4 * 3_600_000;
const firstDelayMs = 10_000;
const longestDelayMs = 1_800_000;

export interface FailedDelivery {
  readonly nowMs: number;
  /** From 0 to 1: an endpoint that works again is not sent everything at once. */
  readonly random: number;
}

/**
 * @param attempts Deliveries that failed, one at least.
 * @param sinceMs When the notification was first due.
 * @returns When to try next; `undefined` when the time is up.
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
