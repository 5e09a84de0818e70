/** Numbers of the tenants: a tenant keeps its number for ever. */
import type { Connection } from './connection.ts';

export class Tenants {
  readonly #connection: Connection;
  /** Those seen. */
  readonly #numbers = new Map<string, number>();
  /** Those that have a row to be locked by. */
  readonly #ready = new Set<number>();

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

  /** Before a transaction and not in it: whoever else meets the tenant first waits for one row only. */
  async add(tenantId: string): Promise<number> {
    let number = await this.numberOf(tenantId);
    if (number === undefined) {
      await this.#connection.run('addTenant', tenantId);
      number = (await this.numberOf(tenantId))!; // added just now, or by another a moment before
    }
    if (!this.#ready.has(number)) {
      await this.#connection.run('addTenantTally', number);
      this.#ready.add(number);
    }
    return number;
  }
}
