/** Creates a database for one test file on the run's server. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { createOnCluster, dropOnCluster } from './citus-database.ts';

export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
  /** Runs SQL outside the store. */
  readonly query: <Row extends pg.QueryResultRow>(text: string) => Promise<Row[]>;
  /** Deletes all data of Rollcall and resets the sequences; the tables stay. */
  empty(): Promise<void>;
}

/** Creates a database. @param isEmpty True for one without tables; on a cluster they are otherwise distributed. */
export async function createDatabase({ isEmpty = false } = {}): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const name = `rollcall_test_${randomUUID().replaceAll('-', '')}`;
  const isCluster = inject('isCluster') && !isEmpty;
  const url = isCluster ? await createOnCluster(server, name) : await createOnServer(server, name, isEmpty);
  // Connected on first use, and again after a failure: the loss of an idle connection fails no test.
  let connected: Promise<pg.Client> | undefined;
  const query = async <Row extends pg.QueryResultRow>(text: string) => {
    const client = await (connected ??= connect(url, () => (connected = undefined)));
    return (await client.query<Row>(text)).rows;
  };
  let deleteAll: string | undefined;
  return {
    url,
    query,
    async empty() {
      await query((deleteAll ??= await deletionOf(query)));
    },
    async [Symbol.asyncDispose]() {
      await (await connected)?.end();
      if (isCluster) await dropOnCluster(server, name);
      else await once(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function connect(url: string, onBroken: () => void): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', onBroken);
  await client.connect();
  return client;
}

async function createOnServer(server: string, name: string, isEmpty: boolean): Promise<string> {
  const template = isEmpty ? undefined : inject('postgresTemplate');
  await once(server, `CREATE DATABASE ${name}${template === undefined ? '' : ` ${template}`}`);
  const address = new URL(server);
  address.pathname = `/${name}`;
  return address.href;
}

/** Returns statements that empty every table: faster than TRUNCATE, which creates new files. */
async function deletionOf(query: TestDatabase['query']): Promise<string> {
  const rows = await query<{ name: string; sequence: string | null }>(
    `SELECT table_name AS name, pg_get_serial_sequence('rollcall.outbox', 'outbox_no') AS sequence
    FROM information_schema.tables WHERE table_schema = 'rollcall' AND table_name <> 'migration'
    -- Referencing rows are deleted first.
    ORDER BY array_position(ARRAY['outbox', 'subscription', 'endpoint'], table_name::text)`,
  );
  const deletions = rows.map(({ name }) => `DELETE FROM rollcall.${name}`);
  // On a cluster the column itself cannot be changed.
  return [...deletions, `SELECT setval('${rows[0]?.sequence}', 1, false)`].join('; ');
}

async function once(url: string, statement: string): Promise<void> {
  const client = await connect(url, () => undefined);
  await client.query(statement);
  await client.end();
}
