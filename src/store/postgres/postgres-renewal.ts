/** Rewrites blocks of an earlier release in a PostgreSQL store. */
import { blockStatements, type RenewedRange, type Renewed, type RenewalStore } from '../renewal.ts';
import { flagsOf } from '../rows.ts';
import { noStart } from './add-editions.ts';
import type { Connection } from './connection.ts';
import { keyOf } from './keys.ts';
import type { Tenants } from './tenants.ts';

export class PostgresRenewal implements RenewalStore {
  readonly #connection: Connection;
  readonly #tenants: Tenants;

  constructor(connection: Connection, tenants: Tenants) {
    this.#connection = connection;
    this.#tenants = tenants;
  }

  async first() {
    const row = await this.#connection.get('firstRenewal');
    if (row === undefined) return undefined;
    const after = (row[1] as Buffer).toString();
    return { tenantId: row[0] as string, after: after === '' ? undefined : after };
  }

  async put(tenantId: string, { heads, blocks }: Renewed, { after, to }: RenewedRange): Promise<void> {
    const tenant = (await this.#tenants.numberOf(tenantId)) ?? 0;
    await this.#connection.transaction(async (transaction) => {
      await transaction.get('lockTenant', tenant); // locked before its rows, in the same order as by writers that add calls
      for (const { edition, head } of heads) {
        const { edition: number, callId, call, version, startTicks = noStart } = edition;
        const [flags, { layout, crc }] = [flagsOf(head), head];
        await transaction.run('renewHead', tenant, keyOf(callId), version, number, crc, flags, layout);
        await transaction.run('renewListing', tenant, startTicks, call, number, crc, flags, layout);
      }
      for (const { callId, of, list, no, block } of blocks) {
        const { crc, layout } = block;
        const place = [tenant, keyOf(callId), list, no, crc] as const;
        await transaction.run(blockStatements[of], ...place, flagsOf(block), layout);
      }
      const next = to === undefined ? null : Buffer.from(to);
      await transaction.run('moveRenewal', tenant, next, Buffer.from(after ?? ''));
    });
  }
}
