/** Tests one changed bit in each column of bytes or text of a PostgreSQL store, as the SQLite test does for its rows. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { StoreError } from '../../src/store/store-errors.ts';
import { verifyTenant } from '../../src/maintain/verify/report.ts';
import { knownTenants } from '../../src/maintain/verify/tenants.ts';
import { compareSaid, everythingSaid, flipBit, randomOf, type Said } from '../support/bit-flips.ts';
import { fillWhole } from '../support/copied.ts';
import { longestMs, often, testSeed } from '../support/often.ts';
import { createDatabase, type TestDatabase } from '../support/test-database.ts';

const tenantId = '11111111-1111-4111-8111-111111111111';
const seed = testSeed;
let database: TestDatabase;
let callIds: readonly string[];
let before: Said;
beforeAll(async () => {
  database = await createDatabase();
  await using store = await openPostgresStore(database.url);
  await fillWhole(store, 1);
  callIds = await store.evidence.calls(tenantId, undefined, 1000);
  const report = await verifyTenant(store, tenantId, { clock: systemClock, onRead: () => undefined });
  await store.evidence.keepVerification(tenantId, { endedMs: 5, report: JSON.stringify(report) });
  before = await everythingSaid(store, tenantId, callIds);
});
afterAll(() => database[Symbol.asyncDispose]());

/** Search is by terms that are not read from calls; what it gives is. */
const ofSearch = new Set(['phrase', 'found_call']);

const literal = (value: Uint8Array | string) =>
  typeof value === 'string'
    ? `'${value.replaceAll("'", "''")}'`
    : `'\\x${Buffer.from(value).toString('hex')}'::bytea`;

async function noticed(): Promise<number> {
  await using store = await openPostgresStore(database.url);
  try {
    let corrupt = 0;
    for (const tenant of await knownTenants(store))
      corrupt += (await verifyTenant(store, tenant, { clock: systemClock, onRead: () => undefined })).corrupt;
    return corrupt;
  } catch (error) {
    if (error instanceof StoreError) return 1;
    throw error;
  }
}

it(
  `a bit in each column changes no answer but to a refusal (seed ${seed})`,
  { timeout: longestMs },
  async () => {
    const random = randomOf(seed);
    const columns = await database.query<{ table_name: string; column_name: string }>(
      `SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'rollcall' AND data_type IN ('bytea', 'text') ORDER BY 1, 2`,
    );
    expect(columns.length).toBeGreaterThan(30);
    let refusals = 0;
    const step = often(9, 1);
    for (const [i, { table_name: table, column_name: column }] of columns.entries()) {
      if (i % step !== seed % step) continue;
      const rows = await database.query<{ value: Uint8Array | string }>(
        `SELECT DISTINCT ${column} AS value FROM rollcall.${table} WHERE length(${column}) > 0 ORDER BY 1`,
      );
      const row = rows[Math.floor(random() * rows.length)];
      if (row === undefined) continue;
      const flipped = flipBit(row.value, random);
      const set = (to: Uint8Array | string, from: Uint8Array | string) =>
        database.query(
          `UPDATE rollcall.${table} SET ${column} = ${literal(to)} WHERE ${column} = ${literal(from)}`,
        );
      await set(flipped, row.value);
      const corrupt = await noticed();
      const store = await openPostgresStore(database.url);
      // Ended by the server that asks it.
      const { wrong, hidden, refused } = compareSaid(before, await everythingSaid(store, tenantId, callIds));
      expect([table, column, wrong]).toEqual([table, column, []]);
      if (hidden.length > 0 && !ofSearch.has(table))
        expect([table, column, hidden, corrupt > 0]).toEqual([table, column, hidden, true]);
      refusals += refused;
      // A key that was not found was replaced.
      if (table === 'secret' && column === 'name')
        await database.query(`DELETE FROM rollcall.secret WHERE name = ${literal(row.value)}`);
      await set(row.value, flipped);
    }
    expect(refusals).toBeGreaterThan(often(2, 20));
  },
);
