/** Drops data by time in PostgreSQL: the space of a dropped call is reused after the server has vacuumed. */
import { otherKeysOf, writtenKeysOf } from '../../contract/ids.ts';
import { entityIds } from '../../wire/text/open-block.ts';
import { type DroppedCall, droppedCall } from '../dropped.ts';
import type { DroppedCalls, RetentionWatermark, RetentionStore } from '../retention.ts';
import { blockOf, type Row } from '../rows.ts';
import { unlessDamaged } from '../store-errors.ts';
import { addTally, noTally } from '../tally.ts';
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

  async countBefore(tenantId: string, before: bigint): Promise<RetentionWatermark> {
    const tenant = (await this.#tenants.numberOf(tenantId)) ?? 0;
    const [calls, fragments, logRows] = await Promise.all([
      this.#connection.get('countCallsBefore', tenant, before, noStart),
      this.#connection.get('countFragmentsBefore', tenant, before / 10_000n, noStart),
      this.#connection.get('countLogRowsBefore', tenant, before),
    ]);
    return { calls: Number(calls?.[0]) + Number(fragments?.[0]), logRows: Number(logRows?.[0]) };
  }

  async dropCalls(
    tenantId: string,
    before: bigint,
    limit: number,
    except: ReadonlySet<string> = new Set(),
  ): Promise<DroppedCalls> {
    const tenant = await this.#tenants.numberOf(tenantId);
    if (tenant === undefined) return { calls: 0, damaged: [] };
    return this.#connection.transaction(async (transaction) => {
      const lock = await transaction.get('lockTenant', tenant);
      const search = this.#search.writer(transaction, tenant, lock);
      const most = limit + except.size;
      const unlessExcept = (rows: readonly Row[]) =>
        rows.map(callOf).filter(({ callId }) => !except.has(callId));
      let calls = unlessExcept(await transaction.all('callsBefore', tenant, before, most, noStart));
      if (calls.length === 0)
        calls = unlessExcept(
          await transaction.all('fragmentsBefore', tenant, before / 10_000n, most, noStart),
        );
      calls = calls.slice(0, limit);
      const damaged: string[] = [];
      const tally = noTally();
      const dropped = new Dropped();
      for (const { key, callId } of calls) {
        const rows = await transaction.all('editionsOfCall', tenant, key);
        const call = unlessDamaged(() =>
          droppedCall(rows.map((row) => editionFrom(tenantId, callId, row[0]))),
        );
        if (call === undefined) {
          damaged.push(callId);
          continue;
        }
        addTally(tally, call.tally);
        await dropped.add(transaction, tenant, { key, callId }, call);
        if (call.found !== undefined) search.remove(call.found);
      }
      if (calls.length === damaged.length) return { calls: 0, damaged };
      await dropped.run(transaction, tenant);
      await search.flush();
      await transaction.run('addTally', tenant, Number(lock?.[0] ?? 0), ...tally);
      return { calls: calls.length - damaged.length, damaged };
    });
  }

  async dropLogRows(tenantId: string, before: bigint, limit: number): Promise<number> {
    const tenant = (await this.#tenants.numberOf(tenantId)) ?? 0;
    return (await this.#connection.all('dropLogRows', tenant, before, limit)).length;
  }

  async dropQuarantined(tenantId: string, before: bigint): Promise<number> {
    const tenant = (await this.#tenants.numberOf(tenantId)) ?? 0;
    const beforeMs = before / 10_000n;
    return this.#connection.transaction(async (transaction) => {
      const keys = (await transaction.all('quarantinedCallsBefore', tenant, beforeMs)).map(
        ([key]) => key as Buffer,
      );
      const held = (await transaction.all('heldOfCalls', tenant, keys)).map(([key]) => key as Buffer);
      const gone = keys.filter((key) => !held.some((one) => one.equals(key)));
      return (await transaction.all('dropQuarantinedBefore', tenant, beforeMs, gone)).length;
    });
  }

  /** Autovacuum, or VACUUM, frees the space of deleted rows (docs/retention.md). */
  erase(): boolean {
    return false;
  }

  async forgetUpstream(tenantId: string, before: bigint): Promise<void> {
    const tenant = (await this.#tenants.numberOf(tenantId)) ?? 0;
    await this.#connection.transaction(async (transaction) => {
      for (const statement of ['forgetPending', 'forgetSpans', 'clipSpans'] as const)
        await transaction.run(statement, tenant, before);
    });
  }
}

/**
 * Returns a call's id and key.
 *
 * @param row The columns of a call's id.
 */
function callOf([key, longId]: Row) {
  return { key: key as Buffer, callId: idOf(key as Buffer, (longId as Buffer | null) ?? null) };
}

/** Collects what is dropped together, by table. */
class Dropped {
  readonly #calls: Buffer[] = [];
  /** Keys that rows of the calls may have in the fetch queue and in the quarantine. */
  readonly #anyKeys: Buffer[] = [];
  readonly #participants: { key: Buffer; start: bigint; call: bigint; list: bigint }[] = [];
  readonly #listings: { start: bigint; call: bigint }[] = [];

  async add(
    transaction: Transaction,
    tenant: number,
    { key, callId }: { readonly key: Buffer; readonly callId: string },
    dropped: DroppedCall,
  ) {
    this.#calls.push(key);
    this.#anyKeys.push(key, ...otherKeysOf(callId).map(keyOf));
    const call = BigInt(dropped.call);
    for (const { list, count } of dropped.participants) {
      const blocks: Row[] = [];
      for (let row; (row = await transaction.get('participantBlock', tenant, key, list, blocks.length));)
        blocks.push(row);
      const ids = unlessDamaged(() => blocks.flatMap((row) => entityIds(blockOf(row))));
      if (ids?.length === count) {
        for (const id of ids.flatMap((one) => (one === undefined ? [] : writtenKeysOf(one))))
          for (const start of dropped.starts)
            this.#participants.push({ key: keyOf(id), start: start ?? 0n, call, list: BigInt(list) });
      } else await transaction.run('dropParticipantsOfList', tenant, call, list);
    }
    for (const start of dropped.starts) this.#listings.push({ start: start ?? noStart, call });
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
    ] as const)
      await transaction.run(statement, tenant, this.#calls);
    for (const statement of ['dropPending', 'dropQuarantinedOfCalls'] as const)
      await transaction.run(statement, tenant, this.#anyKeys);
  }
}
