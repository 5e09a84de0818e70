/** `find`, `show` and `export --call` on PostgreSQL. */
import { afterAll, beforeAll } from 'vitest';
import { fillForFinding, findingSuite } from '../support/finding-suite.ts';
import { createDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await fillForFinding(database.url);
});
afterAll(() => database[Symbol.asyncDispose]());

findingSuite(() => database.url);
