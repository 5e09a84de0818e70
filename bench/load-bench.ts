/** Copies a SQLite store to PostgreSQL: measures the speed of `store copy`, and the disk space of the calls in each. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { defaultGenerateOptions, generateLines } from '../src/emulator/generate/generate.ts';
import { tuneGc } from '../src/base/gc-tuning.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import { copyStore } from '../src/maintain/transfer/copy-store.ts';
import { startPostgres } from '../test/support/postgres-server.ts';
import { buildStore } from './data.ts';

interface LoadBench {
  readonly editions: number;
  readonly megabytes: number;
  /** Seconds to copy the calls, in each round. */
  readonly copySeconds: readonly number[];
  readonly compareSeconds: number;
  /** CPU seconds of this process for the copy. */
  readonly cpuSeconds: number;
  /** Bytes on disk per byte of JSON. */
  readonly sqliteShare: number;
  readonly postgresShare: number;
  readonly memoryMb: number;
}

export async function benchLoad(
  data: string,
  calls: number,
  rounds: number,
  note: (text: string) => void,
): Promise<LoadBench> {
  tuneGc(); // as the command does
  const options = { ...defaultGenerateOptions, calls, until: new Date('2026-11-01') };
  const path = join(data, `generated-${calls}.db`);
  await buildStore(path, () => generateLines(options), note);
  let bytes = 0;
  for (const line of generateLines(options)) bytes += Buffer.byteLength(line) + 1;
  await using postgres = await startPostgres();
  // This run checks the copy and warms everything up.
  const first = await database(postgres.url, 'first');
  const whole = await timeCopy(path, first, true);
  const copySeconds: number[] = [];
  for (let round = 0; round < rounds; round++)
    copySeconds.push(
      (await timeCopy(path, await database(postgres.url, `round_${round}`), false)).copySeconds,
    );
  return {
    ...{ editions: whole.editions, megabytes: bytes / 1e6, copySeconds },
    ...{ compareSeconds: whole.compareSeconds, cpuSeconds: whole.cpuSeconds },
    sqliteShare: statSync(path).size / bytes,
    postgresShare: (await bytesOf(first)) / bytes,
    memoryMb: process.memoryUsage().rss / 2 ** 20,
  };
}

/** Measures a copy. @param compares False to stop when everything is copied, before the comparison. */
async function timeCopy(path: string, url: string, compares: boolean) {
  await using from = openSqliteStore(path);
  await using to = await openPostgresStore(url);
  const stop = new AbortController();
  const begun = performance.now();
  const cpu = process.cpuUsage();
  let carried = 0;
  let cpuSeconds = 0;
  const onProgress = (doing: string) => {
    if (doing !== 'comparing' || carried !== 0) return;
    carried = performance.now();
    const { user, system } = process.cpuUsage(cpu);
    cpuSeconds = (user + system) / 1e6;
    if (!compares) stop.abort();
  };
  const report = await copyStore({ from, to, onProgress, signal: stop.signal }).catch((error: unknown) => {
    if (stop.signal.aborted) return undefined;
    throw error;
  });
  if (report !== undefined && report.differences > 0) throw new Error('The copy is not the same.');
  const compareSeconds = (performance.now() - carried) / 1000;
  return {
    editions: report?.editions ?? 0,
    copySeconds: (carried - begun) / 1000,
    compareSeconds,
    cpuSeconds,
  };
}

async function bytesOf(url: string): Promise<number> {
  await using client = await connect(url);
  await client.query('VACUUM');
  const { rows } = await client.query<{ bytes: string }>(
    `SELECT sum(pg_total_relation_size(c.oid)) AS bytes FROM pg_class c
    WHERE c.relnamespace = 'rollcall'::regnamespace AND c.relkind = 'r'`,
  );
  return Number(rows[0]?.bytes);
}

async function database(server: string, name: string): Promise<string> {
  await using client = await connect(server);
  await client.query(`CREATE DATABASE ${name}`);
  return urlOf(server, name);
}

function urlOf(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function connect(connectionString: string) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}
