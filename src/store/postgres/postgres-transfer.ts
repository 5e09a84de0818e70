/** Everything in a PostgreSQL store, to be carried to another, and back. */
import type { Client } from 'pg';
import {
  carried,
  type CarriedKind,
  type CarriedRow,
  type CarriedTable,
  type CarriedValue,
  ownSecrets,
  type StoreDescription,
  type TakeRows,
  type TransferredCall,
  transferNote,
  type TransferStore,
  type Wanted,
} from '../transfer.ts';
import { noStart } from './add-editions.ts';
import { readCalls } from './carried-calls.ts';
import type { Connection } from './connection.ts';
import { idOf, keyOf, longestPlainKey, longIdOf, plainKeyOf } from './keys.ts';
import type { PostgresSearch } from './postgres-search.ts';
import { putRows } from './put-calls.ts';
import { readyCalls, type ReadyRows } from './ready-calls.ts';
import { migrations } from './schema.ts';
import type { Tenants } from './tenants.ts';

const rowsAtOnce = 1000;
const withoutOwn = `WHERE name <> ALL (ARRAY[${ownSecrets.map((name) => `'${name}'`).join(', ')}])`;
/** Numbers of these go on after those that were carried over. */
const numbered: Partial<Record<CarriedTable, string>> = {
  endpoint: 'endpoint_no',
  subscription: 'subscription_no',
  outbox: 'outbox_no',
};

