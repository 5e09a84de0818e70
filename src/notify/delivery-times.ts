/** How long an endpoint may take (page "Receive change notifications through webhooks", copy of 2026-04-22). */

export interface DeliveryTimes {
  /** For the first attempt to deliver a notification; an answer that takes longer is slow. */
  readonly firstMs: number;
  /** For each attempt after that; an answer that takes longer is late. */
  readonly retryMs: number;
}

const graph: DeliveryTimes = { firstMs: 3000, retryMs: 10_000 };

/** @param firstMs In place of Graph's three seconds. */
export function deliveryTimes(firstMs = graph.firstMs): DeliveryTimes {
  return { firstMs, retryMs: Math.max(firstMs, graph.retryMs) };
}
