/**
 * node bench/scale-bench.ts [calls…]: measures a page of participants and a page of the list by participant in stores
 * of 20,000, 200,000 and 2,000,000 calls with four participants each, one request at a time to a server in a separate
 * process, and the disk space of each store. The real import builds the stores in bench/.data;
 * ROLLCALL_BENCH_POSTGRES_URL names a server whose databases scale_N are built and measured too.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import pg from 'pg';
import { importSources } from '../src/collect/ingest/import.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import type { CallRecordStore } from '../src/store/store.ts';
import { cli, devOf } from './issuer.ts';
import { startServer } from './processes.ts';
import { buildStore, callIds, scaleRecords, scaleUsers, tenantId, userId } from './data.ts';

const sizes = process.argv.slice(2).map(Number);
const calls = sizes.length > 0 ? sizes : [20_000, 200_000, 2_000_000];
const requests = 3000;
const data = new URL('.data/', import.meta.url).pathname;
mkdirSync(data, { recursive: true });
const postgres = process.env['ROLLCALL_BENCH_POSTGRES_URL'];

console.log(
  'store       calls      MB   p50/p99 of a page, ms   p50/p99 of a list by participant, ms   server MB',
);
for (const count of calls) {
  const path = join(data, `scale-${count}.db`);
  await buildStore(
    path,
    () => scaleRecords(count),
    (text) => console.error(text),
  );
  await measure('sqlite', count, `sqlite:${path}`, statSync(path).size);
}
if (postgres !== undefined) {
  for (const count of calls) {
    const url = new URL(postgres);
    url.pathname = `/scale_${count}`;
    await measure('postgres', count, url.href, await buildDatabase(url.href, count));
  }
}

async function buildDatabase(url: string, count: number): Promise<number> {
  const admin = new pg.Client({ connectionString: postgres });
  await admin.connect();
  const name = `scale_${count}`;
  const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (rowCount === 0) {
    console.error(`building ${name}`);
    await admin.query(`CREATE DATABASE ${name} ENCODING 'UTF8'`);
    await using store = await openPostgresStore(url);
    await fill(store, count);
  }
  await admin.end();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('VACUUM ANALYZE');
  const { rows } = await client.query<{ size: string }>(
    'SELECT pg_database_size(current_database())::text AS size',
  );
  await client.end();
  return Number(rows[0]!.size);
}

async function fill(store: CallRecordStore, count: number): Promise<void> {
  function* bytes() {
    for (const line of scaleRecords(count)) yield Buffer.from(`${line}\n`);
  }
  await importSources([{ name: 'scale', size: undefined, open: () => Readable.from(bytes()) }], {
    ...{ tenantId, store, maxLineBytes: 2 ** 26 },
    onReject: ({ reason }) => {
      throw new Error(reason);
    },
    onRead: () => undefined,
  });
}

async function measure(kind: string, count: number, store: string, bytes: number): Promise<void> {
  const server = await startServer('0', cli, [...devOf(store), '--cache-mb', '0']);
  const token = execFileSync(process.execPath, [cli, 'token', '--store', store], { encoding: 'utf8' }).trim();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (path: string) => timed(agent, `http://127.0.0.1:${server.port}${path}`, token);
  // A multiplicative walk: spread over the store, and equal in every run.
  const spread = (i: number, of: number) => Math.floor(((i * 0.6180339887498949) % 1) * of);
  const root = '/v1.0/communications/callRecords';
  const page = (i: number) => ask(`${root}/${callIds.small(spread(i, count))}/participants_v2`);
  const list = (i: number) => {
    const filter = `participants_v2/any(p:p/id eq '${userId(spread(i, scaleUsers(count)))}')`;
    return ask(`${root}?$filter=${encodeURIComponent(filter)}`);
  };
  const times: Record<'page' | 'list', number[]> = { page: [], list: [] };
  for (let i = 0; i < 300; i++) await Promise.all([page(i), list(i)]); // the code is compiled by then
  for (let i = 0; i < requests; i++) {
    times.page.push(await page(i + 300));
    times.list.push(await list(i + 300));
  }
  agent.destroy();
  const memoryMb = (server.memory() / 1e6).toFixed(0);
  await server.stop();
  const [pageTimes, listTimes] = [times.page, times.list].map((all) => `${at(all, 0.5)} / ${at(all, 0.99)}`);
  console.log(
    `${kind.padEnd(9)} ${String(count).padStart(8)} ${(bytes / 1e6).toFixed(0).padStart(7)}   ${pageTimes!.padEnd(22)}  ${listTimes!.padEnd(36)}   ${memoryMb}`,
  );
}

function at(times: number[], share: number): string {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length * share)]!.toFixed(2);
}

function timed(agent: Agent, url: string, token: string): Promise<number> {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${response.statusCode} of ${url}`));
      response.resume().once('end', () => resolve(performance.now() - begun));
    }).once('error', reject);
  });
}
