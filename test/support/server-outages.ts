/**
 * Kills, restarts and freezes a PostgreSQL server repeatedly while Rollcall reads and writes, and finally replaces it. Counts the
 * responses by status, and the acknowledged writes that were lost.
 */
import { development } from '../../src/base/development.ts';
import { below, chance, fraction, pick, type Random, randomFor } from '../../src/emulator/generate/random.ts';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { StoreError } from '../../src/store/store-errors.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';
import { startProcess, stop } from './process.ts';
import { aRecord, participants } from './records.ts';
import { importLines, startTestServer } from './server.ts';
import { startTestAuthority } from './test-tokens.ts';

interface OutageOptions {
  /** Determines every choice; the moment at which a request meets an outage is not determined. */
  readonly seed: number;
  /** The number of outages before the last one. */
  readonly rounds: number;
  /** The number of worker processes; 0 for none. */
  readonly workers: number;
  /** Stops after the current round. */
  readonly signal?: AbortSignal;
}

export interface OutageCounts {
  readonly outages: Readonly<Record<string, number>>;
  /** Reads of acknowledged calls that returned them. */
  right: number;
  /** Any other responses to such reads: there must be none. */
  wrong: string[];
  /** Reads and additions that got a 503 or the store's error message. */
  refused: number;
  /** Reads without a response within the limit. */
  hung: number;
  longestMs: number;
  /** Acknowledged additions, and those missing at the end. */
  acknowledged: number;
  lost: string[];
}

/** Longer than any wait for PostgreSQL may take on a busy machine. */
const boundMs = 45_000;
const participantsOfCall = 3;
const aCall = (id: string) => aRecord(id, { participants_v2: participants(participantsOfCall) });
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Outages after which the server returns. */
const outages = {
  async killed(server: PostgresServer, random: Random) {
    await server.kill();
    await sleep(1000 * fraction(random));
    await server.start();
  },
  async stopped(server: PostgresServer, random: Random) {
    await server.stop();
    await sleep(2000 * fraction(random));
    await server.start();
  },
  /** Freezes the server for less, or more, than the time after which clients give up on it. */
  async frozen(server: PostgresServer, random: Random) {
    server.freeze();
    await sleep(500 + 5500 * fraction(random));
    server.thaw();
  },
};
const kinds = ['killed', 'stopped', 'frozen'] as const;

export async function attackByOutages(options: OutageOptions): Promise<OutageCounts> {
  await using servers = new AsyncDisposableStack();
  const primary = servers.use(await startPostgres({ settings: { synchronous_commit: 'remote_apply' } }));
  {
    await using store = await openPostgresStore(primary.url);
    await store.totals();
  }
  const standby = servers.use(await primary.follow());
  await query(primary, `ALTER SYSTEM SET synchronous_standby_names = '*'`, 'SELECT pg_reload_conf()');
  const url = hostsOf(primary, standby);
  const writer = servers.use(await openPostgresStore(url));
  const api = await serve(url, options.workers);
  servers.defer(api.stop);

  const happened: Record<string, number> = {};
  const counts: OutageCounts = {
    ...{ outages: happened, right: 0, wrong: [], refused: 0, hung: 0, longestMs: 0 },
    ...{ acknowledged: 0, lost: [] },
  };
  const acknowledged: string[] = [];
  const over = new AbortController();
  const load = Promise.all([
    ...Array.from({ length: 3 }, (_, i) => write(writer, `w${i}`, acknowledged, counts, over.signal)),
    ...Array.from({ length: 24 }, (_, i) =>
      readAll(api.get, randomFor(options.seed, 'reader', i), acknowledged, counts, over.signal),
    ),
  ]);
  try {
    await until(() => acknowledged.length > 10);
    const random = randomFor(options.seed, 'outages');
    for (let round = 0; round < options.rounds && options.signal?.aborted !== true; round++) {
      const kind = pick(random, kinds);
      happened[kind] = (happened[kind] ?? 0) + 1;
      await outages[kind](primary, random);
      const before = counts.right;
      await until(() => counts.right > before + 50);
      // Another outage may start before the previous one is over.
      if (chance(random, 0.7)) await sleep(1500 * fraction(random));
    }
    primary.freeze();
    happened['promoted'] = 1;
    await query(standby, 'SELECT pg_promote()');
    const [right, added] = [counts.right, acknowledged.length];
    await until(() => counts.right > right + 200 && acknowledged.length > added + 10);
  } finally {
    over.abort();
    await load;
  }
  counts.acknowledged = acknowledged.length;
  await using last = await openPostgresStore(standby.url);
  for (const id of acknowledged)
    if ((await last.edition(development.tenantId, id)) === undefined) counts.lost.push(id);
  return counts;
}

