/** Reads and writes every row of a PostgreSQL store, to copy it to another store. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Client } from 'pg';
import { noTally } from '../tally.ts';
import { type TransferredRow, transferredTable } from '../transferred-rows.ts';
import type { Row } from '../rows.ts';
import { isSerial } from '../table-sql.ts';
import { type CopiedTable, columnKind, tableOf } from '../tables.ts';
import {
  ownSecrets,
  type StoreDescription,
  type TakeRows,
  type TransferredCall,
  transferNote,
  type TransferStore,
} from '../transfer.ts';
import { isLeftToInfer, isOfEarlierRelease } from '../transferred-call.ts';
import { indexAndCount, transferredCallRows } from '../edition-decisions.ts';
import { EditionWriter, noStart } from './add-editions.ts';
import type { Connection } from './connection.ts';
import { postgresDialect, type Value } from './dialect.ts';
import { keyOf, longestPlainKey, plainKeyOf } from './keys.ts';
import type { PostgresSearch } from './postgres-search.ts';
import { migrations } from './schema.ts';
import type { Tenants } from './tenants.ts';

const rowsAtOnce = 1000;
/** Calls that the server writes while the rows of the next ones are built. */
const callsSentAtOnce = 64;
const withoutOwn = `WHERE name <> ALL (ARRAY[${ownSecrets.map((name) => `'${name}'`).join(', ')}])`;
export class PostgresTransfer implements TransferStore {
  readonly numbersAre = 'of the tenant';
  readonly #connection: Connection;
  readonly #tenants: Tenants;
  readonly #search: PostgresSearch;

  constructor(connection: Connection, tenants: Tenants, search: PostgresSearch) {
    this.#connection = connection;
    this.#tenants = tenants;
    this.#search = search;
  }

