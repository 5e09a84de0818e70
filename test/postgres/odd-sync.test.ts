import { afterAll, beforeAll } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { createDatabase, type TestDatabase } from '../support/test-database.ts';
import { oddSyncSuite } from '../sync/odd-suite.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

oddSyncSuite('PostgreSQL', async (clock) => {
  await database.empty();
  return openPostgresStore(database.url, { clock });
});