export class PostgresTransfer implements TransferStore<ReadyRows> {
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
    return this.#connection.patiently(async (client) => {
      const { rows } = await client.query(
        'SELECT 1 FROM rollcall.edition GROUP BY edition_no HAVING count(*) > 1 LIMIT 1',
      );
      return rows.length === 0;
    });
  }

  async numbersOf(tenantId: string, callIds: readonly string[]): Promise<ReadonlySet<number>> {
    const keys = callIds.map((callId) => keyOf(callId));
    const rows = await this.#connection.all('editionNumbers', await this.#numberOf(tenantId), keys);
    return new Set(rows.map(([number]) => Number(number)));
  }

  async read(
    tenantId: string,
    callIds: readonly string[],
    wanted: Wanted,
  ): Promise<readonly TransferredCall[]> {
    const tenantNo = await this.#numberOf(tenantId);
    return readCalls(this.#connection, { tenantId, tenantNo }, callIds, wanted);
  }

  async ready(tenantId: string, calls: readonly TransferredCall[]): Promise<ReadyRows> {
    const tenantNo = await this.#tenants.add(tenantId);
    return readyCalls(tenantNo, calls, this.#search.rows(tenantNo));
  }

  async put(tenantId: string, calls: readonly ReadyRows[], note: string): Promise<void> {
    const tenantNo = await this.#tenants.add(tenantId);
    const index = await this.#connection.transaction(async (transaction) => {
      const lock = (await transaction.get('lockTenant', tenantNo))!; // made before
      const { tally, last } = await putRows(transaction, calls);
      const search = this.#search.writer(transaction, tenantNo, lock);
      await this.#search.putCarried(transaction, tenantNo, calls, search);
      await transaction.run('addTally', tenantNo, Math.max(Number(lock[0]), last), ...tally);
      if (calls.some((one) => one.isOfEarlierRelease)) await transaction.run('beginRenewal', tenantNo);
      await transaction.run('setSecret', transferNote, note);
      return search;
    });
    index.remember();
  }

  async reserve(tenantId: string, edition: number): Promise<void> {
    await this.#connection.run('reserveEditions', await this.#tenants.add(tenantId), edition);
  }

  async eachRows(tables: readonly CarriedTable[], take: TakeRows): Promise<void> {
    // What fails in taking is no failure of this server.
    let ofTaking: { readonly error: unknown } | undefined;
    try {
      await this.#connection.patiently(async (client) => {
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

  async clear(tables: readonly CarriedTable[]): Promise<void> {
    await this.#connection.patiently((client) =>
      client.query(
        [
          // On a cluster: tables that refer to one another are changed one after the other.
          `BEGIN; SET LOCAL citus.multi_shard_modify_mode = 'sequential'`,
          ...[...tables]
            .reverse()
            .map((table) => `DELETE FROM rollcall.${table} ${table === 'secret' ? withoutOwn : ''}`),
          'COMMIT',
        ].join('; '),
      ),
    );
  }

  async insert(table: CarriedTable, rows: readonly CarriedRow[]): Promise<void> {
    const columns = columnsOf(table).flatMap(({ names }) => names);
    const kept: (readonly CarriedValue[])[] = [];
    for (const row of rows) kept.push(await this.#kept(table, row));
    const places = columns.map(({ type }, i) => `$${i + 1}::${type}[]`).join(', ');
    const numbers = numbered[table];
    await this.#connection.patiently(async (client) => {
      await client.query(
        `INSERT INTO rollcall.${table} (${columns.map(({ name }) => name).join(', ')})
          OVERRIDING SYSTEM VALUE SELECT * FROM unnest(${places})`,
        columns.map((_, i) => kept.map((row) => row[i])),
      );
      if (numbers !== undefined)
        await client.query(`SELECT setval(pg_get_serial_sequence('rollcall.${table}', '${numbers}'),
          (SELECT max(${numbers}) FROM rollcall.${table}))`);
    });
  }

  async note(): Promise<string | undefined> {
    return (await this.#connection.get('secret', transferNote))?.[0] as string | undefined;
  }

  async setNote(text: string): Promise<void> {
    await this.#connection.run('setSecret', transferNote, text);
  }

  logRowCounts(): Promise<Readonly<Record<string, number>>> {
    return this.#connection.patiently(async (client) => {
      const { rows } = await client.query<{ kind: string; rows: bigint }>(
        'SELECT kind, count(*) AS rows FROM rollcall.log_row GROUP BY kind ORDER BY kind',
      );
      return Object.fromEntries(rows.map(({ kind, rows: count }) => [kind, Number(count)]));
    });
  }

  describe(): Promise<StoreDescription> {
    return this.#connection.patiently(async (client) => {
      const { rows: nodes } = await client.query(`SELECT 1 FROM pg_extension WHERE extname = 'citus'`);
      // On a cluster: of all nodes together, once a table is placed there.
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
          ORDER BY tenant_no, call_key, version DESC, edition_no DESC) n`,
      );
      const span = await startsOf(client);
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

  /** Numbers of tenants begin with 1. */
  async #numberOf(tenantId: string): Promise<number> {
    return (await this.#tenants.numberOf(tenantId)) ?? 0;
  }

  async #kept(table: CarriedTable, row: CarriedRow): Promise<readonly CarriedValue[]> {
    const kept: CarriedValue[] = [];
    for (const [i, { kind, names }] of columnsOf(table).entries()) {
      const value = row[i] ?? null;
      if (value === null) kept.push(...names.map(() => null));
      else if (kind === 'tenant') kept.push(BigInt(await this.#tenants.add(value as string)));
      else if (kind === 'call') kept.push(keyOf(value as string), longIdOf(value as string));
      else if (kind === 'key') kept.push(plainKeyOf(value as string));
      else if (kind === 'textBytes') kept.push(Buffer.from(value as string));
      else kept.push(value);
    }
    return kept;
  }
}

interface Column {
  readonly kind: CarriedKind;
  /** What it is here, and what it is selected as; an id of a call stands in two columns. */
  readonly names: readonly { readonly name: string; readonly type: string; readonly read: string }[];
}

function columnsOf(table: CarriedTable): readonly Column[] {
  return Object.entries<CarriedKind>(carried[table]).map(([name, kind]): Column => {
    const bytes = (own: string) => ({ name: own, type: 'bytea', read: `c.${own}` });
    switch (kind) {
      case 'tenant':
        return { kind, names: [{ name, type: 'bigint', read: 't.tenant_id' }] };
      case 'call':
        return { kind, names: [bytes('call_key'), bytes('long_id')] };
      case 'key':
        return { kind, names: [bytes(name.replace(/_id$/, '_key'))] };
      case 'textBytes':
      case 'bytes':
        return { kind, names: [bytes(name)] };
      case 'text':
        return { kind, names: [{ name, type: 'text', read: `c.${name}` }] };
      case 'integer':
      case 'edition':
        return { kind, names: [{ name, type: 'bigint', read: `c.${name}` }] };
    }
  });
}

async function eachRowsOf(
  client: Client,
  table: CarriedTable,
  take: (rows: readonly CarriedRow[]) => Promise<void>,
): Promise<void> {
  const columns = columnsOf(table);
  const read = columns.flatMap(({ names }) => names.map((one) => one.read)).join(', ');
  const isOfTenants = columns.some(({ kind }) => kind === 'tenant');
  const tenants = isOfTenants ? 'JOIN rollcall.tenant t USING (tenant_no)' : '';
  await client.query(`DECLARE carried CURSOR FOR SELECT ${read} FROM rollcall.${table} c ${tenants}
    ${table === 'secret' ? withoutOwn : ''}`);
  for (;;) {
    const { rows } = await client.query<unknown[]>({
      text: `FETCH ${rowsAtOnce} FROM carried`,
      rowMode: 'array',
    });
    if (rows.length === 0) break;
    await take(rows.map((row) => carriedRow(columns, row)));
  }
  await client.query('CLOSE carried');
}

function carriedRow(columns: readonly Column[], row: readonly unknown[]): CarriedRow {
  let at = 0;
  return columns.map(({ kind, names }) => {
    const [value = null, longId = null] = row.slice(at, (at += names.length));
    if (value === null) return null;
    if (kind === 'call') return idOf(value as Buffer, longId as Buffer | null);
    if (kind === 'key') return idOfKey(value as Buffer, row.at(-2) as Buffer);
    if (kind === 'textBytes') return (value as Buffer).toString();
    const isNumber = kind === 'integer' || kind === 'edition';
    return isNumber ? BigInt(value as number | bigint | string) : (value as CarriedValue);
  });
}

/** A long id does not stand whole in its key: the row of a log that is told by it has it among its members. */
function idOfKey(key: Buffer, text: Buffer): string {
  if (key.length <= longestPlainKey) return key.toString();
  const members = Object.values(JSON.parse(text.toString()) as Readonly<Record<string, unknown>>); // walked when stored
  const id = members.find((member) => typeof member === 'string' && plainKeyOf(member).equals(key));
  return typeof id === 'string' ? id : key.toString('latin1');
}

/** The oldest and the newest start of all tenants: two steps into the listing's primary key for each. */
async function startsOf(client: Client): Promise<Pick<StoreDescription, 'oldestTicks' | 'newestTicks'>> {
  const { rows: tenants } = await client.query<{ tenant_no: number }>(
    'SELECT tenant_no FROM rollcall.tenant',
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
