/** Servers that neither answer nor refuse, for tests of requests in flight. */
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { startPostgres } from './postgres-server.ts';
import { aRecord, participants } from './records.ts';
import { startTestServer, type TestServer } from './server.ts';

export const path = '/v1.0/communications/callRecords/before/participants_v2';
export const aCall = (id: string) => aRecord(id, { participants_v2: participants(140) });
/** A request that hangs takes longer than this, and a machine with other work less. */
export const boundMs = 45_000;
/** Of a test, in which several such waits may follow one another. */
export const patient = { timeout: 300_000 };

/** Until the test ends; what was made last ends first. */
export const kept = <T extends AsyncDisposable>(one: T): T => {
  onTestFinished(() => one[Symbol.asyncDispose]());
  return one;
};

export async function query(url: string, text: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** A primary whose acknowledged writes are on its standby, and a server on both. */
export async function pair() {
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

export function both(...servers: readonly { readonly url: string }[]): string {
  const { username, password, pathname } = new URL(servers[0]!.url);
  const hosts = servers.map(({ url }) => new URL(url).host).join(',');
  return `postgres://${username}:${password}@${hosts}${pathname}?target_session_attrs=read-write`;
}

/** Asks so many at once, again and again. @returns What came, and the longest wait, once stopped. */
export function asking(server: TestServer, atOnce: number) {
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

export const msUntil = async (isSo: () => boolean, limitMs: number) => {
  const begun = performance.now();
  while (!isSo() && performance.now() - begun < limitMs)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return performance.now() - begun;
};

/** A table that nobody reads while it is locked. */
export class LockedTable implements AsyncDisposable {
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
