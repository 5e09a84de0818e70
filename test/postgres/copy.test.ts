/** Copies between SQLite and PostgreSQL. */
import { afterAll, describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { copy, copySuite } from '../support/copied.ts';
import { fill } from '../support/filled-store.ts';
import { createDatabase, type TestDatabase } from '../support/test-database.ts';

const databases: TestDatabase[] = [];
afterAll(async () => {
  for (const database of databases) await database[Symbol.asyncDispose]();
});

const sqlite = () => Promise.resolve(openSqliteStore(':memory:'));
async function postgres() {
  const database = await createDatabase();
  databases.push(database);
  return openPostgresStore(database.url);
}

describe('from SQLite to PostgreSQL', () => copySuite({ source: sqlite, target: postgres }));
describe('from PostgreSQL to PostgreSQL', () => copySuite({ source: postgres, target: postgres }));

it('numbers that two tenants have in common are moved up for SQLite, and nothing else is', async () => {
  const tenants = ['11111111-1111-4111-8111-111111111111', '33333333-3333-4333-8333-333333333333'] as const;
  await using from = await postgres();
  for (const tenantId of tenants) await fill(from, tenantId, 10);
  await using to = await sqlite();
  expect((await copy(from, to)).differences).toEqual([]);
  const numbers = async (tenantId: string) => (await to.edition(tenantId, 'found'))!;
  const [one, other] = [await numbers(tenants[0]), await numbers(tenants[1])];
  expect(other.edition).toBeGreaterThan(one.edition);
  expect(other.found?.list).toBe(-other.edition);
  expect(await to.foundIndex(other, 'found-person')).toBe(0);
});
