import { afterAll, beforeAll } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { oddUpstreamSuite } from '../support/odd-upstream-suite.ts';
import { createDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

oddUpstreamSuite(
  'PostgreSQL',
  () => database.url,
  () => openPostgresStore(database.url),
  // The other answers bring nothing odd to the store: SQLite's run has them.
  ({ marks, setAside }) => marks !== undefined || setAside !== undefined,
);
