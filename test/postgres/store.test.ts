/** The suite of every store, on PostgreSQL: every case, none left out. */
import { afterAll, beforeAll } from 'vitest';
import type { Clock } from '../../src/base/clock.ts';
import type { SearchLimits } from '../../src/store/find-calls.ts';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { activitySuite } from '../store/activity-suite.ts';
import { qualitySuite } from '../store/quality-suite.ts';
import { rollSuite } from '../store/roll-suite.ts';
import { evidenceSuite } from '../store/evidence-suite.ts';
import { earlierIdsSuite, idsSuite } from '../store/ids-suite.ts';
import { filteredSubscriptionSuite } from '../store/filtered-subscription-suite.ts';
import { listingSuite } from '../store/listing-suite.ts';
import { quarantineSuite } from '../store/quarantine-suite.ts';
import { retentionSuite } from '../store/retention-suite.ts';
import { fewAtATime, searchSuite } from '../store/search-suite.ts';
import { standingSuite } from '../store/standing-suite.ts';
import { subscriptionSuite } from '../store/subscription-suite.ts';
import { storeSuite } from '../store/suite.ts';
import { leaseSuite } from '../store/lease-suite.ts';
import { upstreamSuite } from '../store/upstream-suite.ts';
import { often } from '../support/often.ts';
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
filteredSubscriptionSuite('PostgreSQL', (clock) => open({ clock }));
evidenceSuite('PostgreSQL', (options) => open(options));
upstreamSuite('PostgreSQL', () => open());
leaseSuite('PostgreSQL', () => open());
retentionSuite('PostgreSQL', () => open());
quarantineSuite('PostgreSQL', (clock) => open({ clock }));
idsSuite('PostgreSQL', () => open(), often(4, 100));
earlierIdsSuite(
  'PostgreSQL',
  () => open(),
  async () => {
    // The key of a GUID that is in capitals: its text after a 1 (src/store/postgres/keys.ts).
    const asText = (key: string) => `'\\x01'::bytea || convert_to(upper(regexp_replace(
      encode(substr(${key}, 2), 'hex'), '(.{8})(.{4})(.{4})(.{4})(.{12})', '\\1-\\2-\\3-\\4-\\5')), 'UTF8')`;
    const isGuid = (key: string) => `length(${key}) = 17 AND get_byte(${key}, 0) = 0`;
    await database.query(`UPDATE rollcall.participant SET participant_key = ${asText('participant_key')}
      WHERE ${isGuid('participant_key')}`);
    await database.query(`UPDATE rollcall.session_block SET session_keys = (SELECT array_agg(
        CASE WHEN ${isGuid('key')} THEN ${asText('key')} ELSE key END ORDER BY at)
      FROM unnest(session_keys) WITH ORDINALITY AS k (key, at)) WHERE cardinality(session_keys) > 0`);
  },
);
activitySuite('PostgreSQL', () => open());
qualitySuite('PostgreSQL', () => open());
rollSuite('PostgreSQL', () => open());
standingSuite('PostgreSQL', (options) => open(options));
searchSuite('PostgreSQL', () => open());
searchSuite('PostgreSQL, a little at a time', () => open({ searchLimits: fewAtATime }));
