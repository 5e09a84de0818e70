/** The whole contract on PostgreSQL. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { often } from '../support/often.ts';
import { createDatabase, type TestDatabase } from '../support/test-database.ts';
import { holdContract, startContract } from '../support/whole-contract.ts';

let databases: readonly TestDatabase[];
beforeAll(async () => {
  databases = [await createDatabase(), await createDatabase(), await createDatabase()];
});
afterAll(() => Promise.all(databases.map((database) => database[Symbol.asyncDispose]())));

it('what is imported is verified, served, exported and synced as it was received', async () => {
  const left = databases.map(({ url }) => url);
  await using contract = await startContract(() => openPostgresStore(left.pop()!));
  await holdContract(contract, often(4, 100));
  expect(contract.figures.answers).toBeGreaterThan(10);
}, 900_000);
