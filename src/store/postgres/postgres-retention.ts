/** Dropping by time in PostgreSQL: what a call took is free for the next once the server has vacuumed. */
import { entityIds } from '../../text/open-block.ts';
import { ownLists, startsOf, tallyOfDropped } from '../dropped.ts';
import type { KeptSince, RetentionStore } from '../retention.ts';
import { blockOf } from '../rows.ts';
import type { Edition } from '../store.ts';
import { noStart } from './add-editions.ts';
import type { Connection, Transaction } from './connection.ts';
import { editionFrom } from './edition-text.ts';
import { idOf, keyOf } from './keys.ts';
import type { PostgresSearch } from './postgres-search.ts';
import type { Tenants } from './tenants.ts';

export class PostgresRetention implements RetentionStore {
  readonly #connection: Connection;
  readonly #tenants: Tenants;
  readonly #search: PostgresSearch;

  constructor(connection: Connection, tenants: Tenants, search: PostgresSearch) {
    this.#connection = connection;
    this.#tenants = tenants;
    this.#search = search;
  }

  async countBefore(tenantId: string, before: bigint): Promise<KeptSince> {
    const tenant = (await this.#tenants.numberOf(tenantId)) ?? 0;
    const [calls, fragments, logRows] = await Promise.all([
      this.#connection.get('countCallsBefore', tenant, before, noStart),
      this.#connection.get('countFragmentsBefore', tenant, before / 10_000n, noStart),
      this.#connection.get('countLogRowsBefore', tenant, before),
    ]);
    return { calls: Number(calls?.[0]) + Number(fragments?.[0]), logRows: Number(logRows?.[0]) };
  }

  async dropCalls(tenantId: string, before: bigint, limit: number): Promise<number> {
    const tenant = await this.#tenants.numberOf(tenantId);
    if (tenant === undefined) return 0;
    return this.#connection.transaction(async (transaction) => {
      const lock = await transaction.get('lockTenant', tenant);
      const search = this.#search.writer(transaction, tenant, lock);
      let rows = await transaction.all('callsBefore', tenant, before, limit, noStart);
      if (rows.length === 0)
        rows = await transaction.all('fragmentsBefore', tenant, before / 10_000n, limit, noStart);
      const tally = [0, 0, 0, 0, 0, 0];
      const dropped = new Dropped();
      for (const [key, longId] of rows) {
        const callId = idOf(key as Buffer, (longId as Buffer | null) ?? null);
        const editions = (await transaction.all('editionsOfCall', tenant, key as Buffer)).map((row) =>
          editionFrom(tenantId, callId, row[0]),
        );
        for (const [column, value] of tallyOfDropped(editions).entries()) tally[column]! += value;
        await dropped.add(transaction, tenant, key as Buffer, editions);
        const newest = editions.at(-1);
        if (newest?.startTicks !== undefined)
          search.remove({ startTicks: newest.startTicks, call: newest.call });
      }
      if (rows.length === 0) return 0;
      await dropped.run(transaction, tenant);
      await search.flush();
      await transaction.run('addTally', tenant, Number(lock?.[0] ?? 0), ...tally);
      return rows.length;
    });
  }

  async dropLogRows(tenantId: string, before: bigint, limit: number): Promise<number> {
    const tenant = (await this.#tenants.numberOf(tenantId)) ?? 0;
    return (await this.#connection.all('dropLogRows', tenant, before, limit)).length;
  }

  /** Autovacuum, or VACUUM, lets the space of deleted rows be written over (docs/retention.md). */
  erase(): boolean {
    return false;
  }

  async forgetUpstream(tenantId: string, before: bigint): Promise<void> {
    const tenant = (await this.#tenants.numberOf(tenantId)) ?? 0;
    await this.#connection.transaction(async (transaction) => {
      for (const statement of ['forgetWanted', 'forgetSpans', 'clipSpans'] as const)
        await transaction.run(statement, tenant, before);
    });
  }
}

/** What is dropped together, table by table. */
class Dropped {
  readonly #calls: Buffer[] = [];
  readonly #participants: { key: Buffer; start: bigint; call: bigint; list: bigint }[] = [];
  readonly #listings: { start: bigint; call: bigint }[] = [];

  async add(transaction: Transaction, tenant: number, key: Buffer, editions: readonly Edition[]) {
    this.#calls.push(key);
    const call = BigInt(editions[0]?.call ?? 0);
    const starts = startsOf(editions);
    for (const list of ownLists(editions).participants) {
      for (let no = 0; ; no++) {
        const row = await transaction.get('participantBlock', tenant, key, list, no);
        if (row === undefined) break;
        for (const id of entityIds(blockOf(row)))
          for (const start of starts)
            this.#participants.push({ key: keyOf(id), start, call, list: BigInt(list) });
      }
    }
    for (const { startTicks } of editions) this.#listings.push({ start: startTicks ?? noStart, call });
  }

  async run(transaction: Transaction, tenant: number): Promise<void> {
    const participants = this.#participants;
    await transaction.run(
      'dropParticipants',
      tenant,
      participants.map(({ key }) => key),
      participants.map(({ start }) => start),
      participants.map(({ call }) => call),
      participants.map(({ list }) => list),
    );
    await transaction.run(
      'dropListings',
      tenant,
      this.#listings.map(({ start }) => start),
      this.#listings.map(({ call }) => call),
    );
    for (const statement of [
      'dropParticipantBlocks',
      'dropSessionBlocks',
      'dropSegmentBlocks',
      'dropEditions',
      'dropWanted',
    ] as const)
      await transaction.run(statement, tenant, this.#calls);
  }
}
