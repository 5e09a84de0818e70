/** Implements leases for both engines. */
import { decideLease, type LeaseStore } from './leases.ts';
import { all, type Database, one } from './steps.ts';

export function createLeases(database: Database): LeaseStore {
  return {
    acquire: (name, request) =>
      database.read(function* () {
        for (;;) {
          const known = yield* one('lease', name);
          const lease = decideLease(known, request);
          if (lease === known) return known;
          const read = [known?.holder ?? null, known?.untilMs ?? null] as const;
          // No row means that another process was faster: its lease is valid.
          if (yield* one('setLease', name, lease.holder, lease.untilMs, ...read)) return lease;
        }
      }),
    release: (name, holder) =>
      database.read(function* () {
        yield* all('releaseLease', name, holder);
      }),
  };
}
