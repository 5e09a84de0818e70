/**
 * One PostgreSQL for a whole run: the one that `ROLLCALL_TEST_POSTGRES_URL` names, the coordinator of a Citus cluster that
 * `ROLLCALL_TEST_CITUS_URL` names, or one of its own.
 */
import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** True of a Citus cluster: databases are made on every node, and their tables distributed. */
    readonly isCluster: boolean;
    /** Of a database on the server, whose user may make more. */
    readonly postgresUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = process.env['ROLLCALL_TEST_CITUS_URL'];
  project.provide('isCluster', cluster !== undefined);
  const given = cluster ?? process.env['ROLLCALL_TEST_POSTGRES_URL'];
  if (given !== undefined && given !== '') {
    project.provide('postgresUrl', given);
    return () => Promise.resolve();
  }
  const server = await startPostgres();
  project.provide('postgresUrl', server.url);
  return async () => server[Symbol.asyncDispose]();
}
