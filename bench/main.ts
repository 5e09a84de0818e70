/**
 * `npm run bench`: Rollcall beside a bare node:http server that writes the same bytes from memory, in one run,
 * interleaved. Prints ratios; docs/performance.md keeps them.
 *
 *     npm run bench [-- --quick] [-- --full] [-- --json] [-- --only TEXT] [-- --profile CASE]
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildStore, callIds, type Sizes } from './data.ts';
import { benchImport } from './import-bench.ts';
import type { LoadResult } from './load.ts';
import { canPin, type LoadGenerator, type ServerProcess, startLoad, startServer } from './processes.ts';
import { topOf } from './profile.ts';
import { benchWalk } from './walk-bench.ts';

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    profile: { type: 'string' },
  },
});
const sizes: Sizes = flags.quick
  ? { small: 2000, pages: 200, walk: 2600 }
  : { small: 100_000, pages: flags.full ? 100_000 : 10_000, walk: 20_000 };
const seconds = flags.quick ? 0.5 : 2;
const rounds = flags.quick ? 2 : 5;
const connections = 16;

interface Case {
  readonly name: string;
  readonly kind: 'small' | 'page';
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly goals: { readonly hot: number; readonly spread: number };
}

const cases: readonly Case[] = [
  { name: 'two participants', kind: 'small', query: '', headers: {}, goals: { hot: 0.7, spread: 0.4 } },
  { name: 'page of 130', kind: 'page', query: '', headers: {}, goals: { hot: 0.8, spread: 0.4 } },
  {
    name: 'page of 130, gzip',
    kind: 'page',
    query: '',
    headers: { 'Accept-Encoding': 'gzip' },
    goals: { hot: 1.2, spread: 0.6 },
  },
  { name: '$select=id', kind: 'page', query: '?$select=id', headers: {}, goals: { hot: 0.7, spread: 0.35 } },
  {
    name: 'omit-values=nulls',
    kind: 'page',
    query: '',
    headers: { Prefer: 'omit-values=nulls' },
    goals: { hot: 0.7, spread: 0.35 },
  },
];

export interface Row {
  readonly case: string;
  readonly ours: number;
  readonly bare: number;
  readonly ratio: number;
  readonly goal: number;
  readonly memoryMb: number;
  readonly note: string;
}

const data = new URL('.data/', import.meta.url).pathname;
mkdirSync(data, { recursive: true });
const path = join(data, `${sizes.small}-${sizes.pages}-${sizes.walk}.db`);
await buildStore(path, sizes, note);
const cli = new URL('../src/cli/main.ts', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
const token = (await import('node:child_process'))
  .execFileSync(process.execPath, [cli, 'token', '--store', `sqlite:${path}`, '--expires-in', '86400'])
  .toString()
  .trim();
const authorization = { Authorization: `Bearer ${token}` };
const serverArgs = ['dev', '--store', `sqlite:${path}`, '--no-generate', '--port', '0', '--quiet'];

if (flags.profile === undefined) await measure();
else await profile(flags.profile);
rmSync(folder, { recursive: true });

async function measure(): Promise<void> {
  const ours = await startServer(0, cli, serverArgs);
  const bare = await startServer(0, new URL('bare-server.ts', import.meta.url).pathname, []);
  const load = startLoad(1);
  const rows: Row[] = [];
  for (const one of cases) {
    for (const spread of [false, true]) {
      const name = `${one.name}, ${spread ? 'spread' : 'hot'}`;
      if (!name.includes(flags.only)) continue;
      rows.push(await measureCase(one, name, spread, { ours, bare, load }));
      note(rowText(rows.at(-1)!));
    }
  }
  load.stop();
  if ('walk'.includes(flags.only))
    rows.push(...(await benchWalk(ours.port, bare.port, token, sizes.walk, flags.quick ? 3 : 7)));
  const { startMs } = ours;
  await Promise.all([ours.stop(), bare.stop()]);
  if ('import'.includes(flags.only)) {
    const result = await benchImport(flags.quick ? 1000 : 20_000, flags.quick ? 30 : 400);
    const { megabytes, records, oursSeconds, bareSeconds } = result;
    rows.push({
      case: `import, ${records} records, ${Math.round(megabytes)} MB`,
      ours: records / oursSeconds,
      bare: records / bareSeconds,
      ratio: bareSeconds / oursSeconds,
      goal: 0.5,
      memoryMb: process.memoryUsage().rss / 2 ** 20,
      note: `${(megabytes / oursSeconds).toFixed(0)} MB/s`,
    });
  }
  if (flags.json) process.stdout.write(`${JSON.stringify({ sizes, canPin, startMs, rows })}\n`);
  else print(rows, startMs);
}

interface Bench {
  readonly ours: ServerProcess;
  readonly bare: ServerProcess;
  readonly load: LoadGenerator;
}

async function measureCase(
  one: Case,
  name: string,
  spread: boolean,
  { ours, bare, load }: Bench,
): Promise<Row> {
  const targets = targetsOf(one, spread);
  const headers = { ...authorization, ...one.headers };
  // The bare server writes what ours answers, uncompressed: the goals of gzip are stated against that.
  const body = await (
    await fetch(`http://127.0.0.1:${ours.port}${targets[0]!}`, {
      headers: { ...headers, 'Accept-Encoding': 'identity' },
    })
  ).bytes();
  const file = join(folder, 'body');
  writeFileSync(file, body);
  await fetch(`http://127.0.0.1:${bare.port}/${encodeURIComponent(JSON.stringify({ file }))}`, {
    method: 'PUT',
  });
  const job = { connections, seconds, targets, headers };
  await load.run({ ...job, port: ours.port, seconds: seconds / 2 });
  await load.run({ ...job, port: bare.port, seconds: seconds / 2 });
  const pairs: { ours: LoadResult; bare: LoadResult }[] = [];
  for (let round = 0; round < rounds; round++) {
    pairs.push({
      ours: await load.run({ ...job, port: ours.port }),
      bare: await load.run({ ...job, port: bare.port }),
    });
  }
  const failed = pairs.reduce((sum, pair) => sum + pair.ours.failed, 0);
  if (failed > 0) throw new Error(`${name}: ${failed} answers were refusals.`);
  const busy = Math.max(...pairs.flatMap((pair) => [pair.ours.clientBusy, pair.bare.clientBusy]));
  return {
    case: name,
    ours: median(pairs.map((pair) => pair.ours.perSecond)),
    bare: median(pairs.map((pair) => pair.bare.perSecond)),
    ratio: median(pairs.map((pair) => pair.ours.perSecond / pair.bare.perSecond)),
    goal: spread ? one.goals.spread : one.goals.hot,
    memoryMb: ours.memory() / 2 ** 20,
    note: busy > 0.9 ? 'the client was the bound' : '',
  };
}

function targetsOf(one: Case, spread: boolean): string[] {
  const total = one.kind === 'small' ? sizes.small : sizes.pages;
  const id = one.kind === 'small' ? callIds.small : callIds.page;
  const some = spread ? shuffled(total) : [...Array(8).keys()];
  return some.map((i) => `/v1.0/communications/callRecords/${id(i)}/participants_v2${one.query}`);
}

/** Every number below `total` once, in an order that is the same each time and close to random. */
function shuffled(total: number): number[] {
  return Array.from({ length: total }, (_, i) => (i * 7919) % total);
}

