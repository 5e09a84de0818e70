/** Numbers of the tenants: a tenant keeps its number for ever. */
import { createByteCache } from '../../base/byte-cache.ts';
import type { Connection } from './connection.ts';

const maxBytes = 4 * 2 ** 20;

export class Tenants {
  readonly #connection: Connection;
  /** Those seen recently: some 10,000. */
  readonly #numbers = createByteCache<number>({ maxBytes });
  /** Those that have a row to be locked by, by their ids. */
  readonly #ready = createByteCache<number>({ maxBytes });

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** @returns `undefined` when the store has nothing of the tenant. */
  async numberOf(tenantId: string): Promise<number | undefined> {
    const known = this.#numbers.get(tenantId);
    if (known !== undefined) return known;
    const row = await this.#connection.get('tenant', tenantId);
    if (row === undefined) return undefined;
    const number = Number(row[0]);
    this.#numbers.set(tenantId, number);
    return number;
  }

  /** Runs before a transaction, not in it: another process that adds the same tenant waits for one row only. */
  async add(tenantId: string): Promise<number> {
    let number = await this.numberOf(tenantId);
    if (number === undefined) {
      await this.#connection.run('addTenant', tenantId);
      number = (await this.numberOf(tenantId))!; // added just now, or by another a moment before
    }
    if (!this.#ready.has(tenantId)) {
      await this.#connection.run('addTenantTally', number);
      this.#ready.set(tenantId, number);
    }
    return number;
  }
}
