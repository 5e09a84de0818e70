/** Numbers of the tenants: a tenant keeps its number for ever. */
import { createByteCache } from '../../base/byte-cache.ts';
import type { Connection } from './connection.ts';

export class Tenants {
  readonly #connection: Connection;
  /** Those seen recently: some 10,000. */
  readonly #numbers = createByteCache<number>({ maxBytes: 4 * 2 ** 20 });

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** @returns `undefined` when the store has nothing of the tenant. */
  numberOf(tenantId: string): number | undefined {
    const known = this.#numbers.get(tenantId);
    if (known !== undefined) return known;
    const number = this.#connection.get('tenant', tenantId)?.[0] as number | undefined;
    if (number !== undefined) this.#numbers.set(tenantId, number);
    return number;
  }

  /** @returns What tenant a number is of: rows have it. */
  idOf(number: number): string {
    return this.#connection.get('tenantId', number)?.[0] as string;
  }

  /** Inside a transaction: the number is remembered only when it is read again, after the transaction has ended well. */
  add(tenantId: string): number {
    this.#connection.run('addTenant', tenantId);
    return this.#connection.get('tenant', tenantId)?.[0] as number;
  }
}
