/** Implements the oracle's leases. */
import { decideLease, type Lease, type LeaseStore } from '../../../src/store/leases.ts';

export function oracleLeases(): LeaseStore {
  const leases = new Map<string, Lease>();
  return {
    acquire(name, request) {
      const lease = decideLease(leases.get(name), request);
      leases.set(name, lease);
      return lease;
    },
    release(name, holder) {
      if (leases.get(name)?.holder === holder) leases.delete(name);
    },
  };
}