  numbersDiffer(): Promise<boolean> {
    return this.#connection.withConflictRetry(async (client) => {
      const { rows } = await client.query(
        'SELECT 1 FROM rollcall.edition GROUP BY edition_no HAVING count(*) > 1 LIMIT 1',
      );
      return rows.length === 0;
    });
  }

  async put(tenantId: string, calls: readonly TransferredCall[], note: string): Promise<number> {
    const tenantNo = await this.#tenants.add(tenantId);
    const keys = calls.map(({ callId }) => keyOf(callId));
    const { count, search } = await this.#connection.transaction(async (transaction) => {
      const lock = (await transaction.get('lockTenant', tenantNo))!; // made before
      const rows = await transaction.all('editionNumbers', tenantNo, keys);
      const there = new Set(rows.map(([number]) => Number(number)));
      const search = this.#search.writer(transaction, tenantNo, lock);
      const writer = new EditionWriter(transaction, tenantNo);
      const tally = noTally();
      let last = Number(lock[0]);
      let sent = Promise.resolve();
      for (const [i, call] of calls.entries()) {
        const { editions, indexed } = transferredCallRows(call, there);
        for (const written of editions) {
          writer.add(written);
          indexAndCount({ written, indexed: undefined }, search, tally);
          last = Math.max(last, written.edition.edition);
        }
        if (indexed !== undefined) search.put(indexed);
        if ((i + 1) % callsSentAtOnce === 0) {
          await sent;
          sent = writer.flush();
          sent.catch(() => undefined); // a rejection is handled before the next batch, and at the end
        }
        await nextTurn(); // lets answers of the server arrive between calls
      }
      await sent;
      await writer.flush();
      await search.flush();
      await transaction.run('addTally', tenantNo, last, ...tally);
      // The copied rows have the numbers of the source, so an older verification of this store would seem to cover
      // them.
      if (tally[1] !== 0) await transaction.run('dropVerification', tenantNo);
      if (calls.some(isOfEarlierRelease)) await transaction.run('beginRenewal', tenantNo);
      if (calls.some(isLeftToInfer)) await transaction.run('beginInference', tenantNo);
      await transaction.run('setSecret', transferNote, note);
      return { count: tally[1]!, search };
    });
    search.remember();
    return count;
  }

  async reserve(tenantId: string, edition: number): Promise<void> {
    await this.#connection.run('reserveEditions', await this.#tenants.add(tenantId), edition);
  }

  async eachRows(tables: readonly CopiedTable[], take: TakeRows): Promise<void> {
    // An error of the receiver is no error of this server.
    let ofTaking: { readonly error: unknown } | undefined;
    try {
      await this.#connection.withConflictRetry(async (client) => {
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
        for (const table of tables) {
          await eachRowsOf(client, table, (rows) =>
            take(table, rows).catch((error: unknown) => {
              ofTaking = { error };
              throw error;
            }),
          );
        }
      });
    } catch (error) {
      throw ofTaking === undefined ? error : ofTaking.error;
    }
  }

  async clear(tables: readonly CopiedTable[]): Promise<void> {
    await this.#connection.withConflictRetry((client) =>
      client.query(
        [
          // On a cluster, tables that refer to one another are changed sequentially.
          `BEGIN; SET LOCAL citus.multi_shard_modify_mode = 'sequential'`,
          ...[...tables]
            .reverse()
            .map((table) => `DELETE FROM rollcall.${table} ${table === 'secret' ? withoutOwn : ''}`),
          'COMMIT',
        ].join('; '),
      ),
    );
  }

  async insert(table: CopiedTable, rows: readonly TransferredRow[]): Promise<void> {
    const { columns, cells } = transferredTable(postgresDialect, table);
    const columnTypes = tableOf(table).columns;
    const tenantAt = Object.keys(columnTypes).indexOf('tenant_no');
    const tenants = new Map<string, number>();
    for (const tenantId of new Set(tenantAt === -1 ? [] : rows.map((row) => row[tenantAt] as string)))
      tenants.set(tenantId, await this.#tenants.add(tenantId));
    const values: (Value | null)[] = [];
    const places = rows.map((row) => {
      const kept = cells(row, (tenantId) => tenants.get(tenantId)!); // all tenants were added
      return `(${kept.map((value) => `$${values.push(value)}`).join()})`;
    });
    // Numbers continue after the copied ones.
    const numbers = Object.entries(columnTypes).find(([, type]) => isSerial(columnKind(type)))?.[0];
    await this.#connection.withConflictRetry(async (client) => {
      await client.query(
        `INSERT INTO rollcall.${table} (${columns.join()}) OVERRIDING SYSTEM VALUE VALUES ${places.join()}`,
        values,
      );
      if (numbers !== undefined)
        await client.query(`SELECT setval(pg_get_serial_sequence('rollcall.${table}', '${numbers}'),
          (SELECT max(${numbers}) FROM rollcall.${table}))`);
    });
    if (table !== 'log_row') return;
    for (const tenantNo of tenants.values()) await this.#connection.run('noteLogChange', tenantNo);
  }

  async note(): Promise<string | undefined> {
    return (await this.#connection.get('secret', transferNote))?.[0] as string | undefined;
  }

  async setNote(text: string): Promise<void> {
    await this.#connection.run('setSecret', transferNote, text);
  }

  async logRowCounts(tenantId?: string): Promise<Readonly<Record<string, number>>> {
    const tenantNo = await this.#numberOf(tenantId);
    return this.#connection.withConflictRetry(async (client) => {
      const { rows } = await client.query<{ kind: string; rows: bigint }>(
        `SELECT kind, count(*) AS rows FROM rollcall.log_row WHERE $1::integer IS NULL OR tenant_no = $1
        GROUP BY kind ORDER BY kind`,
        [tenantNo],
      );
      return Object.fromEntries(rows.map(({ kind, rows: count }) => [kind, Number(count)]));
    });
  }

  async describe(tenantId?: string): Promise<StoreDescription> {
    const tenantNo = await this.#numberOf(tenantId);
    return this.#connection.withConflictRetry(async (client) => {
      const { rows: nodes } = await client.query(`SELECT 1 FROM pg_extension WHERE extname = 'citus'`);
      // On a cluster, the size over all nodes, once a table is distributed.
      const size =
        nodes.length === 0
          ? 'pg_total_relation_size(c.oid)'
          : `CASE WHEN c.oid IN (SELECT logicalrelid FROM pg_dist_partition)
            THEN citus_total_relation_size(c.oid) ELSE pg_total_relation_size(c.oid) END`;
      const { rows: tables } = await client.query<{ name: string; bytes: bigint }>(
        `SELECT c.relname AS name, ${size} AS bytes FROM pg_class c
        WHERE c.relnamespace = 'rollcall'::regnamespace AND c.relkind = 'r' ORDER BY 2 DESC`,
      );
      const { rows: sessions } = await client.query<{ sum: bigint }>(
        `SELECT coalesce(sum(n.sessions_count), 0)::bigint AS sum FROM (
          SELECT DISTINCT ON (tenant_no, call_key) sessions_count FROM rollcall.edition
          WHERE $1::integer IS NULL OR tenant_no = $1
          ORDER BY tenant_no, call_key, version DESC, edition_no DESC) n`,
        [tenantNo],
      );
      const span = await startsOf(client, tenantNo);
      const sizes = tables.map(({ name, bytes }) => ({ name, bytes: Number(bytes) }));
      return {
        kind: 'postgres',
        schema: migrations.length,
        bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
        tables: sizes,
        sessions: Number(sessions[0]?.sum ?? 0),
        ...span,
      };
    });
  }

  /**
   * Returns the number of a tenant.
   *
   * @returns `null` for all tenants, and an unused number for a tenant that the store does not know.
   */
  async #numberOf(tenantId: string | undefined): Promise<number | null> {
    return tenantId === undefined ? null : ((await this.#tenants.numberOf(tenantId)) ?? 0);
  }
}

