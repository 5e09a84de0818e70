/**
 * When a subscription with a lifecycle endpoint is challenged (`reauthorizationRequired`): Graph warns of the end before
 * it comes and leaves the frequency open. Here it is an hour before, or in the last quarter of a shorter life, then
 * every quarter of an hour until someone answers (reference "Reduce missing subscriptions and change notifications").
 */
import type { Subscription } from '../store/subscriptions.ts';

const leadMs = 3_600_000;
const againMs = 900_000;

type Challenged = Pick<Subscription, 'expirationTicks' | 'lifecycleNotificationUrl'>;

/** The first challenge of a subscription that is made, renewed or reauthorized. */
export function firstChallengeMs(subscription: Challenged, nowMs: number): number | undefined {
  const endMs = Number(subscription.expirationTicks / 10_000n);
  if (subscription.lifecycleNotificationUrl === null) return undefined;
  return Math.ceil(endMs - Math.min(leadMs, (endMs - nowMs) / 4));
}

/** The one after a challenge that is sent at this time. */
export function nextChallengeMs({ expirationTicks }: Challenged, nowMs: number): number | undefined {
  const nextMs = nowMs + againMs;
  return nextMs < Number(expirationTicks / 10_000n) ? nextMs : undefined;
}
