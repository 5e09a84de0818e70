/**
 * Measures every kind of search in a store of a given size, on SQLite and PostgreSQL: the time of the first and later
 * pages, the disk space of the index, and the import speed. The real import builds the stores; the SQLite file is kept
 * in bench/.data, and so is a database when ROLLCALL_BENCH_POSTGRES_URL names a server.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import pg from 'pg';
import { importSources } from '../src/collect/ingest/import.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import type { CallSearch } from '../src/store/search.ts';
import { isOfSearch } from '../src/store/sqlite/schema.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { CallPosition } from '../src/store/call-list.ts';
import type { CallRecordStore } from '../src/store/store.ts';
import { ticksOf } from '../src/base/ticks.ts';
import { startPostgres } from '../test/support/postgres-server.ts';
import { tenantId } from './data.ts';
import { commonName, days, everywhere, firstDay, searchCall, searchRecords } from './search-data.ts';

const pageSize = 50;
const pagesAfterFirst = 9;
const indexTables = ['found_call', 'phrase', 'call_day', 'search_backlog'];

type Kind = (random: number) => CallSearch;

/** Returns the kinds of search. @param random Returns uniform numbers from 0 to below 1. */
function kindsOf(calls: number): Readonly<Record<string, Kind>> {
  const call = (random: number) => searchCall(Math.floor(random * calls), calls);
  const person = (random: number) => call(random).people[0]!;
  const dayAt = (random: number) => firstDay + Math.floor(random * days) * 86_400_000;
  const daySpan = (random: number) => ({
    from: ticksOf(new Date(dayAt(random))),
    before: ticksOf(new Date(dayAt(random) + 86_400_000)),
  });
  const numbered = (random: number) => {
    for (let i = Math.floor(random * calls); ; i = (i + 1) % calls) {
      const { number } = searchCall(i, calls);
      if (number !== undefined) return number;
    }
  };
  return {
    'everything, newest first': () => ({}),
    'a day': daySpan,
    'somebody who is in 30 of 100 calls': () => ({ person: everywhere.name }),
    'a given name of 8 of 100 people': () => ({ person: commonName }),
    'a person by full name': (random) => ({ person: person(random).name }),
    'a person by id': (random) => ({ person: person(random).id }),
    'two letters of a name': (random) => ({ person: person(random).name.slice(-2) }),
    nobody: () => ({ person: 'xqzj' }),
    'six digits of a number': (random) => ({ number: numbered(random).slice(5, 11) }),
    'three digits of a number': (random) => ({ number: numbered(random).slice(5, 8) }),
    'an organizer': (random) => ({ organizer: person(random).name }),
    'a join URL': (random) => ({ joinUrl: call(random).meeting || 'https://teams.example/none' }),
    failed: () => ({ state: 'failed' }),
    poor: () => ({ state: 'poor' }),
    'longer than 50 minutes, video': () => ({ minTicks: 30_000_000_000n, modality: 'video' }),
    'two words of anything': (random) => ({ q: person(random).name }),
    'common name, failed': () => ({ person: commonName, state: 'failed' }),
    'in 30 of 100 calls, failed, peer to peer': () => ({
      ...{ person: everywhere.name, state: 'failed', type: 'peerToPeer' },
    }),
    'in 30 of 100 calls, with somebody': (random) => ({ q: `${everywhere.name} ${person(random).name}` }),
    'in 30 of 100 calls, on a day': (random) => ({ person: everywhere.name, ...daySpan(random) }),
    'two that never meet': () => ({ type: 'peerToPeer', q: 'meetup-join', modality: 'video' }),
  };
}

export async function benchSearch(
  data: string,
  calls: number,
  searches: number,
  note: (text: string) => void,
): Promise<void> {
  const path = await searchStore(data, calls, note);
  {
    await using store = openSqliteStore(path);
    await searchAll('SQLite', store, calls, searches, note);
    await sizes(store, (table) => isOfSearch(table), note);
  }
  const server = process.env['ROLLCALL_BENCH_POSTGRES_URL'];
  await using own = server === undefined ? await startPostgres() : undefined;
  const { url, isEmpty } = await databaseOn(server ?? own!.url, `search_${calls}`);
  await using store = await openPostgresStore(url);
  if (isEmpty) note(`PostgreSQL: ${await fill(store, calls)}`);
  await vacuum(url);
  await searchAll('PostgreSQL', store, calls, searches, note);
  await sizes(store, (table) => indexTables.includes(table), note);
}

