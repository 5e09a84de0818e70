/** What the API answers, from PostgreSQL: each row of docs/compatibility.md whose server asks its store otherwise. */
import { afterAll } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { compatibilitySuite } from '../contract/compatibility/suite.ts';
import { startTestServer } from '../support/server.ts';
import { createDatabase, type TestDatabase } from '../support/test-database.ts';

const databases: TestDatabase[] = [];
// Hooks run in reverse: the servers are stopped before their databases go.
afterAll(async () => {
  for (const database of databases) await database[Symbol.asyncDispose]();
});

/** Servers that differ from the usual one before or after their store answers: SQLite's run asks their rows. */
const alike: readonly unknown[] = ['loose', 'usgov', 'dod', 'china', 'throttled', 'cors'];

compatibilitySuite(
  async (options) => {
    const database = await createDatabase();
    databases.push(database);
    return startTestServer({ ...options, store: await openPostgresStore(database.url) });
  },
  ({ server }) => !alike.includes(server),
);
