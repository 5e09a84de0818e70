/** Implements `store distribute`: spreads a store from one server over the nodes of a Citus cluster. */
import type { Client } from 'pg';
import type { Clock } from '../../base/clock.ts';
import { StoreError } from '../store-errors.ts';
import { Connection } from './connection.ts';
import { tableNames } from '../tables.ts';
import { distribution, type Distribution } from './distribution.ts';
import { openPostgresStore } from './postgres-store.ts';
import { serverName } from './store-url.ts';

interface DistributeOptions {
  readonly url: string;
  readonly clock: Clock;
  /** Called with each table before it is moved. */
  readonly onTable: (table: string) => void;
}

interface PlacedTable {
  readonly table: string;
  /** The distribution column; absent for a table with a copy on every node. */
  readonly by: string | undefined;
  /** False when it was distributed already. */
  readonly moved: boolean;
}

/**
 * Distributes every table, including its rows; a table that is distributed already stays. Others may read meanwhile,
 * and wait to write. An interrupted run resumes with the next table.
 *
 * @throws StoreError
 */
export async function distributeStore(options: DistributeOptions): Promise<readonly PlacedTable[]> {
  const { url, clock } = options;
  await using store = await openPostgresStore(url, { clock }); // this creates missing tables
  await store.totals();
  const connection = new Connection(url);
  try {
    return await connection.withConflictRetry((client) => placeAll(client, options));
  } finally {
    await connection.close();
  }
}

async function placeAll(client: Client, { url, onTable }: DistributeOptions): Promise<PlacedTable[]> {
  await refuseWithoutCitus(client, url);
  const { rows } = await client.query<{ table: string; placed: string | null }>(
    `SELECT c.relname AS table, t.citus_table_type AS placed FROM pg_class c
    LEFT JOIN citus_tables t ON t.table_name = c.oid::regclass
    WHERE c.relnamespace = 'rollcall'::regnamespace AND c.relkind = 'r'`,
  );
  const isPlaced = new Map(
    rows.map(({ table, placed }) => [table, placed === 'distributed' || placed === 'reference']),
  );
  const distributed = Object.keys(distribution);
  // Reference tables come first, so that the tables that refer to them can be distributed.
  const references = inOrderOfReference(
    [...isPlaced.keys()].filter((table) => !Object.hasOwn(distribution, table)),
  );
  const placed: PlacedTable[] = [];
  for (const table of [...references, ...distributed]) {
    const by = distribution[table];
    const moved = isPlaced.get(table) !== true;
    if (moved) {
      onTable(table);
      if (by === undefined) await client.query('SELECT create_reference_table($1)', [`rollcall.${table}`]);
      else await distribute(client, table, by);
      // Moving a table leaves a copy of its rows on the coordinator.
      await client.query('SELECT truncate_local_data_after_distributing_table($1)', [`rollcall.${table}`]);
    }
    placed.push({ table, by: by?.column, moved });
  }
  return placed;
}

async function distribute(client: Client, table: string, by: Distribution): Promise<void> {
  await client.query('SELECT create_distributed_table($1, $2, colocate_with => $3)', [
    `rollcall.${table}`,
    by.column,
    by.with === undefined ? 'none' : `rollcall.${by.with}`,
  ]);
}

async function refuseWithoutCitus(client: Client, url: string): Promise<void> {
  const { rows } = await client.query<{ installed: boolean; available: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus') AS installed,
      EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'citus') AS available`,
  );
  const [{ installed, available } = { installed: false, available: false }] = rows;
  if (installed) return;
  throw new StoreError(
    available
      ? `The database at ${serverName(url)} does not have Citus yet: on every node run CREATE EXTENSION citus in it, then add the nodes with citus_add_node.`
      : `The server at ${serverName(url)} does not have Citus. A single server does not need it: keep the store as it is, or name the coordinator of a cluster.`,
  );
}

/** Orders tables so that a referenced table comes before those that refer to it. */
function inOrderOfReference(tables: readonly string[]): readonly string[] {
  const order: readonly string[] = tableNames;
  return [...tables].sort((a, b) => order.indexOf(a) - order.indexOf(b));
}
