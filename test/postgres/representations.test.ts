/** Tests every representation of every record from a PostgreSQL store, with the routine of the SQLite store. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { attackRepresentations } from '../support/representation-attack.ts';
import { often } from '../support/often.ts';
import { createDatabase, type TestDatabase } from '../support/test-database.ts';

/** Those that no test has taken yet, and all of them. */
let databases: TestDatabase[];
let used: readonly TestDatabase[];
beforeAll(async () => {
  databases = [];
  for (let i = 0; i < 4; i++) databases.push(await createDatabase());
  used = [...databases];
});
afterAll(() => Promise.all(used.map((database) => database[Symbol.asyncDispose]())));

it.each([
  ['of records of the model', 2000, false],
  ['of records that are odd here and there', 2001, true],
])('%s are what the oracle says of them', async (_, seed, odd) => {
  const open = () => openPostgresStore(databases.pop()!.url);
  const questions = { records: often(15, 40), questions: 12 };
  const { answers, findings } = await attackRepresentations({ seed, odd, ...questions, open });
  expect(findings).toEqual([]);
  expect(answers).toBeGreaterThan(often(150, 400));
});
