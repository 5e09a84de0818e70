/** Answers that cost the store more than others: each is worked out once for all who ask for it meanwhile. */

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
