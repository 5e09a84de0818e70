/** Computes how recent synced data is, from what the sync wrote. Every report uses the same words. */
import type { ListedSpan, UpstreamStore } from './upstream.ts';

/** The default limit on how far the end of the listed span may be behind: a sync lists at least every hour. */
export const expectedLagMinutes = 180;

const ticksPerMs = 10_000n;

/** The newest span of calls that was listed to its end; `undefined` where nothing was ever listed: calls were imported. */
export async function newestListing(
  upstream: Pick<UpstreamStore, 'listed'>,
  tenantId: string,
): Promise<ListedSpan | undefined> {
  return (await upstream.listed(tenantId, 'calls')).at(-1);
}

/** Since the end of what was listed; `undefined` where nothing was. */
export async function listingLagMs(
  upstream: Pick<UpstreamStore, 'listed'>,
  tenantId: string,
  nowMs: number,
): Promise<number | undefined> {
  const newest = await newestListing(upstream, tenantId);
  return newest === undefined ? undefined : nowMs - Number(newest.before / ticksPerMs);
}

/**
 * When the subscription ends that a sync keeps at upstream.
 *
 * @returns 0 until upstream has made it; `undefined` where no sync listens for notifications.
 */
export async function subscriptionEndMs(
  upstream: Pick<UpstreamStore, 'state'>,
  tenantId: string,
): Promise<number | undefined> {
  const text = await upstream.state(tenantId, 'subscription');
  // As the keeper of the subscription writes it.
  return text === undefined
    ? undefined
    : (JSON.parse(text) as { readonly expirationMs: number }).expirationMs;
}
