/** Tests that no read uses a replica with other data than the primary, and that a replica that hangs delays no read for long. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import pg from 'pg';
import { openServedStore } from '../../src/serve/run/served-store.ts';
import { systemClock } from '../../src/base/clock.ts';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import type { ReplicaState } from '../../src/store/store.ts';
import { blackHole } from '../support/black-hole.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { aRecord, participants } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const path = (call: string) => `/v1.0/communications/callRecords/${call}/participants_v2`;
const aCall = (id: string) => aRecord(id, { participants_v2: participants(140) });
/** A server that is looked at gets this long to be found what it is, on a machine with other work. */
const patience = { timeout: 20_000 };

/** What the current test opened. */
const open: AsyncDisposable[] = [];
const kept = <T extends AsyncDisposable>(one: T): T => {
  open.push(one);
  return one;
};
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

async function query(url: string, ...texts: string[]) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const text of texts) rows = (await client.query<Record<string, unknown>>(text)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

async function startPrimary(isOtherCluster = false): Promise<PostgresServer> {
  const primary = await startPostgres({ settings: { synchronous_commit: 'local' }, isOtherCluster });
  await using store = await openPostgresStore(primary.url);
  await store.totals();
  return primary;
}

/** Starts a server that may read from a replica, and records the reported states of the replica. */
async function serve(primaryUrl: string, replicaUrl: string) {
  const told: ReplicaState[] = [];
  const store = await openPostgresStore(primaryUrl, {
    readFrom: { urls: [replicaUrl], onChange: (state) => told.push(state) },
  });
  const server = kept(await startTestServer({ store, cacheBytes: 0 }));
  const becomes = (problem: RegExp | undefined) =>
    expect
      .poll(() => {
        const last = told.at(-1);
        if (last === undefined) return 'not reported';
        return problem === undefined
          ? (last.problem ?? 'used')
          : problem.test(last.problem ?? '') || last.problem;
      }, patience)
      .toBe(problem === undefined ? 'used' : true);
  return { server, becomes, told, reads: () => store.replicas()[0]!.reads };
}

/** Adds calls one by one and asks for each at once. @returns The statuses. */
async function added(server: TestServer, names: readonly string[]): Promise<Set<number>> {
  const statuses = new Set<number>();
  for (const name of names) {
    await server.import([aCall(name)]);
    statuses.add((await server.get(path(name))).status);
  }
  return statuses;
}

/** Log that nobody needs, so that a server is farther than another. */
const padding = `INSERT INTO padding SELECT repeat('x', 1000) FROM generate_series(1, 5000)`;
const names = (prefix: string) => Array.from({ length: 8 }, (_, i) => `${prefix}-${i}`);
const asRole = (url: string) => {
  const other = new URL(url);
  Object.assign(other, { username: 'plain', password: 'plain' });
  return other.href;
};

const roles = [
  `CREATE ROLE plain LOGIN PASSWORD 'plain'`,
  'GRANT USAGE ON SCHEMA rollcall TO plain',
  'GRANT ALL ON ALL TABLES IN SCHEMA rollcall TO plain',
];

let servers: AsyncDisposableStack;
/** A primary with its standby. */
let primary: PostgresServer;
let standby: PostgresServer;
/** Another primary, promoted from a copy of the first, with its standby: another branch of history. */
let promoted: PostgresServer;
let other: PostgresServer;
beforeAll(async () => {
  servers = new AsyncDisposableStack();
  primary = servers.use(await startPrimary());
  await query(primary.url, ...roles);
  standby = servers.use(await primary.follow());
  promoted = servers.use(await primary.follow());
  other = servers.use(await promoted.follow());
  await query(promoted.url, 'SELECT pg_promote()');
  await query(promoted.url, 'CREATE TABLE padding (text text)', padding);
  const [{ lsn } = {}] = await query(promoted.url, 'SELECT pg_current_wal_insert_lsn() AS lsn');
  const far = `SELECT pg_last_wal_replay_lsn() >= '${String(lsn)}' AS far`;
  await vi.waitFor(async () => expect(await query(other.url, far)).toEqual([{ far: true }]), patience);
});
afterAll(() => servers.disposeAsync());

describe('a replica of another branch of history', () => {
  it('is refused with what differs, and every acknowledged call is found', async () => {
    const { server, becomes, reads } = await serve(primary.url, other.url);
    expect(await added(server, names('first'))).toEqual(new Set([200]));
    await becomes(/^it is on another branch of history \(its timeline is 2, that of the store is 1\)$/);
    expect(await added(server, names('second'))).toEqual(new Set([200]));
    expect(reads()).toBe(0);
  });

  it('is refused when only some connections lead to it', async () => {
    const shared = kept(await blackHole(standby.url));
    const { server, becomes, reads, told } = await serve(primary.url, shared.url);
    await becomes(undefined);
    // The look goes on by its connection; those of reads are yet to be made.
    shared.leadTo(other.url);
    expect(reads()).toBe(0);
    expect(await added(server, names('shared'))).toEqual(new Set([200]));
    expect(reads()).toBe(0);
    expect(told.some(({ problem }) => /another branch of history/.test(problem ?? ''))).toBe(true);
  });

  it('is recognised by its last checkpoint if the user may not read what it receives, and a warning says so', async () => {
    const mine = await serve(asRole(primary.url), asRole(standby.url));
    await mine.becomes(undefined);
    expect(mine.told.at(-1)?.unchecked).toMatch(/as of its last checkpoint only\. GRANT pg_read_all_stats/);
    await query(other.url, 'CHECKPOINT');
    const others = await serve(primary.url, other.url);
    await others.becomes(/another branch of history/);
  });

  it('is distinguished from one that follows a promotion', async () => {
    const { server, becomes, reads } = await serve(promoted.url, other.url);
    await becomes(undefined);
    await server.import([aCall('promoted')]);
    await expect
      .poll(async () => {
        expect((await server.get(path('promoted'))).status).toBe(200);
        return reads();
      }, patience)
      .toBeGreaterThan(0);
  });
});

it('a replica of another cluster is refused with what differs, and every acknowledged call is found', async () => {
  const foreign = kept(await startPrimary(true));
  const itsStandby = kept(await foreign.follow());
  await query(foreign.url, 'CREATE TABLE padding (text text)', padding);
  const { server, becomes, reads } = await serve(primary.url, itsStandby.url);
  expect(await added(server, names('call'))).toEqual(new Set([200]));
  await becomes(
    /^it belongs to another database cluster \(its system identifier is \d+, that of the store is \d+\)$/,
  );
  expect(reads()).toBe(0);
});

it('a replica that does not report its identity is read from, and the log warns that this is not checked', async () => {
  await query(primary.url, 'REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC');
  const lines: string[] = [];
  const settings = { store: asRole(primary.url), 'store-read': [asRole(standby.url)] };
  const log = { write: (text: string) => lines.push(text) };
  kept(
    await openServedStore(
      { ...settings, 'log-format': 'text', quiet: false } as never, // of all settings, those that are looked at
      { stderr: log, stdout: log, clock: systemClock } as never,
      { clock: systemClock },
    ),
  );
  const unchecked = /is read from\. Rollcall cannot check that it is a replica of the store/;
  await expect.poll(() => lines.filter((line) => unchecked.test(line)).length, patience).toBe(1);
});

describe('a replica that hangs', () => {
  it('delays a read by about a second; then the primary answers, and the replica is not used until it answers a probe', async () => {
    const { server, becomes, reads } = await serve(primary.url, standby.url);
    await server.import([aCall('hanging')]);
    await becomes(undefined);
    const read = async () => {
      const begun = performance.now();
      const { status } = await server.get(path('hanging'));
      return { status, ms: performance.now() - begun };
    };
    await expect.poll(async () => [(await read()).status, reads() > 0], patience).toEqual([200, true]);
    standby.freeze();
    const ends = await Promise.all(Array.from({ length: 30 }, read));
    expect(new Set(ends.map(({ status }) => status))).toEqual(new Set([200]));
    // A second and a quarter; the bound is what a machine with much other work may take besides.
    expect(Math.max(...ends.map(({ ms }) => ms))).toBeLessThan(15_000);
    await becomes(/^it does not answer$/);
    const before = reads();
    expect((await read()).status).toBe(200);
    expect(reads()).toBe(before);
    standby.thaw();
    await becomes(undefined);
    await expect.poll(async () => [(await read()).status, reads() > before], patience).toEqual([200, true]);
  });
});
