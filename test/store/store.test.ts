import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Clock } from '../../src/base/clock.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { createOracle } from '../support/oracle/oracle-store.ts';
import { openSqliteStore, SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { activitySuite } from './activity-suite.ts';
import { qualitySuite } from './quality-suite.ts';
import { rollSuite } from './roll-suite.ts';
import { evidenceSuite } from './evidence-suite.ts';
import { filteredSubscriptionSuite } from './filtered-subscription-suite.ts';
import { listingSuite } from './listing-suite.ts';
import { quarantineSuite } from './quarantine-suite.ts';
import { retentionSuite } from './retention-suite.ts';
import { earlierIdsSuite, idsSuite } from './ids-suite.ts';
import { fewAtATime, searchSuite } from './search-suite.ts';
import { standingSuite } from './standing-suite.ts';
import { subscriptionSuite } from './subscription-suite.ts';
import { storeSuite } from './suite.ts';
import { leaseSuite } from './lease-suite.ts';
import { upstreamSuite } from './upstream-suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

interface Options {
  readonly clock?: Clock;
}

const backends: Readonly<Record<string, (options?: Options) => CallRecordStore>> = {
  'the oracle': (options) => createOracle(options),
  'SQLite, in memory': (options) => openSqliteStore(':memory:', options),
  'a SQLite file': (options) => openSqliteStore(join(folder, `${files++}.db`), options),
};
for (const [backend, open] of Object.entries(backends)) {
  storeSuite(backend, () => Promise.resolve(open()));
  // The statements are those of a file.
  if (backend === 'SQLite, in memory') continue;
  listingSuite(backend, () => Promise.resolve(open()));
  subscriptionSuite(backend, (clock) => open({ clock }));
  filteredSubscriptionSuite(backend, (clock) => open({ clock }));
  evidenceSuite(backend, (options) => Promise.resolve(open(options)));
  upstreamSuite(backend, () => Promise.resolve(open()));
  leaseSuite(backend, () => Promise.resolve(open()));
  retentionSuite(backend, () => Promise.resolve(open()));
  quarantineSuite(backend, (clock) => Promise.resolve(open({ clock })));
  idsSuite(backend, () => Promise.resolve(open()));
}

earlierIdsSuite(
  'SQLite',
  () => Promise.resolve(openSqliteStore(':memory:')),
  (store) => {
    if (!(store instanceof SqliteStore)) throw new Error('It is a SQLite store.');
    const { database } = store;
    for (const [table, column] of [
      ['participant', 'participant_id'],
      ['session', 'session_id'],
    ])
      database.exec(`UPDATE ${table} SET ${column} = upper(${column}) WHERE length(${column}) = 36`);
    return Promise.resolve();
  },
);

standingSuite('SQLite', (options) => Promise.resolve(openSqliteStore(':memory:', options)));
activitySuite('SQLite', () => Promise.resolve(openSqliteStore(':memory:')));
qualitySuite('SQLite', () => Promise.resolve(openSqliteStore(':memory:')));
rollSuite('SQLite', () => Promise.resolve(openSqliteStore(':memory:')));
searchSuite('SQLite', () => Promise.resolve(openSqliteStore(':memory:')));
searchSuite('SQLite, a little at a time', () =>
  Promise.resolve(openSqliteStore(':memory:', { searchLimits: fewAtATime })),
);
