/**
 * Changes one bit of a SQLite store, in its file or in a row: every response and every export must be unchanged or an error.
 * A verification must find a bit that hides a call (its id, its tenant).
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { isOfSearch } from '../../src/store/sqlite/schema.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { StoreError } from '../../src/store/store-errors.ts';
import { verifyTenant } from '../../src/maintain/verify/report.ts';
import { knownTenants } from '../../src/maintain/verify/tenants.ts';
import {
  compareSaid,
  everythingSaid,
  flipBitOfFile,
  randomOf,
  type Said,
  sqliteFlips,
} from '../support/bit-flips.ts';
import { fillWhole } from '../support/copied.ts';
import { longestMs, often, testSeed } from '../support/often.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
const tenantId = '11111111-1111-4111-8111-111111111111';
const base = join(folder, 'base.db');
const seed = testSeed;
const fileFlips = Number(process.env['ROLLCALL_TEST_FLIPS'] ?? often(2, 10));
let callIds: readonly string[];
let before: Said;

beforeAll(async () => {
  {
    await using store = openSqliteStore(base);
    await fillWhole(store, 1);
    for (const name of ['skip-token-key', 'sign-in-key'])
      await store.secret(name, () => Promise.resolve(Buffer.alloc(32, 7).toString('base64')));
    callIds = await store.evidence.calls(tenantId, undefined, 1000);
    const report = JSON.stringify(await verify(store));
    await store.evidence.keepVerification(tenantId, { endedMs: 5, report });
  }
  before = await everythingSaid(openSqliteStore(copied()), tenantId, callIds);
});

const verify = (store: CallRecordStore, tenant = tenantId) =>
  verifyTenant(store, tenant, { clock: systemClock, onRead: () => undefined });

function copied(): string {
  const path = join(folder, 'copy.db');
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
  copyFileSync(base, path);
  return path;
}

/**
 * Runs a verification.
 *
 * @returns How many faults it finds, plus one when it fails itself
 */
async function noticed(store: CallRecordStore): Promise<number> {
  try {
    let corrupt = await store.evidence.engineFaults();
    for (const tenant of await knownTenants(store)) corrupt += (await verify(store, tenant)).corrupt;
    return corrupt;
  } catch (error) {
    if (error instanceof StoreError) return 1;
    throw error;
  }
}

async function look(path: string) {
  let store: CallRecordStore;
  try {
    store = openSqliteStore(path);
  } catch (error) {
    if (error instanceof StoreError) return undefined; // an error message: no wrong data is served
    throw error;
  }
  const corrupt = await noticed(store);
  return { corrupt, ...compareSaid(before, await everythingSaid(store, tenantId, callIds)) };
}

describe(`with seed ${seed}`, () => {
  it(
    'returns the same response or refuses it after a bit flip in any column of bytes or text',
    { timeout: longestMs },
    async () => {
      const columns = [...sqliteFlips(new DatabaseSync(base, { readOnly: true }), randomOf(seed))].length;
      expect(columns).toBeGreaterThan(30);
      let refusals = 0;
      const step = often(9, 1);
      for (let i = seed % step; i < columns; i += step) {
        const path = copied();
        const database = new DatabaseSync(path);
        const { table, column, flip } = [...sqliteFlips(database, randomOf(seed))][i]!;
        flip();
        database.close();
        const { corrupt = 1, wrong = [], hidden = [], refused = 0 } = (await look(path)) ?? {};
        expect([table, column, wrong]).toEqual([table, column, []]);
        // A search finds less when its index is damaged: its results are read from the calls.
        if (hidden.length > 0 && !isOfSearch(table))
          expect([table, column, hidden, corrupt > 0]).toEqual([table, column, hidden, true]);
        refusals += refused;
      }
      expect(refusals).toBeGreaterThan(often(2, 20));
    },
  );

  it(
    'returns the same response or refuses it after a bit flip anywhere in the file',
    { timeout: longestMs },
    async () => {
      const random = randomOf(seed);
      for (let i = 0; i < fileFlips; i++) {
        const path = copied();
        const name = flipBitOfFile(path, random);
        const { corrupt = 1, wrong = [], hidden = [] } = (await look(path)) ?? {};
        expect([name, wrong]).toEqual([name, []]);
        const calls = hidden.filter((asked) => !asked.startsWith('/rollcall/'));
        if (calls.length > 0) expect([name, calls, corrupt > 0]).toEqual([name, calls, true]);
      }
    },
  );
});