/** Creates a SQLite file with this many calls unless it exists. @returns Its path. */
export async function searchStore(
  data: string,
  calls: number,
  note: (text: string) => void,
): Promise<string> {
  const path = join(data, `search-${calls}.db`);
  if (existsSync(path)) return path;
  await using store = openSqliteStore(path);
  note(`SQLite: ${await fill(store, calls)}`);
  return path;
}

async function fill(store: CallRecordStore, calls: number): Promise<string> {
  function* bytes() {
    for (const line of searchRecords(calls)) yield Buffer.from(`${line}\n`);
  }
  const begun = performance.now();
  const cpu = process.cpuUsage();
  await importSources([{ name: 'search', size: undefined, open: () => Readable.from(bytes()) }], {
    ...{ tenantId, store, maxLineBytes: 2 ** 26 },
    onReject: ({ reason }) => {
      throw new Error(reason);
    },
    onRead: () => undefined,
  });
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const each = (all: number) => Math.round(calls / all);
  return `${calls} calls in ${seconds.toFixed(0)} s, ${each(seconds)} a second, ${each((user + system) / 1e6)} a second of the processor`;
}

async function searchAll(
  name: string,
  store: CallRecordStore,
  calls: number,
  searches: number,
  note: (text: string) => void,
): Promise<void> {
  note(`\n| ${name}, ${calls} calls | found | first page, p50 / p99 ms | later pages, p50 / p99 ms |`);
  note('| --- | --- | --- | --- |');
  for (const [kind, searchOf] of Object.entries(kindsOf(calls))) {
    const first: number[] = [];
    const later: number[] = [];
    let found = 0;
    // The first searches warm up compiled code and prepared statements.
    for (let i = -5; i < searches; i++) {
      const search = searchOf(((i + 5) * 0.6180339887498949) % 1);
      const times = await walk(store, search, (count) => (found += i < 0 ? 0 : count));
      if (i < 0) continue;
      first.push(times[0]!);
      later.push(...times.slice(1));
    }
    const share = (times: readonly number[]) =>
      times.length === 0 ? '' : `${at(times, 0.5)} / ${at(times, 0.99)}`;
    note(`| ${kind} | ${(found / searches).toFixed(0)} | ${share(first)} | ${share(later)} |`);
  }
}

/** Returns the milliseconds of each page. */
async function walk(
  store: CallRecordStore,
  search: CallSearch,
  onFound: (count: number) => void,
): Promise<readonly number[]> {
  const times: number[] = [];
  let after: CallPosition | undefined;
  do {
    const begun = performance.now();
    const page = await store.search.find(tenantId, search, after, pageSize);
    times.push(performance.now() - begun);
    onFound(page.calls.length);
    after = page.next;
  } while (after !== undefined && times.length <= pagesAfterFirst);
  return times;
}

function at(times: readonly number[], share: number): string {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length * share)]!.toFixed(1);
}

async function sizes(
  store: CallRecordStore,
  isIndex: (table: string) => boolean,
  note: (text: string) => void,
): Promise<void> {
  const { tables, bytes } = await store.transfer.describe();
  const own = tables.filter(({ name }) => isIndex(name)).reduce((sum, one) => sum + one.bytes, 0);
  note(
    `\n${(bytes / 1e6).toFixed(0)} MB, of which the index ${(own / 1e6).toFixed(0)} MB, ${((own / bytes) * 100).toFixed(0)} of 100`,
  );
}

async function databaseOn(server: string, name: string): Promise<{ url: string; isEmpty: boolean }> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (rowCount === 0) await client.query(`CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, isEmpty: rowCount === 0 };
}

async function vacuum(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('VACUUM ANALYZE');
  await client.end();
}
