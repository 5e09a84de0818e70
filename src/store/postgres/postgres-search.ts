/** Finds calls in a PostgreSQL store, and writes its search index. */
import { Fault } from '../../contract/faults.ts';
import { OpenBlocks } from '../../wire/text/open-block.ts';
import type { EntryReader } from '../call-entries.ts';
import { dayCountsOf } from '../daily-stats.ts';
import { findCalls, type SearchLimits } from '../find-calls.ts';
import { PeopleWords } from '../tokenizer.ts';
import type { IndexedEdition } from '../indexed-edition.ts';
import type { Row } from '../rows.ts';
import type { CallSearch, DayCounts, FoundCall, FoundPage, SearchStore } from '../search.ts';
import { CallDamaged } from '../store-errors.ts';
import type { CallPosition } from '../call-list.ts';
import { underKeysLater } from '../under-keys.ts';
import { indexedEditionOf } from '../edition-decisions.ts';
import { noStart } from './add-editions.ts';
import type { Connection, StatementRunner, Transaction } from './connection.ts';
import { editionFrom } from './edition-text.ts';
import { idOf, keyOf } from './keys.ts';
import { candidateOf, TenantIndex } from './search-index.ts';
import { SearchWriter } from './search-writer.ts';
import { readCalls } from './stored-calls.ts';
import type { Tenants } from './tenants.ts';
import { KnownPhrases } from './term-numbers.ts';

export class PostgresSearch implements SearchStore {
  readonly #connection: Connection;
  readonly #reads: StatementRunner;
  readonly #tenants: Tenants;
  readonly #entries: EntryReader;
  readonly #limits: SearchLimits;
  readonly #words = new PeopleWords();
  readonly #phrases = new KnownPhrases();

  /**
   * Creates the search.
   *
   * @param readers Runs the reads of the API.
   */
  constructor(
    connection: Connection,
    readers: StatementRunner,
    tenants: Tenants,
    entries: EntryReader,
    limits: SearchLimits,
  ) {
    this.#entries = entries;
    this.#connection = connection;
    this.#reads = readers;
    this.#tenants = tenants;
    this.#limits = limits;
  }

  async find(
    tenantId: string,
    search: CallSearch,
    after: CallPosition | undefined,
    limit: number,
  ): Promise<FoundPage> {
    const tenant = await this.#tenants.numberOf(tenantId);
    if (tenant === undefined) return { calls: [], next: undefined };
    await this.#refuseUnfinished(tenant);
    const index = new TenantIndex(this.#reads, tenant);
    return findCalls({ tenantId, index, entries: this.#entries }, search, after, limit, this.#limits);
  }

  async call(tenantId: string, callId: string): Promise<FoundCall | undefined> {
    const tenant = await this.#tenants.numberOf(tenantId);
    if (tenant === undefined) return undefined;
    const newest = await underKeysLater(callId, async (id) => {
      const row = await this.#reads.get('latestEdition', tenant, keyOf(id));
      return row && editionFrom(tenantId, id, row[0]);
    });
    if (newest?.startTicks === undefined) return undefined;
    const { startTicks, call, edition } = newest;
    await this.#refuseUnfinished(tenant);
    const found = await this.#reads.get('foundCall', tenant, startTicks, call, edition);
    return found && candidateOf(found).call;
  }

  async days(tenantId: string, from: number, before: number): Promise<readonly DayCounts[]> {
    const tenant = await this.#tenants.numberOf(tenantId);
    if (tenant === undefined) return [];
    await this.#refuseUnfinished(tenant);
    return (await this.#reads.all('days', tenant, from, before)).map(dayCountsOf);
  }

  async catchUp(limit: number): Promise<number> {
    const first = await this.#connection.get('firstBacklog');
    if (first === undefined) return 0;
    const tenant = Number(first[0]);
    return this.#connection.transaction(async (transaction) => {
      const writer = await this.locked(transaction, tenant);
      const from = await transaction.get('backlog', tenant);
      // Another process has finished this tenant; another tenant may be next.
      if (from === undefined) return 1;
      const rows = await transaction.all('backlogCalls', tenant, from[0]!, from[1]!, noStart, limit);
      const ids = rows.flatMap(([, , key, longId, isThere]) =>
        (isThere as unknown) === true ? [] : [idOf(key as Buffer, longId as Buffer | null)],
      );
      for (const call of await this.#stored(oneByOne(transaction), tenant, ids)) writer.put(call);
      await writer.flush();
      const last = rows.at(-1);
      if (last === undefined || rows.length < limit) await transaction.run('endBacklog', tenant);
      else await transaction.run('moveBacklog', tenant, last[0]!, last[1]!);
      return Math.max(1, rows.length);
    });
  }

  /** Locks a tenant, which must have a row, and returns a writer for the transaction. */
  async locked(transaction: Transaction, tenant: number): Promise<SearchWriter> {
    return this.writer(transaction, tenant, await transaction.get('lockTenant', tenant));
  }

  /**
   * Returns a writer.
   *
   * @param lock The row that locking the tenant returned.
   */
  writer(transaction: Transaction, tenant: number, lock: Row | undefined): SearchWriter {
    const phrasesDropped = (lock?.[1] as bigint | undefined) ?? 0n;
    return new SearchWriter(transaction, { tenant, phrasesDropped }, this.#words, this.#phrases);
  }

  async #stored(
    session: StatementRunner,
    tenantNo: number,
    callIds: readonly string[],
  ): Promise<readonly IndexedEdition[]> {
    const tenantId = (await session.get('tenantId', tenantNo))?.[0] as string;
    const calls = await soundCalls(callIds, (ids) => readCalls(session, { tenantId, tenantNo }, ids));
    return calls.flatMap((call) => indexedEditionOf(call, new OpenBlocks()) ?? []);
  }

  async #refuseUnfinished(tenant: number): Promise<void> {
    if ((await this.#reads.get('backlog', tenant)) !== undefined)
      throw new Fault(
        'unavailable',
        'The search index of this store is still being built. Try again later.',
        { retryAfterSeconds: 60 },
      );
  }
}

/** Skips damaged calls, so that the calls after them are still found; `verify` reports them. */
async function soundCalls<T>(
  callIds: readonly string[],
  read: (callIds: readonly string[]) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  try {
    return await read(callIds);
  } catch (error) {
    // A statement that the server refused has ended the transaction.
    if (!(error instanceof CallDamaged)) throw error;
    if (callIds.length === 1) return [];
    const calls: T[] = [];
    for (const callId of callIds) calls.push(...(await soundCalls([callId], read)));
    return calls;
  }
}

/** Runs the statements of a transaction one after another, because it has one connection. */
function oneByOne(transaction: Transaction): StatementRunner {
  let last: Promise<unknown> = Promise.resolve();
  const all: StatementRunner['all'] = (name, ...values) => {
    const rows = last.then(() => transaction.all(name, ...values));
    last = rows.catch(() => undefined);
    return rows;
  };
  return { ...transaction, all };
}
