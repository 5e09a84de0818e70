/** Implements leases in PostgreSQL. */
import { decideLease, type Lease, type LeaseRequest, type LeaseStore } from '../leases.ts';
import type { Connection } from './connection.ts';

export class PostgresLeases implements LeaseStore {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async acquire(name: string, request: LeaseRequest): Promise<Lease> {
    for (;;) {
      const known = await this.#lease(name);
      const lease = decideLease(known, request);
      if (lease === known) return known;
      const read = [known?.holder ?? null, known?.untilMs ?? null] as const;
      // No row means that another process was faster: its lease is valid.
      if (await this.#connection.get('setLease', name, lease.holder, lease.untilMs, ...read)) return lease;
    }
  }

  async release(name: string, holder: string): Promise<void> {
    await this.#connection.run('releaseLease', name, holder);
  }

  async #lease(name: string): Promise<Lease | undefined> {
    const row = await this.#connection.get('lease', name);
    return row && { holder: row[0] as string, untilMs: Number(row[1]) };
  }
}
