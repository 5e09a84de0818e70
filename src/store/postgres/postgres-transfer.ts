/** Everything in a PostgreSQL store, to be carried to another, and back. */
import type { Client } from 'pg';
import { type KnownEdition } from '../next-edition.ts';
import { knownAs, movedEdition } from '../moved-edition.ts';
import { knownEditionOf } from '../rows.ts';
import {
  carried,
  type CarriedKind,
  type CarriedRow,
  type CarriedTable,
  type CarriedValue,
  ownSecrets,
  type StoreDescription,
  type TransferredEdition,
  type TransferStore,
} from '../transfer.ts';
import { EditionWriter } from './add-editions.ts';
import type { Connection } from './connection.ts';
import { idOf, keyOf, longIdOf, plainKeyOf } from './keys.ts';
import { migrations } from './schema.ts';
import type { Tenants } from './tenants.ts';

const rowsAtOnce = 1000;
const noteName = 'transfer-note';
const isOwnSecret = `name = ANY (ARRAY[${ownSecrets.map((name) => `'${name}'`).join(', ')}])`;
/** Numbers of these go on after those that were carried over. */
const numbered: Partial<Record<CarriedTable, string>> = {
  endpoint: 'endpoint_no',
  subscription: 'subscription_no',
  outbox: 'outbox_no',
};

export class PostgresTransfer implements TransferStore {
  readonly numbersAre = 'of the tenant';
  readonly #connection: Connection;
  readonly #tenants: Tenants;

  constructor(connection: Connection, tenants: Tenants) {
    this.#connection = connection;
    this.#tenants = tenants;
  }