function hostsOf(...servers: readonly PostgresServer[]): string {
  const { username, password, pathname } = new URL(servers[0]!.url);
  const hosts = servers.map(({ url }) => new URL(url).host).join(',');
  return `postgres://${username}:${password}@${hosts}${pathname}?target_session_attrs=read-write`;
}

type Get = (path: string, signal: AbortSignal) => Promise<Response>;

async function serve(url: string, workers: number): Promise<{ get: Get; stop: () => Promise<void> }> {
  const store = await openPostgresStore(url);
  if (workers === 0) {
    const server = await startTestServer({ store, cacheBytes: 0 });
    const authorization = `Bearer ${await server.token()}`;
    const get: Get = (path, signal) => fetch(server.url + path, { headers: { authorization }, signal });
    return { get, stop: () => server.stop() };
  }
  await store[Symbol.asyncDispose]();
  const authority = await startTestAuthority();
  const authorization = `Bearer ${await authority.token()}`;
  const place = ['--port', '0', '--json', '--authority', authority.url, '--cache-mb', '0'];
  const running = startProcess(['serve', ...place, '--workers', String(workers)], {
    environment: { ROLLCALL_STORE: url },
  });
  const [, base = ''] = await running.said(/"listening":"(.*?)"/);
  const get: Get = (path, signal) => fetch(base + path, { headers: { authorization }, signal });
  return {
    get,
    async stop() {
      await stop(running);
      await authority[Symbol.asyncDispose]();
    },
  };
}

/** Adds calls in sequence, each repeated until it is acknowledged. */
async function write(
  store: CallRecordStore,
  name: string,
  acknowledged: string[],
  counts: OutageCounts,
  signal: AbortSignal,
): Promise<void> {
  for (let i = 0; !signal.aborted;) {
    const id = `${name}-${i}`;
    try {
      await importLines(store, [aCall(id)], development.tenantId);
      acknowledged.push(id);
      i++;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      counts.refused++;
    }
    await sleep(20);
  }
}

async function readAll(
  get: Get,
  random: Random,
  acknowledged: readonly string[],
  counts: OutageCounts,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    if (acknowledged.length === 0) {
      await sleep(20);
      continue;
    }
    // Prefers recently acknowledged calls.
    const { length } = acknowledged;
    const id = acknowledged[chance(random, 0.5) ? length - 1 : below(random, length)]!; // at least one
    const begun = performance.now();
    try {
      const path = `/v1.0/communications/callRecords/${id}/participants_v2`;
      const response = await get(path, AbortSignal.timeout(boundMs));
      const body = (await response.json()) as { value?: unknown[] };
      if (response.status === 200 && body.value?.length === participantsOfCall) counts.right++;
      else if (response.status === 503) counts.refused++;
      else counts.wrong.push(`${id}: ${response.status} with ${body.value?.length} participants`);
      if (response.status !== 200) await sleep(50);
    } catch (error) {
      if ((error as Error).name === 'TimeoutError') counts.hung++;
      else counts.wrong.push(`${id}: ${String(error)}`);
    }
    counts.longestMs = Math.max(counts.longestMs, performance.now() - begun);
  }
}

/** Waits for a condition. @throws when it is not met within the limit */
async function until(isSo: () => boolean): Promise<void> {
  for (const begun = performance.now(); !isSo(); await sleep(20))
    if (performance.now() - begun > boundMs) throw new Error('Nothing was answered within the bound.');
}

async function query({ url }: PostgresServer, ...texts: readonly string[]): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const text of texts) await client.query(text);
  } finally {
    await client.end();
  }
}
