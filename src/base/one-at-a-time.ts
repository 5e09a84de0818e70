/** Computes an expensive response once for all clients that request it concurrently. */

/** @param read Asked for a tenant only when it is not being asked for it already. */
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
