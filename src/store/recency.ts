/** Computes how recent synced data is, from the state that the sync wrote. Every report uses these functions. */
import type { ListedSpan, UpstreamStore } from './upstream.ts';

/** The default limit on the age of the newest listing: a sync lists at least every hour. */
export const expectedLagMinutes = 180;

const ticksPerMs = 10_000n;

/**
 * Returns the newest span of calls that was listed completely; `undefined` when no sync ever listed calls, as after an
 * import.
 */
export async function newestListing(
  upstream: Pick<UpstreamStore, 'listed'>,
  tenantId: string,
): Promise<ListedSpan | undefined> {
  return (await upstream.listed(tenantId, 'calls')).at(-1);
}

/** Returns the time since the end of the newest listed span; `undefined` when nothing was listed. */
export async function listingLagMs(
  upstream: Pick<UpstreamStore, 'listed'>,
  tenantId: string,
  nowMs: number,
): Promise<number | undefined> {
  const newest = await newestListing(upstream, tenantId);
  return newest === undefined ? undefined : nowMs - Number(newest.before / ticksPerMs);
}

/**
 * Returns when the upstream subscription of a sync expires.
 *
 * @returns 0 until upstream has created it; `undefined` when no sync listens for notifications.
 */
export async function subscriptionEndMs(
  upstream: Pick<UpstreamStore, 'state'>,
  tenantId: string,
): Promise<number | undefined> {
  const text = await upstream.state(tenantId, 'subscription');
  // In the form that the subscription keeper writes.
  return text === undefined
    ? undefined
    : (JSON.parse(text) as { readonly expirationMs: number }).expirationMs;
}