async function profile(name: string): Promise<void> {
  const one = cases
    .flatMap((entry) =>
      [false, true].map((spread) => ({ entry, spread, name: `${entry.name}, ${spread ? 'spread' : 'hot'}` })),
    )
    .find((entry) => entry.name === name);
  if (one === undefined)
    throw new Error(
      `There is no case '${name}'. There are: ${cases.map((entry) => entry.name).join('; ')}, each hot or spread.`,
    );
  const server = await startServer(0, cli, serverArgs, ['--cpu-prof', `--cpu-prof-dir=${folder}`]);
  const load = startLoad(1);
  await load.run({
    port: server.port,
    connections,
    seconds: seconds * 2,
    targets: targetsOf(one.entry, one.spread),
    headers: { ...authorization, ...one.entry.headers },
  });
  load.stop();
  await server.stop();
  const file = readdirSync(folder).find((entry) => entry.endsWith('.cpuprofile'));
  process.stdout.write(`${topOf(readFileSync(join(folder, file!), 'utf8'), 25).join('\n')}\n`);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

function rowText(row: Row): string {
  const { ours, bare, ratio, goal, memoryMb } = row;
  const reached = ratio >= goal ? 'reached' : 'missed';
  return `| ${row.case} | ${ours.toFixed(0)} | ${bare.toFixed(0)} | ${ratio.toFixed(2)} | ${goal.toFixed(2)} ${reached} | ${memoryMb.toFixed(0)} | ${row.note} |`;
}

function print(rows: readonly Row[], startMs: number): void {
  const lines = [
    `${sizes.small} calls of 2, ${sizes.pages} of 130, one of ${sizes.walk}; ${connections} connections, ${rounds} rounds of ${seconds} s; ${canPin ? 'servers on core 0, client on core 1' : 'not pinned'}.`,
    `dev on this store listens after ${startMs.toFixed(0)} ms.`,
    '',
    '| case | ours/s | bare/s | ratio | goal | RSS MB | |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => rowText(row)),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
