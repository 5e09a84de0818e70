/** Snapshots of a PostgreSQL store: each a schema beside it with a copy of every table. */
import type { Client } from 'pg';
import { checkSnapshotName, type Snapshots } from '../snapshots.ts';
import { StoreError } from '../store.ts';
import type { Connection } from './connection.ts';
import { migrations } from './schema.ts';
import type { Tenants } from './tenants.ts';

/** Not part of what a store holds: keys in use, numbers that processes have by heart, who does what, the snapshots. */
const kept = ['secret', 'tenant', 'claim', 'claimant', 'migration', 'snapshot'];
/** Rows refer to rows of those before them. */
const referring = ['endpoint', 'subscription', 'outbox'];

export class PostgresSnapshots implements Snapshots {
  readonly #connection: Connection;
  readonly #tenants: Tenants;

  constructor(connection: Connection, tenants: Tenants) {
    this.#connection = connection;
    this.#tenants = tenants;
  }

  async save(name: string): Promise<void> {
    checkSnapshotName(name);
    await this.#alone(async (client, tables) => {
      await drop(client, name);
      const { rows } = await client.query<{ snapshot_no: number }>(
        'INSERT INTO rollcall.snapshot (name, migrations) VALUES ($1, $2) RETURNING snapshot_no',
        [name, migrations.length],
      );
      const schema = schemaOf(rows[0]!.snapshot_no);
      await client.query(`CREATE SCHEMA ${schema}`);
      for (const table of tables)
        await client.query(`CREATE TABLE ${schema}.${table} AS TABLE rollcall.${table}`);
    });
  }

  async restore(name: string): Promise<boolean> {
    checkSnapshotName(name);
    return this.#alone(async (client, tables) => {
      const snapshot = await find(client, name);
      if (snapshot === undefined) return false;
      if (snapshot.migrations !== migrations.length)
        throw new StoreError(`The snapshot '${name}' was made by another release. Delete it.`);
      await replace(
        client,
        tables,
        (table) =>
          `INSERT INTO rollcall.${table} OVERRIDING SYSTEM VALUE SELECT * FROM ${snapshot.schema}.${table}`,
      );
      return true;
    });
  }

  async newestThere(tenantId: string): Promise<number> {
    const tenantNo = (await this.#tenants.numberOf(tenantId)) ?? 0;
    return Number((await this.#connection.get('newestThere', tenantNo))?.[0] ?? 0);
  }

  async list(): Promise<readonly string[]> {
    return (await this.#connection.all('snapshots')).map((row) => row[0] as string);
  }

  async delete(name: string): Promise<boolean> {
    checkSnapshotName(name);
    return this.#alone((client) => drop(client, name));
  }

  async clear(): Promise<void> {
    await this.#alone((client, tables) => replace(client, tables, () => undefined));
  }

  /** Works in one transaction while nobody adds anything. */
  #alone<T>(work: (client: Client, tables: readonly string[]) => Promise<T>): Promise<T> {
    return this.#connection.patiently(async (client) => {
      // Unless it commits, it ends with the connection.
      await client.query('BEGIN');
      // On a cluster: tables that refer to one another are changed one after the other. Elsewhere it means nothing.
      await client.query(`SET LOCAL citus.multi_shard_modify_mode = 'sequential'`);
      await client.query('LOCK TABLE rollcall.tally, rollcall.snapshot IN EXCLUSIVE MODE');
      const { rows } = await client.query<{ table_name: string }>(
        `SELECT table_name FROM information_schema.tables
        WHERE table_schema = 'rollcall' AND table_name <> ALL ($1)
        ORDER BY array_position($2, table_name::text) NULLS FIRST`,
        [kept, referring],
      );
      const result = await work(
        client,
        rows.map((row) => row.table_name),
      );
      await client.query('COMMIT');
      return result;
    });
  }
}

function schemaOf(snapshotNo: number): string {
  return `rollcall_snapshot_${snapshotNo}`;
}

async function find(client: Client, name: string) {
  const { rows } = await client.query<{ snapshot_no: number; migrations: number }>(
    'SELECT snapshot_no, migrations FROM rollcall.snapshot WHERE name = $1',
    [name],
  );
  return rows[0] && { schema: schemaOf(rows[0].snapshot_no), migrations: rows[0].migrations };
}

async function drop(client: Client, name: string): Promise<boolean> {
  const snapshot = await find(client, name);
  if (snapshot === undefined) return false;
  await client.query(`DROP SCHEMA ${snapshot.schema} CASCADE`);
  await client.query('DELETE FROM rollcall.snapshot WHERE name = $1', [name]);
  return true;
}

/** Empties every table and fills it again. Numbers once given are not given again: the last of each tenant stays. */
async function replace(
  client: Client,
  tables: readonly string[],
  fill: (table: string) => string | undefined,
): Promise<void> {
  const { rows: last } = await client.query<{
    tenant_no: number;
    last_edition: bigint;
    phrases_dropped: bigint;
  }>('SELECT tenant_no, last_edition, phrases_dropped FROM rollcall.tally');
  for (const table of [...tables].reverse()) await client.query(`DELETE FROM rollcall.${table}`);
  for (const table of tables) {
    const statement = fill(table);
    if (statement !== undefined) await client.query(statement);
  }
  await client.query(
    `INSERT INTO rollcall.tally AS y (tenant_no, last_edition, phrases_dropped)
    SELECT * FROM unnest($1::integer[], $2::bigint[], $3::bigint[])
    ON CONFLICT (tenant_no) DO UPDATE SET last_edition = greatest(y.last_edition, excluded.last_edition),
      phrases_dropped = excluded.phrases_dropped`,
    [
      last.map((row) => row.tenant_no),
      last.map((row) => row.last_edition),
      // Other phrases are there than processes remember.
      last.map((row) => row.phrases_dropped + 1n),
    ],
  );
}
