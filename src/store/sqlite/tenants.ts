/** Assigns numbers to tenants: a tenant keeps its number. */
import { createByteCache } from '../../base/byte-cache.ts';
import type { Connection } from './connection.ts';

export class Tenants {
  readonly #connection: Connection;
  /** Cached numbers of some 10,000 tenants. */
  readonly #numbers = createByteCache<number>({ maxBytes: 4 * 2 ** 20 });

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Returns the number of a tenant.
   *
   * @returns `undefined` when the store has no data of the tenant.
   */
  numberOf(tenantId: string): number | undefined {
    const known = this.#numbers.get(tenantId);
    if (known !== undefined) return known;
    const number = this.#connection.get('tenant', tenantId)?.[0] as number | undefined;
    if (number !== undefined) this.#numbers.set(tenantId, number);
    return number;
  }

  /**
   * Returns the tenant with a number.
   *
   * @param number The number in a row.
   */
  idOf(number: number): string {
    return this.#connection.get('tenantId', number)?.[0] as string;
  }

  /** Adds a tenant within a transaction: its number is cached only when it is read after the commit. */
  add(tenantId: string): number {
    this.#connection.run('addTenant', tenantId);
    return this.#connection.get('tenant', tenantId)?.[0] as number;
  }
}
