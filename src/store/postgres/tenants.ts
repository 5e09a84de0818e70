/** Assigns numbers to tenants: a tenant keeps its number. */
import { createByteCache } from '../../base/byte-cache.ts';
import type { Connection } from './connection.ts';

const maxBytes = 4 * 2 ** 20;

export class Tenants {
  readonly #connection: Connection;
  /** Cached numbers of some 10,000 tenants. */
  readonly #numbers = createByteCache<number>({ maxBytes });
  /** Cached numbers of tenants with a row that can be locked. */
  readonly #ready = createByteCache<number>({ maxBytes });

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Returns the number of a tenant.
   *
   * @returns `undefined` when the store has no data of the tenant.
   */
  async numberOf(tenantId: string): Promise<number | undefined> {
    const known = this.#numbers.get(tenantId);
    if (known !== undefined) return known;
    const row = await this.#connection.get('tenant', tenantId);
    if (row === undefined) return undefined;
    const number = Number(row[0]);
    this.#numbers.set(tenantId, number);
    return number;
  }

  /**
   * Adds a tenant. It runs before a transaction, not in it, so that another process that adds the same tenant waits
   * only for one row.
   */
  async add(tenantId: string): Promise<number> {
    let number = await this.numberOf(tenantId);
    if (number === undefined) {
      await this.#connection.run('addTenant', tenantId);
      number = (await this.numberOf(tenantId))!; // added just now by this or another process
    }
    if (!this.#ready.has(tenantId)) {
      await this.#connection.run('addTenantTally', number);
      this.#ready.set(tenantId, number);
    }
    return number;
  }
}
