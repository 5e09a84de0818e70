/** The suite of every store, on PostgreSQL: every case, none left out. */
import { afterAll, beforeAll } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import type { SearchLimits } from '../../src/store/find-calls.ts';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { evidenceSuite } from '../store/evidence-suite.ts';
import { listingSuite } from '../store/listing-suite.ts';
import { quarantineSuite } from '../store/quarantine-suite.ts';
import { retentionSuite } from '../store/retention-suite.ts';
import { fewAtATime, searchSuite } from '../store/search-suite.ts';
import { subscriptionSuite } from '../store/subscription-suite.ts';
import { storeSuite } from '../store/suite.ts';
import { leaseSuite } from '../store/lease-suite.ts';
import { upstreamSuite } from '../store/upstream-suite.ts';
import { createDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

async function open(
  options: { readonly clock?: Clock; readonly searchLimits?: SearchLimits } = {},
): Promise<CallRecordStore> {
  await database.empty();
  return openPostgresStore(database.url, options);
}

storeSuite('PostgreSQL', () => open());
listingSuite('PostgreSQL', () => open());
subscriptionSuite('PostgreSQL', (clock) => open({ clock }));
evidenceSuite('PostgreSQL', (options) => open(options));
upstreamSuite('PostgreSQL', () => open());
leaseSuite('PostgreSQL', () => open());
retentionSuite('PostgreSQL', () => open());
quarantineSuite('PostgreSQL', (clock) => open({ clock }));
searchSuite('PostgreSQL', () => open());
searchSuite('PostgreSQL, a little at a time', () => open({ searchLimits: fewAtATime }));
