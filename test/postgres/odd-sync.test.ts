import { afterAll, beforeAll } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { createDatabase, type TestDatabase } from '../support/test-database.ts';
import { oddSyncSuite } from '../sync/odd-suite.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

/** Answers of which nothing odd comes to the store: SQLite's run has them. */
const isSoundWhenStored = /^(an item|an empty link|a null link|empty pages)/;

oddSyncSuite(
  'PostgreSQL',
  async (clock) => {
    await database.empty();
    return openPostgresStore(database.url, { clock });
  },
  (name) => !isSoundWhenStored.test(name),
);
