/** Tests damaged calls of a PostgreSQL store. */
import { afterAll, beforeAll } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { damagedSuite } from '../store/damaged-suite.ts';
import { createDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

damagedSuite('PostgreSQL', async () => {
  await database.empty();
  const store = await openPostgresStore(database.url);
  const change = async (sql: string) => (await database.query(`${sql} RETURNING 1`)).length;
  return { store, change };
});