  largestEdition(): Promise<number> {
    return this.#connection.patiently(async (client) =>
      Number(await valueOf(client, 'SELECT coalesce(max(last_edition), 0) FROM rollcall.tally')),
    );
  }

  async put(tenantId: string, editions: readonly TransferredEdition[]): Promise<void> {
    const tenantNo = await this.#tenants.add(tenantId);
    await this.#connection.transaction(async (transaction) => {
      let last = Number((await transaction.get('lockTenant', tenantNo))![0]); // made before
      const keys = [...new Set(editions.map(({ edition }) => edition.callId))].map((id) => keyOf(id));
      const known = new Map<string, KnownEdition[]>();
      for (const row of await transaction.all('knownEditions', tenantNo, keys)) {
        const callId = idOf(row[9] as Buffer, (row[10] as Buffer | null) ?? null);
        known.set(callId, [...(known.get(callId) ?? []), knownEditionOf(row)]);
      }
      const writer = new EditionWriter(transaction, tenantNo, 0);
      const tally = [0, 0, 0, 0, 0, 0];
      let unwritten = new Set<string>();
      for (const moved of editions) {
        const { callId, edition } = moved.edition;
        // What comes after an edition of the same call reads what that one wrote.
        if (unwritten.has(callId)) {
          await writer.flush();
          unwritten = new Set();
        }
        const ofCall = known.get(callId) ?? [];
        const { received, next, decided } = movedEdition(moved, ofCall);
        const added = await writer.add(edition, received, next, ofCall, decided);
        for (const [column, value] of added.tally.entries()) tally[column]! += value;
        known.set(callId, [...ofCall, knownAs(moved)]);
        unwritten.add(callId);
        last = Math.max(last, edition);
      }
      await writer.flush();
      await transaction.run('addTally', tenantNo, last, ...tally);
    });
  }

  async eachRows(table: CarriedTable, take: (rows: readonly CarriedRow[]) => Promise<void>): Promise<void> {
    const { columns, from, order } = shapeOf(table);
    const own = table === 'secret' ? `WHERE NOT ${isOwnSecret}` : '';
    const selected = columns.flatMap(({ read }) => read).join(', ');
    // What fails in taking is no failure of this server.
    let ofTaking: { readonly error: unknown } | undefined;
    try {
      await this.#connection.patiently(async (client) => {
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
        await client.query(
          `DECLARE carried CURSOR FOR SELECT ${selected} FROM ${from} ${own} ORDER BY ${order}`,
        );
        for (;;) {
          const { rows } = await client.query<unknown[]>({
            text: `FETCH ${rowsAtOnce} FROM carried`,
            rowMode: 'array',
          });
          if (rows.length === 0) return;
          await take(rows.map((row) => carriedRow(columns, row))).catch((error: unknown) => {
            ofTaking = { error };
            throw error;
          });
        }
      });
    } catch (error) {
      throw ofTaking === undefined ? error : ofTaking.error;
    }
  }

  clear(tables: readonly CarriedTable[]): Promise<void> {
    return this.#connection.patiently(async (client) => {
      await client.query('BEGIN');
      for (const table of [...tables].reverse()) {
        const own = table === 'secret' ? ` WHERE NOT ${isOwnSecret}` : '';
        await client.query(`DELETE FROM rollcall.${table}${own}`);
      }
      await client.query('COMMIT');
    });
  }

  async insert(table: CarriedTable, rows: readonly CarriedRow[]): Promise<void> {
    const { columns } = shapeOf(table);
    const kept: unknown[][] = [];
    for (const row of rows) kept.push(await this.#kept(columns, row));
    await this.#connection.patiently(async (client) => {
      const names = columns.flatMap(({ names: own }) => own);
      await client.query('BEGIN');
      for (const row of kept) {
        await client.query({
          name: `carry_${table}`,
          text: `INSERT INTO rollcall.${table} (${names.join(', ')}) OVERRIDING SYSTEM VALUE
            VALUES (${names.map((_, i) => `$${i + 1}`).join(', ')})`,
          values: row,
        });
      }
      const number = numbered[table];
      if (number !== undefined)
        await client.query(`SELECT setval(pg_get_serial_sequence('rollcall.${table}', '${number}'),
          (SELECT max(${number}) FROM rollcall.${table}))`);
      await client.query('COMMIT');
    });
  }

  async note(): Promise<string | undefined> {
    return (await this.#connection.get('secret', noteName))?.[0] as string | undefined;
  }

  async setNote(text: string): Promise<void> {
    await this.#connection.patiently((client) =>
      client.query(
        `INSERT INTO rollcall.secret (name, value) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
        [noteName, text],
      ),
    );
  }

  describe(): Promise<StoreDescription> {
    return this.#connection.patiently(async (client) => {
      const { rows: tables } = await client.query<{ name: string; bytes: string }>(
        `SELECT c.relname AS name, pg_total_relation_size(c.oid)::text AS bytes FROM pg_class c
        WHERE c.relnamespace = 'rollcall'::regnamespace AND c.relkind = 'r' ORDER BY 2 DESC`,
      );
      const { rows: logs } = await client.query<{ kind: string; rows: string }>(
        'SELECT kind, count(*)::text AS rows FROM rollcall.log_row GROUP BY kind ORDER BY kind',
      );
      const { rows: spans } = await client.query<{ oldest: bigint | null; newest: bigint | null }>(
        `SELECT min(s.oldest) AS oldest, max(s.newest) AS newest FROM rollcall.tenant t,
        LATERAL (SELECT min(l.start_ticks) AS oldest, max(l.start_ticks) AS newest FROM rollcall.listing l
          WHERE l.tenant_no = t.tenant_no AND l.start_ticks > -9223372036854775808) s`,
      );
      const sizes = tables
        .map(({ name, bytes }) => ({ name, bytes: Number(bytes) }))
        .sort((a, b) => b.bytes - a.bytes);
      return {
        kind: 'postgres',
        schema: migrations.length,
        bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
        tables: sizes,
        logRows: Object.fromEntries(logs.map(({ kind, rows }) => [kind, Number(rows)])),
        oldestTicks: spans[0]?.oldest ?? undefined,
        newestTicks: spans[0]?.newest ?? undefined,
      };
    });
  }

  async #kept(columns: readonly Column[], row: CarriedRow): Promise<unknown[]> {
    const kept: unknown[] = [];
    for (const [i, { kind }] of columns.entries())
      kept.push(...(await this.#keptValue(kind, row[i] ?? null)));
    return kept;
  }

  async #keptValue(kind: CarriedKind, value: CarriedValue): Promise<readonly unknown[]> {
    if (value === null) return [null];
    switch (kind) {
      case 'tenant':
        return [await this.#tenants.add(value as string)];
      case 'call':
        return [keyOf(value as string), longIdOf(value as string)];
      case 'key':
        return [plainKeyOf(value as string)];
      case 'textBytes':
        return [Buffer.from(value as string)];
      case 'text':
      case 'bytes':
      case 'integer':
        return [value];
    }
  }
}

interface Column {
  readonly kind: CarriedKind;
  /** An id of a call stands in two columns. */
  readonly names: readonly string[];
  readonly read: readonly string[];
}

function shapeOf(table: CarriedTable) {
  const columns = Object.entries<CarriedKind>(carried[table]).map(([name, kind]): Column => {
    if (kind === 'tenant') return { kind, names: [name], read: ['t.tenant_id'] };
    if (kind === 'call') return { kind, names: ['call_key', 'long_id'], read: ['c.call_key', 'c.long_id'] };
    const own = kind === 'key' ? name.replace(/_id$/, '_key') : name;
    return { kind, names: [own], read: [`c.${own}`] };
  });
  const isOfTenants = columns.some(({ kind }) => kind === 'tenant');
  return {
    columns,
    from: isOfTenants
      ? `rollcall.${table} c JOIN rollcall.tenant t USING (tenant_no)`
      : `rollcall.${table} c`,
    order: columns.map((_, i) => i + 1).join(', '),
  };
}

function carriedRow(columns: readonly Column[], row: readonly unknown[]): CarriedRow {
  let at = 0;
  return columns.map(({ kind, names }) => {
    const [value = null, longId = null] = row.slice(at, (at += names.length));
    if (value === null) return null;
    if (kind === 'call') return idOf(value as Buffer, longId as Buffer | null);
    if (kind === 'key' || kind === 'textBytes') return (value as Buffer).toString();
    return kind === 'integer' ? BigInt(value as number | bigint | string) : (value as CarriedValue);
  });
}

async function valueOf(client: Client, text: string): Promise<unknown> {
  const { rows } = await client.query<unknown[]>({ text, rowMode: 'array' });
  return rows[0]?.[0];
}
