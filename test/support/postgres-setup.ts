/**
 * Provides one PostgreSQL for a whole run: the server that `ROLLCALL_TEST_POSTGRES_URL` names, the coordinator of a
 * Citus cluster that `ROLLCALL_TEST_CITUS_URL` names, or a new one.
 */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { shareCluster, startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** True for a Citus cluster: databases are created on every node, and their tables distributed. */
    readonly isCluster: boolean;
    /** The URL of a database whose user may create others. */
    readonly postgresUrl: string;
    /** The clause of CREATE DATABASE that copies Rollcall's tables; none on a cluster. */
    readonly postgresTemplate: string | undefined;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = process.env['ROLLCALL_TEST_CITUS_URL'];
  project.provide('isCluster', cluster !== undefined);
  const offer = async (url: string, strategy = '') => {
    project.provide('postgresUrl', url);
    const template = cluster === undefined ? await createTemplate(url) : undefined;
    project.provide('postgresTemplate', template && `TEMPLATE ${template}${strategy}`);
    return template;
  };
  const given = cluster ?? process.env['ROLLCALL_TEST_POSTGRES_URL'];
  if (given !== undefined && given !== '') {
    const template = await offer(given);
    return async () => {
      if (template !== undefined) await run(given, `DROP DATABASE ${template}`);
    };
  }
  const deleteCluster = await shareCluster();
  const server = await startPostgres();
  // A third of the work of a copy through the log; before PostgreSQL 15 there is no choice.
  await offer(server.url, ' STRATEGY FILE_COPY');
  return async () => {
    deleteCluster();
    await server[Symbol.asyncDispose]();
  };
}

/** Creates the tables once: a copy of them takes a fraction of the time. */
async function createTemplate(server: string): Promise<string> {
  const name = `rollcall_template_${randomUUID().replaceAll('-', '')}`;
  await run(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  await (await openPostgresStore(url.href))[Symbol.asyncDispose]();
  return name;
}

async function run(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}
