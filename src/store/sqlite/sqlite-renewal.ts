/** Rewrites blocks of an earlier release in a SQLite store. */
import { organizerContext } from '../../query/odata/context-url.ts';
import { listItemOf } from '../../wire/text/list-item.ts';
import { blockStatements, type RenewedRange, type Renewed, type RenewalStore } from '../renewal.ts';
import { flagsOf } from '../rows.ts';
import type { Connection } from './connection.ts';
import { itemCheck } from './list-items.ts';
import type { Tenants } from './tenants.ts';

export class SqliteRenewal implements RenewalStore {
  readonly #connection: Connection;
  readonly #tenants: Tenants;

  constructor(connection: Connection, tenants: Tenants) {
    this.#connection = connection;
    this.#tenants = tenants;
  }

  first() {
    const row = this.#connection.get('firstRenewal');
    if (row === undefined) return undefined;
    const [tenantId, after] = row as readonly [string, string];
    return { tenantId, after: after === '' ? undefined : after };
  }

  put(tenantId: string, { heads, blocks }: Renewed, { after, to }: RenewedRange): void {
    const tenant = this.#tenants.numberOf(tenantId) ?? 0;
    this.#connection.transaction(() => {
      for (const { edition, head } of heads) {
        const { edition: number, callId, call, startTicks } = edition;
        this.#connection.run('renewHead', flagsOf(head), head.layout, number, tenant, head.crc);
        if (startTicks === undefined) continue;
        const item = listItemOf(head, organizerContext(callId));
        const shown = [item.before, item.after ?? null, itemCheck(item)];
        this.#connection.run('renewItem', ...shown, tenant, startTicks, call, number);
      }
      for (const { of, list, no, block } of blocks)
        this.#connection.run(blockStatements[of], flagsOf(block), block.layout, tenant, list, no, block.crc);
      this.#connection.run('moveRenewal', to ?? null, tenant, after ?? '');
    });
  }
}
