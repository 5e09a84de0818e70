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
  return {
    url,
    query,
    async empty() {
      await query(deleteAll);
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
  await once(server, `CREATE DATABASE ${name}${template === undefined ? '' : ` TEMPLATE ${template}`}`);
  const address = new URL(server);
  address.pathname = `/${name}`;
  return address.href;
}

/** Faster than TRUNCATE, which creates new files. Referencing rows are deleted first. */
const deleteAll = `DO $$
  DECLARE
    name text;
  BEGIN
    FOR name IN SELECT table_name FROM information_schema.tables
      WHERE table_schema = 'rollcall' AND table_name <> 'migration'
      ORDER BY array_position(ARRAY['outbox', 'subscription', 'endpoint'], table_name::text)
    LOOP
      EXECUTE format('DELETE FROM rollcall.%I', name);
    END LOOP;
    IF to_regclass('rollcall.outbox') IS NOT NULL THEN
      -- On a cluster the column itself cannot be changed.
      PERFORM setval(pg_get_serial_sequence('rollcall.outbox', 'outbox_no'), 1, false);
    END IF;
  END $$`;

async function once(url: string, statement: string): Promise<void> {
  const client = await connect(url, () => undefined);
  await client.query(statement);
  await client.end();
}
