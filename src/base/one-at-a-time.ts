/** Computes an expensive response once for all clients that request it concurrently. */

/** Shares one pending result per tenant. @param read Called for a tenant only when no call for it is pending. */
export function oneAtATime<T>(read: (tenantId: string) => Promise<T>): (tenantId: string) => Promise<T> {
  const underWay = new Map<string, Promise<T>>();
  return (tenantId) => {
    let reading = underWay.get(tenantId);
    if (reading === undefined) {
      reading = read(tenantId).finally(() => underWay.delete(tenantId));
      underWay.set(tenantId, reading);
    }
    return reading;
  };
}