async function eachRowsOf(
  client: Client,
  table: CopiedTable,
  take: (rows: readonly TransferredRow[]) => Promise<void>,
): Promise<void> {
  const transferred = transferredTable(postgresDialect, table);
  await client.query(
    `DECLARE transferred CURSOR FOR ${transferred.select} ${table === 'secret' ? withoutOwn : ''}`,
  );
  for (;;) {
    const { rows } = await client.query<Row[number][]>({
      text: `FETCH ${rowsAtOnce} FROM transferred`,
      rowMode: 'array',
    });
    if (rows.length === 0) break;
    await take(
      rows.map((row) =>
        table === 'log_row' ? withLongId(transferred.read(row), row) : transferred.read(row),
      ),
    );
  }
  await client.query('CLOSE transferred');
}

/** Adds the whole id of a log row whose key is too short for it; the row's text has the id. */
function withLongId(transferred: TransferredRow, row: Row): TransferredRow {
  const [tenantId = null, kind = null, ticks = null, , text = null, crc = null] = transferred;
  const key = row[3] as Buffer;
  if (key.length <= longestPlainKey) return transferred;
  const members = Object.values(JSON.parse(String(text)) as Readonly<Record<string, unknown>>); // checked when it was stored
  const id = members.find((member) => typeof member === 'string' && plainKeyOf(member).equals(key));
  return [tenantId, kind, ticks, typeof id === 'string' ? id : key.toString('latin1'), text, crc];
}

/** Returns the oldest and the newest start of all tenants: reads the listing's primary key twice per tenant. */
async function startsOf(
  client: Client,
  tenantNoOrAll: number | null,
): Promise<Pick<StoreDescription, 'oldestTicks' | 'newestTicks'>> {
  const { rows: tenants } = await client.query<{ tenant_no: number }>(
    'SELECT tenant_no FROM rollcall.tenant WHERE $1::integer IS NULL OR tenant_no = $1',
    [tenantNoOrAll],
  );
  let [oldestTicks, newestTicks]: (bigint | undefined)[] = [];
  for (const { tenant_no: tenantNo } of tenants) {
    const { rows } = await client.query<{ oldest: bigint | null; newest: bigint | null }>(
      `SELECT min(start_ticks) AS oldest, max(start_ticks) AS newest FROM rollcall.listing
      WHERE tenant_no = $1 AND start_ticks > $2`,
      [tenantNo, noStart],
    );
    const { oldest = null, newest = null } = rows[0] ?? {};
    if (oldest !== null && (oldestTicks === undefined || oldest < oldestTicks)) oldestTicks = oldest;
    if (newest !== null && (newestTicks === undefined || newest > newestTicks)) newestTicks = newest;
  }
  return { oldestTicks, newestTicks };
}
