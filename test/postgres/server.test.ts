/** What an operator meets: a new database, a newer one, a server that is down, and one that is away for a while. */
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { migrations } from '../../src/store/postgres/schema.ts';
import { StoreError } from '../../src/store/store-errors.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { aRecord, participants } from '../support/records.ts';
import { importLines, startTestServer } from '../support/server.ts';
import { createDatabase } from '../support/test-database.ts';

async function database() {
  const made = await createDatabase();
  onTestFinished(() => made[Symbol.asyncDispose]());
  return made;
}

async function refusalOf(url: string): Promise<string> {
  try {
    await using store = await openPostgresStore(url);
    await store.totals();
    return 'opened';
  } catch (error) {
    if (error instanceof StoreError) return error.message;
    throw error;
  }
}

function changed(url: string, change: (address: URL) => void): { url: string; name: string } {
  const address = new URL(url);
  change(address);
  return { url: address.href, name: `postgres://${address.host}${address.pathname}` };
}

describe('a database', () => {
  it('is made ready once by several processes that start at once, and holds what was added', async () => {
    const { url, query } = await database();
    const stores = await Promise.all(Array.from({ length: 4 }, () => openPostgresStore(url)));
    await importLines(stores[0]!, [aRecord('call', { participants_v2: participants(300) })], 't');
    expect((await stores[3]!.edition('t', 'call'))?.participants?.count).toBe(300);
    for (const store of stores) await store[Symbol.asyncDispose]();
    expect(await query('SELECT number FROM rollcall.migration ORDER BY number')).toEqual(
      migrations.map((_, i) => ({ number: i + 1 })),
    );
    await using again = await openPostgresStore(url);
    expect(await again.totals()).toEqual({ calls: 1, editions: 1 });
  });

  it('of a release that kept snapshots is rid of them', async () => {
    const { url, query } = await database();
    await refusalOf(url);
    await query(`CREATE TABLE rollcall.snapshot (
        snapshot_no integer GENERATED ALWAYS AS IDENTITY, migrations integer NOT NULL, name text PRIMARY KEY);
      INSERT INTO rollcall.snapshot (migrations, name) VALUES (1, 'one');
      CREATE SCHEMA rollcall_snapshot_1;
      CREATE TABLE rollcall_snapshot_1.edition AS TABLE rollcall.edition;
      CREATE SCHEMA rollcall_snapshots_of_mine`);
    await query(migrations.find((migration) => migration.includes('DROP SCHEMA'))!);
    expect(await refusalOf(url)).toBe('opened');
    expect(await query(`SELECT nspname FROM pg_namespace WHERE nspname LIKE 'rollcall%' ORDER BY 1`)).toEqual(
      ['rollcall', 'rollcall_snapshots_of_mine'].map((nspname) => ({ nspname })),
    );
    expect(await query(`SELECT to_regclass('rollcall.snapshot')::text AS found`)).toEqual([{ found: null }]);
  });

  it('of a newer release is refused', async () => {
    const { url, query } = await database();
    await refusalOf(url);
    await query('INSERT INTO rollcall.migration (number) VALUES (999)');
    expect(await refusalOf(url)).toBe(
      `The store at ${changed(url, () => undefined).name} was created by a newer Rollcall (schema 999, this release knows ${migrations.length}). Use that release or a newer one, or restore the backup from before the upgrade: see docs/restoring.md.`,
    );
  });

  it('that cannot be reached is told in a sentence without the password', async () => {
    const { url } = await database();
    const cases: [ReturnType<typeof changed>, string][] = [
      [changed(url, (to) => (to.password = 'secret-of-mine')), 'the server rejected the password.'],
      [
        changed(url, (to) => (to.pathname = '/nowhere')),
        'the database does not exist. Create it with CREATE DATABASE.',
      ],
      [changed(url, (to) => (to.port = '1')), 'no server listens there.'],
      [changed(url, (to) => (to.hostname = 'no-such-host.invalid')), 'the host name does not exist.'],
      [
        changed(url, (to) => to.searchParams.set('sslmode', 'require')),
        'it does not support TLS, which sslmode requires.',
      ],
    ];
    for (const [to, reason] of cases)
      expect(await refusalOf(to.url)).toBe(`The store at ${to.name} does not work: ${reason}`);
  });

  it('tells what each table takes, on a cluster before its tables are placed too', async () => {
    await using made = await createDatabase({ isEmpty: true });
    if (inject('isCluster')) await made.query('CREATE EXTENSION citus');
    await using store = await openPostgresStore(made.url);
    const { tables, bytes } = await store.transfer.describe(); // every store of a server has it
    expect(tables.map(({ name }) => name)).toContain('edition');
    expect(tables.filter((table) => table.bytes <= 0)).toEqual([]);
    expect(bytes).toBe(tables.reduce((sum, table) => sum + table.bytes, 0));
  });

  it('that may not be written says so, and is read', async () => {
    const { url, query } = await database();
    {
      await using store = await openPostgresStore(url);
      await importLines(store, [aRecord('call')], 't');
    }
    await query(
      `DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET default_transaction_read_only = on'; END $$`,
    );
    await using store = await openPostgresStore(url);
    expect((await store.edition('t', 'call'))?.version).toBe(1n);
    await expect(importLines(store, [aRecord('other')], 't')).rejects.toThrow(/it is read-only/);
  });

  it('writes nothing of an addition that fails half way', async () => {
    const { url, query } = await database();
    await using store = await openPostgresStore(url);
    await importLines(store, [aRecord('before', { participants_v2: participants(1) })], 't');
    await query(`ALTER TABLE rollcall.participant ADD CONSTRAINT few CHECK (position < 5)`);
    const many = aRecord('after', { participants_v2: participants(9) });
    await expect(importLines(store, [many], 't')).rejects.toThrow(StoreError);
    await query('ALTER TABLE rollcall.participant DROP CONSTRAINT few');
    expect([await store.totals(), await store.newestEdition('t')]).toEqual([{ calls: 1, editions: 1 }, 1]);
    await importLines(store, [many], 't');
    expect((await store.edition('t', 'after'))?.edition).toBe(2);
  });
});

describe('a server that goes away and comes back', () => {
  let postgres: Awaited<ReturnType<typeof startPostgres>>;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres[Symbol.asyncDispose]());

  it('is answered for with 503 and Retry-After, and found again by itself', async () => {
    await using server = await startTestServer({ store: await openPostgresStore(postgres.url) });
    await server.import([aRecord('call', { participants_v2: participants(200) })]);
    const read = async () => {
      const response = await server.get('/v1.0/communications/callRecords/call/participants_v2');
      return [response.status, response.headers.get('retry-after')];
    };
    expect(await read()).toEqual([200, null]);
    await postgres.stop();
    expect(await Promise.all(Array.from({ length: 30 }, read))).toEqual(
      Array.from({ length: 30 }, () => [503, '5']),
    );
    expect((await server.get('/readyz')).status).toBe(503);
    await postgres.start();
    expect(await Promise.all(Array.from({ length: 30 }, read))).toEqual(
      Array.from({ length: 30 }, () => [200, null]),
    );
    expect((await server.import([aRecord('call', { version: 2 })])).newVersions).toBe(1);
    for (const defect of server.defects) expect(String(defect)).not.toMatch(/participant|call/);
  });
});
