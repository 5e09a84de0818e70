/**
 * Computes when a subscription with a lifecycle endpoint is challenged (`reauthorizationRequired`). Graph warns before
 * the subscription expires and leaves the frequency open. Rollcall challenges an hour before, or in the last quarter of
 * a shorter lifetime, then every quarter of an hour until the application responds (reference "Reduce missing
 * subscriptions and change notifications").
 */
import type { Subscription } from '../store/subscriptions.ts';

const leadMs = 3_600_000;
const againMs = 900_000;

type Challenged = Pick<Subscription, 'expirationTicks' | 'lifecycleNotificationUrl'>;

/** Returns the time of the first challenge after a subscription is created, renewed or reauthorized. */
export function firstChallengeMs(subscription: Challenged, nowMs: number): number | undefined {
  const endMs = Number(subscription.expirationTicks / 10_000n);
  if (subscription.lifecycleNotificationUrl === null) return undefined;
  return Math.ceil(endMs - Math.min(leadMs, (endMs - nowMs) / 4));
}

/** Returns the time of the challenge that follows one sent at `nowMs`. */
export function nextChallengeMs({ expirationTicks }: Challenged, nowMs: number): number | undefined {
  const nextMs = nowMs + againMs;
  return nextMs < Number(expirationTicks / 10_000n) ? nextMs : undefined;
}
