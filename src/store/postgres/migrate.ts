/**
 * Migrates a database to this release's schema, once even if several processes start together, or reports why it
 * cannot.
 */
import type { Client } from 'pg';
import { StoreError, StoreMissing } from '../store-errors.ts';
import { migrations } from './schema.ts';

/** "Roll" in ASCII, and the number of this lock among Rollcall's locks. */
const lock = '1383033964, 1';

/**
 * Migrates the database.
 *
 * @param client A separate client, which is closed afterwards.
 * @throws StoreError when a newer release wrote the database.
 */
export async function migrate(
  client: Client,
  server: string,
  all = migrations,
  mustExist = false,
): Promise<void> {
  const has = await schemaOf(client, server, all);
  if (has === all.length) return;
  if (has === 0 && mustExist) throw new StoreMissing(server);
  // Another process may be migrating. The lock ends with the connection, even after a crash.
  await client.query(`SELECT pg_advisory_lock(${lock})`);
  const done = await schemaOf(client, server, all);
  if (done === 0) await client.query(first);
  for (const [i, text] of all.slice(done).entries())
    await client.query(
      `BEGIN; ${text}; INSERT INTO rollcall.migration (number) VALUES (${done + i + 1}); COMMIT;`,
    );
}

const first = `CREATE SCHEMA IF NOT EXISTS rollcall; CREATE TABLE IF NOT EXISTS rollcall.migration (
  number integer PRIMARY KEY,
  applied_at timestamptz NOT NULL DEFAULT now()
)`;

/** Returns the number of migrations that the database has. */
async function schemaOf(client: Client, server: string, all: readonly string[]): Promise<number> {
  const { rows: known } = await client.query<{ table: string | null }>(
    `SELECT to_regclass('rollcall.migration')::text AS table`,
  );
  if (typeof known[0]?.table !== 'string') return 0;
  const { rows } = await client.query<{ number: number | null }>(
    'SELECT max(number) AS number FROM rollcall.migration',
  );
  const number = rows[0]?.number ?? 0;
  if (number > all.length)
    throw new StoreError(
      `The store at ${server} was created by a newer Rollcall (schema ${number}, this release knows ${all.length}). Use that release or a newer one, or restore the backup from before the upgrade: see docs/restoring.md.`,
    );
  return number;
}
