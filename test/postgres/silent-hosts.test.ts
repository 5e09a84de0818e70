/** Tests a server that neither answers nor refuses: requests get a response from another host, or 503, and none hangs. */
import { afterEach, describe, expect, it } from 'vitest';
import pg from 'pg';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { blackHole } from '../support/black-hole.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { aRecord, participants } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const path = '/v1.0/communications/callRecords/before/participants_v2';
const aCall = (id: string) => aRecord(id, { participants_v2: participants(140) });
/** Generous: a request that hangs takes longer than this, and a machine with other work less. */
const boundMs = 15_000;

const open: AsyncDisposable[] = [];
const kept = <T extends AsyncDisposable>(one: T): T => {
  open.push(one);
  return one;
};
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

async function query(url: string, text: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** A primary whose acknowledged writes are on its standby, and a server on both. */
async function pair() {
  const primary = kept(await startPostgres({ settings: { synchronous_commit: 'remote_apply' } }));
  {
    await using store = await openPostgresStore(primary.url);
    await store.totals();
  }
  const standby = kept(await primary.follow());
  await query(primary.url, `ALTER SYSTEM SET synchronous_standby_names = '*'`);
  await query(primary.url, 'SELECT pg_reload_conf()');
  const server = kept(
    await startTestServer({ store: await openPostgresStore(both(primary, standby)), cacheBytes: 0 }),
  );
  await server.import([aCall('before')]);
  return { primary, standby, server };
}

function both(...servers: readonly { readonly url: string }[]): string {
  const { username, password, pathname } = new URL(servers[0]!.url);
  const hosts = servers.map(({ url }) => new URL(url).host).join(',');
  return `postgres://${username}:${password}@${hosts}${pathname}?target_session_attrs=read-write`;
}

/** Asks so many at once, again and again. @returns What came, and the longest wait, once stopped. */
function asking(server: TestServer, atOnce: number) {
  const statuses = new Map<number, number>();
  let longestMs = 0;
  let isOver = false;
  const ask = async () => {
    while (!isOver) {
      const begun = performance.now();
      const response = await server.get(path);
      await response.arrayBuffer();
      longestMs = Math.max(longestMs, performance.now() - begun);
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      if (response.status !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const all = Promise.all(Array.from({ length: atOnce }, ask));
  return {
    answers: () => statuses.get(200) ?? 0,
    async stop() {
      isOver = true;
      await all;
      return { statuses: [...statuses.keys()].sort(), longestMs };
    },
  };
}

const msUntil = async (isSo: () => boolean, limitMs: number) => {
  const begun = performance.now();
  while (!isSo() && performance.now() - begun < limitMs)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return performance.now() - begun;
};

describe('a primary that goes silent', () => {
  it('behind a full pool is left for the other host: none hangs, nothing acknowledged is lost', async () => {
    const { primary, standby, server } = await pair();
    const requests = asking(server, 60);
    await msUntil(() => requests.answers() > 100, boundMs);
    expect((await server.import([aCall('acknowledged')])).newVersions).toBe(1);
    primary.freeze();
    await query(standby.url, 'SELECT pg_promote()');
    const atFreeze = requests.answers();
    // Answers under way when it froze are none.
    expect(await msUntil(() => requests.answers() > atFreeze + 60, boundMs)).toBeLessThan(10_000);
    const { statuses, longestMs } = await requests.stop();
    expect([200, 503]).toEqual(expect.arrayContaining(statuses));
    expect(longestMs).toBeLessThan(boundMs);
    expect((await server.get(path.replace('before', 'acknowledged'))).status).toBe(200);
    expect((await server.import([aCall('after')])).newVersions).toBe(1);
    // It comes back, and still holds itself to be the primary: what it has is old.
    primary.thaw();
    expect((await server.get(path.replace('before', 'after'))).status).toBe(200);
    await standby.kill();
    expect((await server.get(path)).status).toBe(503);
    expect(server.defects.map(String).at(-1)).toMatch(/it was the primary before another was promoted/);
  });

  it('without another host gets 503 within the limit, and is used again when it answers', async () => {
    const primary = kept(await startPostgres());
    const server = kept(
      await startTestServer({ store: await openPostgresStore(primary.url), cacheBytes: 0 }),
    );
    await server.import([aCall('before')]);
    const read = async () => {
      const begun = performance.now();
      const { status } = await server.get(path);
      return { status, ms: performance.now() - begun };
    };
    await Promise.all(Array.from({ length: 40 }, read));
    primary.freeze();
    for (let round = 0; round < 2; round++) {
      const ends = await Promise.all(Array.from({ length: 40 }, read));
      expect(new Set(ends.map(({ status }) => status))).toEqual(new Set([503]));
      expect(Math.max(...ends.map(({ ms }) => ms))).toBeLessThan(boundMs);
    }
    primary.thaw();
    await expect.poll(async () => (await read()).status, { timeout: boundMs }).toBe(200);
    expect(
      new Set((await Promise.all(Array.from({ length: 40 }, read))).map(({ status }) => status)),
    ).toEqual(new Set([200]));
  });

  it('keeps no process that is asked to stop', async () => {
    const primary = kept(await startPostgres());
    const store = await openPostgresStore(primary.url);
    await Promise.all(Array.from({ length: 20 }, async () => store.totals()));
    // Every store of a server has it.
    const long = Promise.resolve(store.transfer.describe()).catch(() => 'ended');
    primary.freeze();
    const begun = performance.now();
    await store[Symbol.asyncDispose]();
    await long;
    expect(performance.now() - begun).toBeLessThan(boundMs);
  });
});

describe('a way to the server that swallows everything', () => {
  it.each(['idle', 'busy', 'writing'] as const)(
    'while connections are %s ends in 503 and is found again',
    async (state) => {
      const primary = kept(await startPostgres());
      const hole = kept(await blackHole(primary.url));
      const server = kept(await startTestServer({ store: await openPostgresStore(hole.url), cacheBytes: 0 }));
      await server.import([aCall('before')]);
      const read = async () => (await server.get(path)).status;
      expect(new Set(await Promise.all(Array.from({ length: 20 }, read)))).toEqual(new Set([200]));
      const lock = kept(new LockedTable(primary.url, state === 'busy' ? 'edition' : 'tally'));
      await lock.begin();
      if (state === 'idle') await lock.end();
      const write = state === 'writing' ? server.import([aCall('write')]).then(String, String) : undefined;
      const busy = state === 'busy' ? Promise.all(Array.from({ length: 20 }, read)) : Promise.resolve([]);
      if (state !== 'idle')
        await expect
          .poll(() => query(primary.url, `SELECT 1 FROM pg_locks WHERE NOT granted LIMIT 1`))
          .toHaveLength(1);
      hole.swallow();
      const begun = performance.now();
      const ends = await Promise.all(Array.from({ length: 20 }, read));
      expect(new Set([...(await busy), ...ends])).toEqual(new Set([503]));
      expect((await write) ?? 'it does not answer').toMatch(/it does not answer/);
      expect(performance.now() - begun).toBeLessThan(boundMs);
      if (state !== 'idle') await lock.end();
      hole.restore();
      await expect.poll(read, { timeout: boundMs }).toBe(200);
      if (write === undefined) return;
      // The server still has the transaction that was cut, until it has stood idle for too long.
      await query(
        primary.url,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rollcall'`,
      );
      await expect.poll(read, { timeout: boundMs }).toBe(200);
      expect((await server.import([aCall('write')])).newVersions).toBe(1);
    },
  );

  it('is reported by each connection attempt, and is not used', async () => {
    const primary = kept(await startPostgres());
    const hole = kept(await blackHole(primary.url));
    hole.swallow();
    const begun = performance.now();
    await expect(openPostgresStore(hole.url)).rejects.toThrow(/it does not answer/);
    await using store = await openPostgresStore(both(hole, primary));
    expect(await store.totals()).toEqual({ calls: 0, editions: 0 });
    expect(performance.now() - begun).toBeLessThan(boundMs);
  });
});

describe('a server that lives', () => {
  it('and whose connections are all busy is not left for another host', async () => {
    const { primary, standby, server } = await pair();
    await using lock = new LockedTable(primary.url, 'edition');
    await lock.begin();
    const reads = Array.from({ length: 40 }, () => server.get(path));
    const waited = await Promise.race(reads);
    await lock.end();
    const statuses = (await Promise.all(reads)).map(({ status }) => status);
    expect(waited.status).toBe(503);
    // Those that have the ten connections; how many of the others are still waiting by then is a matter of time.
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(10);
    expect(new Set(statuses)).toEqual(new Set([200, 503]));
    expect(String(server.defects[0])).toMatch(/every connection to it is busy/);
    expect(server.store.servers().map(({ isUsed }) => isUsed)).toEqual([true, false]);
    await standby.kill();
  });

  it('acknowledges nothing that its standby does not have', { timeout: 180_000 }, async () => {
    const { standby, server } = await pair();
    standby.freeze();
    // Longer than a statement may take: the server then ends a commit as if all were well.
    await expect(server.import([aCall('late')])).rejects.toThrow(/it does not answer/);
    standby.thaw();
    await expect
      .poll(() => server.import([aCall('late')]).then(() => 'added', String), { timeout: boundMs })
      .toBe('added');
    expect((await server.get(path.replace('before', 'late'))).status).toBe(200);
  });

  it('may take long over a statement', async () => {
    const primary = kept(await startPostgres());
    const server = kept(
      await startTestServer({ store: await openPostgresStore(primary.url), cacheBytes: 0 }),
    );
    await server.import([aCall('before')]);
    await using lock = new LockedTable(primary.url, 'edition');
    await lock.begin();
    const reads = Array.from({ length: 30 }, () => server.get(path));
    // Longer than a host may be quiet, and longer than a look may take.
    await new Promise((resolve) => setTimeout(resolve, 4500));
    await lock.end();
    expect(new Set((await Promise.all(reads)).map(({ status }) => status))).toEqual(new Set([200]));
  });
});

/** A table that nobody reads while it is locked. */
class LockedTable implements AsyncDisposable {
  readonly #client: pg.Client;
  readonly #table: string;

  constructor(url: string, table: string) {
    this.#client = new pg.Client({ connectionString: url });
    this.#table = table;
  }

  async begin(): Promise<void> {
    await this.#client.connect();
    await this.#client.query('BEGIN');
    await this.#client.query(`LOCK TABLE rollcall.${this.#table}`);
  }

  async end(): Promise<void> {
    await this.#client.query('COMMIT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end();
  }
}
