/** Reads of the API from a streaming replica: one that stands still, goes away, and becomes the primary. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import type { CallRecordStore, ReplicaState } from '../../src/store/store.ts';
import { aRecord, participants } from '../support/records.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const path = (call: string) => `/v1.0/communications/callRecords/${call}/participants_v2`;
const aCall = (id: string, version = 1) => aRecord(id, { version, participants_v2: participants(140) });

/** A store with a replica, what was told of the replica, and a way to wait for the next of it. */
async function openWith(url: string, replicaUrl: string, longestLagSeconds = 30) {
  const told: (string | undefined)[] = [];
  let waiting: (() => void)[] = [];
  const store = await openPostgresStore(url, {
    readFrom: {
      urls: [replicaUrl],
      longestLagSeconds,
      onChange: ({ problem }) => {
        told.push(problem);
        for (const wake of waiting) wake();
        waiting = [];
      },
    },
  });
  const becomes = async (isWanted: (problem: string | undefined) => boolean) => {
    while (told.length === 0 || !isWanted(told.at(-1))) await new Promise<void>((wake) => waiting.push(wake));
  };
  return { store, told, becomes, used: () => becomes((problem) => problem === undefined) };
}

const replicaOf = (store: CallRecordStore): ReplicaState => store.replicas()[0]!;

async function query(url: string, text: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, string>>(text)).rows;
  } finally {
    await client.end();
  }
}

const isReplayed = async (primary: PostgresServer, standby: PostgresServer) => {
  const [{ position } = { position: '' }] = await query(
    primary.url,
    'SELECT pg_current_wal_insert_lsn() AS position',
  );
  await expect
    .poll(async () => query(standby.url, `SELECT pg_last_wal_replay_lsn() >= '${position}' AS done`))
    .toEqual([{ done: true }]);
};

describe('a replica', () => {
  let primary: PostgresServer;
  let standby: PostgresServer;
  let opened: Awaited<ReturnType<typeof openWith>>;
  let server: TestServer;
  beforeAll(async () => {
    // What is not on disk is not sent, and standby servers may be looked at at once.
    primary = await startPostgres({ settings: { synchronous_commit: 'local' } });
    await using store = await openPostgresStore(primary.url);
    await store.totals();
    standby = await primary.follow();
    opened = await openWith(primary.url, standby.url, 2);
    server = await startTestServer({ store: opened.store, cacheBytes: 0 });
  });
  afterAll(async () => {
    await server.stop();
    await standby[Symbol.asyncDispose]();
    await primary[Symbol.asyncDispose]();
  });
  const statusOf = async (call: string) => (await server.get(path(call))).status;
  const reads = () => replicaOf(opened.store).reads;

  it('is read from once it has what the primary has, and tells how far it is', async () => {
    await opened.used();
    await server.import([aCall('one')]);
    expect(await statusOf('one')).toBe(200);
    await isReplayed(primary, standby);
    const before = reads();
    const page = (await (await server.get(path('one'))).json()) as { value: unknown[] };
    expect([page.value.length, reads() > before]).toEqual([130, true]);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    const label = `{server="${replicaOf(opened.store).server}"}`;
    expect(metrics).toContain(`rollcall_replica_used${label} 1`);
    expect(metrics).toContain(`rollcall_replica_lag_seconds${label} 0`);
    expect(metrics).toMatch(/rollcall_replica_reads_total\{.*\} [1-9]/);
    expect(metrics).not.toContain(new URL(standby.url).password);
  });

  it('that stands still shows nothing old, and is left out when it is too far behind, until it has caught up', async () => {
    await query(standby.url, 'SELECT pg_wal_replay_pause()');
    const walk = (await (await server.get(path('one'))).json()) as { '@odata.nextLink': string };
    await server.import([aCall('two'), aCall('one', 2)]);
    const before = reads();
    const versions = await server.get('/v1.0/communications/callRecords/one?$select=version');
    expect([await statusOf('two'), ((await versions.json()) as { version: number }).version]).toEqual([
      200, 2,
    ]);
    const list = (await (await server.get('/v1.0/communications/callRecords')).json()) as {
      value: unknown[];
    };
    expect(list.value.length).toBe(2);
    // The second page of what was begun before is of the same edition.
    const next = new URL(walk['@odata.nextLink']);
    expect((await server.get(next.pathname + next.search)).status).toBe(200);
    expect(reads()).toBe(before);
    await opened.becomes((problem) => problem === 'it is more than 2 s behind');
    expect(await statusOf('two')).toBe(200);
    await query(standby.url, 'SELECT pg_wal_replay_resume()');
    await opened.used();
    await isReplayed(primary, standby);
    expect(await statusOf('two')).toBe(200);
    expect(reads()).toBeGreaterThan(before);
  });

  it('that goes away is left out, with a reason, and no request fails', async () => {
    const asking = new AbortController();
    const statuses = new Set<number>();
    const asked = Promise.all(
      Array.from({ length: 4 }, async (_, i) => {
        while (!asking.signal.aborted) statuses.add(await statusOf(i % 2 === 0 ? 'one' : 'two'));
      }),
    );
    await standby.kill();
    await opened.becomes((problem) => problem === 'no server listens there');
    await standby.start();
    await opened.used();
    asking.abort();
    await asked;
    expect([...statuses]).toEqual([200]);
  });

  it('is asked nothing while the primary is away: what it has may be old', async () => {
    await primary.stop();
    expect((await server.get(path('one'))).status).toBe(503);
    await primary.start();
    expect(await statusOf('one')).toBe(200);
  });

  it('that becomes a primary is not read from', async () => {
    await opened.used();
    await query(standby.url, 'SELECT pg_promote()');
    await opened.becomes((problem) => problem === 'it is not a standby');
    const before = reads();
    expect([await statusOf('two'), reads()]).toEqual([200, before]);
  });
});

it('a store of several hosts goes on at the one that becomes the primary', async () => {
  await using primary = await startPostgres();
  {
    await using store = await openPostgresStore(primary.url);
    await store.totals();
  }
  await using standby = await primary.follow();
  const hosts = [standby, primary].map(({ url }) => new URL(url).host).join(',');
  const { username, password, pathname } = new URL(primary.url);
  const url = `postgres://${username}:${password}@${hosts}${pathname}?target_session_attrs=read-write`;
  await using server = await startTestServer({ store: await openPostgresStore(url) });
  await server.import([aCall('before')]);
  await isReplayed(primary, standby);
  await primary.kill();
  // The standby that is left may not be written, so it is not the store.
  expect((await server.get(path('before'))).status).toBe(503);
  await query(standby.url, 'SELECT pg_promote()');
  // The server may have looked at the host just before.
  await expect.poll(async () => (await server.get(path('before'))).status, { timeout: 30_000 }).toBe(200);
  expect((await server.import([aCall('after')])).newVersions).toBe(1);
  expect((await server.get(path('after'))).status).toBe(200);
});

it('hosts none of which is what is asked for are told of', async () => {
  await using primary = await startPostgres();
  const refused = async (wish: string) =>
    openPostgresStore(`${primary.url}?target_session_attrs=${wish}`).then(
      async (store) => {
        await store[Symbol.asyncDispose]();
        return 'opened';
      },
      (error: unknown) => (error as Error).message.replace(/^.*does not work: /, ''),
    );
  expect(await refused('primary')).toBe('opened');
  expect(await refused('standby')).toBe('no host matches target_session_attrs.');
  expect(await refused('fast')).toBe(
    "target_session_attrs in the URL of the store is 'fast'. It must be one of any, read-write, read-only, primary, standby, prefer-standby.",
  );
});
