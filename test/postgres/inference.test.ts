import { afterAll, beforeAll } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { inferenceSuite } from '../store/inference-suite.ts';
import { createDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let other: TestDatabase;
beforeAll(async () => {
  [database, other] = await Promise.all([createDatabase(), createDatabase()]);
});
afterAll(() => Promise.all([database, other].map((one) => one[Symbol.asyncDispose]())));

inferenceSuite(
  'PostgreSQL',
  async () => {
    await database.empty();
    return openPostgresStore(database.url);
  },
  () => openPostgresStore(other.url),
);
