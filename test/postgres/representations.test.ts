/** Tests every representation of every record from a PostgreSQL store, with the routine of the SQLite store. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { attackRepresentations } from '../support/representation-attack.ts';
import { createDatabase, type TestDatabase } from '../support/test-database.ts';

let databases: readonly TestDatabase[];
beforeAll(async () => {
  databases = [await createDatabase(), await createDatabase()];
});
afterAll(() => Promise.all(databases.map((database) => database[Symbol.asyncDispose]())));

it('are what the oracle says of them', async () => {
  const left = databases.map(({ url }) => url);
  const open = () => openPostgresStore(left.pop()!);
  const { answers, findings } = await attackRepresentations({ seed: 2000, records: 40, questions: 12, open });
  expect(findings).toEqual([]);
  expect(answers).toBeGreaterThan(400);
});
