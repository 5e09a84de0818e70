/** Starts servers that neither respond nor reject, for tests of requests in flight. */
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { startPostgres } from './postgres-server.ts';
import { aRecord, participants } from './records.ts';
import { startTestServer, type TestServer } from './server.ts';

export const path = '/v1.0/communications/callRecords/before/participants_v2';
export const aCall = (id: string) => aRecord(id, { participants_v2: participants(140) });
/** A hanging request takes longer than this, other work on a busy machine less. */
export const boundMs = 45_000;
/** The timeout of a test with several such waits. */
export const patient = { timeout: 300_000 };

/** Disposes resources when the test ends, the latest first. */
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

/** Starts a primary with a synchronous standby, and a server that uses both. */
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

/** Sends concurrent requests repeatedly. @returns The responses and the longest wait, once stopped. */
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

/** Locks a table so that no query can read it. */
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
