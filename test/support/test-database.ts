/** A database of a test file's own, on the server of the run. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { createOnCluster, dropOnCluster } from './citus-database.ts';

export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
  /** Runs statements outside the store. */
  readonly query: <Row extends pg.QueryResultRow>(text: string) => Promise<Row[]>;
  /** Takes everything that Rollcall keeps out of it, and counts anew; the tables stay. */
  empty(): Promise<void>;
}

/** @param isEmpty Nothing is in it, not even tables; on a cluster they are distributed else. */
export async function createDatabase({ isEmpty = false } = {}): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const name = `rollcall_test_${randomUUID().replaceAll('-', '')}`;
  const isCluster = inject('isCluster') && !isEmpty;
  const url = isCluster ? await createOnCluster(server, name) : await createOnServer(server, name, isEmpty);
  // Made when it is needed first, and again after it broke: an idle connection that ends fails no test by itself.
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

/** Quicker than TRUNCATE, which makes new files. Rows that refer to others go before them. */
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
