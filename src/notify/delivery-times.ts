/** Response times allowed to an endpoint (page "Receive change notifications through webhooks", copy of 2026-04-22). */

export interface DeliveryTimes {
  /** For the first attempt to deliver a notification; a longer response is slow. */
  readonly firstMs: number;
  /** For each later attempt; a longer response is late. */
  readonly retryMs: number;
}

const graph: DeliveryTimes = { firstMs: 3000, retryMs: 10_000 };

/** Returns the allowed times. @param firstMs Replaces Graph's three seconds. */
export function deliveryTimes(firstMs = graph.firstMs): DeliveryTimes {
  return { firstMs, retryMs: Math.max(firstMs, graph.retryMs) };
}
