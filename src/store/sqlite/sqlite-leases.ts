/** Implements leases in SQLite. */
import { decideLease, type Lease, type LeaseRequest, type LeaseStore } from '../leases.ts';
import type { Connection } from './connection.ts';

export class SqliteLeases implements LeaseStore {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  acquire(name: string, request: LeaseRequest): Lease {
    const known = this.#lease(name);
    // A standby process polls often, so a refusal needs no lock.
    if (decideLease(known, request) === known) return known;
    return this.#connection.transaction(() => {
      const current = this.#lease(name);
      const lease = decideLease(current, request);
      if (lease !== current) this.#connection.run('setLease', name, lease.holder, lease.untilMs);
      return lease;
    });
  }

  release(name: string, holder: string): void {
    this.#connection.run('releaseLease', name, holder);
  }

  #lease(name: string): Lease | undefined {
    const row = this.#connection.get('lease', name);
    return row && { holder: row[0] as string, untilMs: Number(row[1]) };
  }
}
