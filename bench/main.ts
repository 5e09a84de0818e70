/**
 * `npm run bench`: compares Rollcall with a bare node:http server that writes the same bytes from memory, in one
 * interleaved run. Prints ratios; docs/performance.md keeps them.
 *
 *     npm run bench [-- --quick] [-- --full] [-- --json] [-- --only TEXT] [-- --profile CASE]
 *     npm run bench -- --only search|page|town-hall [--calls N]
 *     npm run bench -- --only people
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Bench, measureBeside, median, type Row } from './beside.ts';
import { type Case, readCases, rollCases } from './cases.ts';
import { buildStore, listedRecords, records, type Sizes } from './data.ts';
import { benchImport } from './import-bench.ts';
import { benchLoad } from './load-bench.ts';
import { benchParse, type ParseBench } from './parse-bench.ts';
import { canPin, startLoad, startServer } from './processes.ts';
import { cli, devOf, startIssuer } from './issuer.ts';
import { topOf } from './profile.ts';
import { benchPage } from './page-bench.ts';
import { benchPeople } from './people-bench.ts';
import { benchPostgres } from './postgres-bench.ts';
import { benchSearch } from './search-bench.ts';
import { benchTownHall } from './town-hall-bench.ts';
import { benchSync } from './sync-bench.ts';
import { benchWalk } from './walk-bench.ts';
import { benchWorkers } from './workers-bench.ts';

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    /** The number of calls in the search store. */
    calls: { type: 'string' },
    profile: { type: 'string' },
  },
});
/** The goal for copied calls per second, with warm processes. */
const copiedGoal = 2000;
const sizes: Sizes = flags.quick
  ? { small: 2000, pages: 200, walk: 2600 }
  : { small: 100_000, pages: flags.full ? 100_000 : 10_000, walk: 20_000 };
/** Calls in the stores of the list cases: the cost must be equal in both. */
const listed = flags.quick ? [1000] : [10_000, 1_000_000];
const seconds = flags.quick ? 0.5 : 2;
const rounds = flags.quick ? 2 : 5;
const connections = 16;

const data = new URL('.data/', import.meta.url).pathname;
mkdirSync(data, { recursive: true });
/** Cases that share a store. */
interface Group {
  readonly path: string;
  readonly lines: () => Iterable<string>;
  readonly cases: readonly Case[];
}
const rollPath = join(data, `${sizes.small}-${sizes.pages}-${sizes.walk}.db`);
const groups: readonly Group[] = [
  { path: rollPath, lines: () => records(sizes), cases: rollCases(sizes) },
  ...listed.map((calls) => ({
    path: join(data, `listed-${calls}.db`),
    lines: () => listedRecords(calls),
    cases: readCases(calls),
  })),
];
const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));

const say = (text: string) => process.stdout.write(`${text}\n`);
const searched = Number(flags.calls ?? (flags.quick ? 5000 : 100_000));
if (flags.only === 'postgres') {
  const rows = await benchPostgres({
    ...{ pages: flags.quick ? 500 : 6000, rounds, seconds, connections, note },
    nodeArgs: flags.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`],
  });
  print(rows, 0, undefined);
} else if (flags.only === 'town-hall') {
  await benchTownHall(join(data, 'town-hall.db'), flags.quick ? 2 : 9, say);
} else if (flags.only === 'workers') {
  await buildStore(rollPath, () => records(sizes), note);
  // The other cases differ in the work of one worker, not in what workers share.
  const cases = rollCases(sizes).slice(0, 3);
  const rows = await benchWorkers({ cases, store: `sqlite:${rollPath}`, rounds, seconds, connections });
  const cells = rows.map(
    (row) => `| ${row.case} | ${row.one.toFixed(0)} | ${row.two.toFixed(0)} | ${row.speedup.toFixed(2)} |`,
  );
  const head = '| case | one/s | two/s | two over one, by processor time |\n| --- | --- | --- | --- |';
  process.stdout.write(`${[head, ...cells].join('\n')}\n`);
} else if (flags.only === 'search') await benchSearch(data, searched, flags.quick ? 20 : 100, say);
else if (flags.only === 'page') await benchPage(data, { calls: searched, visits: flags.quick ? 3 : 20 }, say);
else if (flags.only === 'people') await benchPeople(data, say);
else if (flags.profile === undefined) await measure();
else await profile(flags.profile);
rmSync(folder, { recursive: true });

async function measure(): Promise<void> {
  const bare = await startServer('0', new URL('bare-server.ts', import.meta.url).pathname, []);
  const load = startLoad('1');
  const issuer = await startIssuer();
  const rows: Row[] = [];
  let startMs = 0;
  for (const { path, lines, cases } of groups) {
    const wanted = cases.flatMap((one) => variants(one)).filter(({ name }) => name.includes(flags.only));
    const isRoll = path === rollPath;
    const walks = isRoll && 'walk'.includes(flags.only);
    if (wanted.length === 0 && !walks) continue;
    await buildStore(path, lines, note);
    if (isRoll) startMs = await startOf(`sqlite:${path}`);
    const ours = await startServer('0', cli, issuer.serve(`sqlite:${path}`));
    for (const one of wanted) {
      rows.push(await measureCase(one, issuer.headers, { ours, bare, load }));
      note(rowText(rows.at(-1)!));
    }
    if (walks)
      rows.push(...(await benchWalk(ours.port, bare.port, issuer.headers, sizes.walk, flags.quick ? 3 : 7)));
    await ours.stop();
  }
  load.stop();
  await Promise.all([bare.stop(), issuer.stop()]);
  if ('import'.includes(flags.only)) rows.push(await importRow());
  if ('load'.includes(flags.only))
    for (const calls of flags.quick ? [4000] : [20_000, 60_000]) rows.push(await loadRow(calls));
  if ('sync'.includes(flags.only)) {
    for (const media of [false, true]) {
      const result = await benchSync(0, flags.quick ? 500 : 4000, media);
      const perSecond = (count: number) => Math.round(count / result.cpuSeconds);
      rows.push({
        case: `sync, ${result.records} records, ${Math.round(result.megabytes)} MB`,
        ours: result.records / result.cpuSeconds,
        bare: result.records / result.importCpuSeconds,
        ratio: result.importCpuSeconds / result.cpuSeconds,
        goal: 0.5,
        memoryMb: process.memoryUsage().rss / 2 ** 20,
        p99Ms: 0,
        note: `a core-second: ${perSecond(result.records)} records, ${perSecond(result.sessions)} sessions; wall ${result.seconds.toFixed(1)} s; held against import`,
      });
    }
  }
  const parsing = 'parse'.includes(flags.only) ? benchParse(seconds * 2) : undefined;
  if (flags.json) process.stdout.write(`${JSON.stringify({ sizes, canPin, startMs, rows, parsing })}\n`);
  else print(rows, startMs, parsing);
}

/** Returns how long `dev` takes to listen on an existing store, in milliseconds. */
async function startOf(store: string): Promise<number> {
  const dev = await startServer('0', cli, devOf(store));
  await dev.stop();
  return dev.startMs;
}

async function importRow(): Promise<Row> {
  const result = await benchImport(flags.quick ? 1000 : 20_000, flags.quick ? 30 : 400);
  const { megabytes, records: imported, oursSeconds, bareSeconds } = result;
  return {
    case: `import, ${imported} records, ${Math.round(megabytes)} MB`,
    ours: imported / oursSeconds,
    bare: imported / bareSeconds,
    ratio: bareSeconds / oursSeconds,
    goal: 0.5,
    memoryMb: process.memoryUsage().rss / 2 ** 20,
    p99Ms: 0,
    note: `${(megabytes / oursSeconds).toFixed(0)} MB/s`,
  };
}

async function loadRow(calls: number): Promise<Row> {
  const result = await benchLoad(data, calls, flags.quick ? 2 : 3, note);
  const { editions, megabytes, sqliteShare, postgresShare, memoryMb } = result;
  const ours = calls / median(result.copySeconds);
  return {
    case: `load, ${calls} calls in ${editions} editions, ${Math.round(megabytes)} MB`,
    ...{ ours, bare: copiedGoal, ratio: ours / copiedGoal, goal: 1, memoryMb, p99Ms: 0 },
    note: `bare is what is wanted; carrying takes ${result.cpuSeconds.toFixed(1)} s of the processor, comparing ${result.compareSeconds.toFixed(1)} s; disk for a byte of JSON: SQLite ${sqliteShare.toFixed(2)}, PostgreSQL ${postgresShare.toFixed(2)}`,
  };
}

/** A hot or spread case, with its targets and its goal. */
interface Variant extends Omit<Case, 'targets' | 'goals'> {
  readonly targets: readonly string[];
  readonly goal: number;
}

function variants({ targets, goals, ...one }: Case): Variant[] {
  const hot = { ...one, name: `${one.name}, hot`, targets: targets.hot, goal: goals.hot };
  if (targets.spread === undefined) return [hot];
  return [hot, { ...one, name: `${one.name}, spread`, targets: targets.spread, goal: goals.spread }];
}

async function measureCase(
  one: Variant,
  authorized: Readonly<Record<string, string>>,
  { ours, bare, load }: Bench,
): Promise<Row> {
  const { targets, body, name } = one;
  const headers = { ...authorized, ...one.headers };
  // The bare server writes Rollcall's response uncompressed: the goals of gzip refer to that.
  const answer = await fetch(`http://127.0.0.1:${ours.port}${targets[0]!}`, {
    headers: { ...headers, 'Accept-Encoding': 'identity' },
    ...(body !== undefined && { method: 'POST', body }),
  });
  const file = join(folder, 'body');
  writeFileSync(file, await answer.bytes());
  await fetch(`http://127.0.0.1:${bare.port}/${encodeURIComponent(JSON.stringify({ file }))}`, {
    method: 'PUT',
  });
  const job = { connections, seconds, targets, headers, body };
  return { case: name, goal: one.goal, ...(await measureBeside(name, job, rounds, { ours, bare, load })) };
}

async function profile(name: string): Promise<void> {
  const all = groups.flatMap((group) =>
    group.cases.flatMap((one) => variants(one)).map((one) => ({ group, one })),
  );
  const found = all.find(({ one }) => one.name === name);
  if (found === undefined)
    throw new Error(`There is no case '${name}'. There are: ${all.map(({ one }) => one.name).join('; ')}.`);
  const { group, one } = found;
  await buildStore(group.path, group.lines, note);
  const issuer = await startIssuer();
  const server = await startServer('0', cli, issuer.serve(`sqlite:${group.path}`), [
    '--cpu-prof',
    `--cpu-prof-dir=${folder}`,
  ]);
  const load = startLoad('1');
  const { targets, body } = one;
  const headers = { ...issuer.headers, ...one.headers };
  await load.run({ port: server.port, connections, seconds: seconds * 2, targets, headers, body });
  load.stop();
  await Promise.all([server.stop(), issuer.stop()]);
  const file = readdirSync(folder).find((entry) => entry.endsWith('.cpuprofile'));
  process.stdout.write(`${topOf(readFileSync(join(folder, file!), 'utf8'), 25).join('\n')}\n`);
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

function rowText(row: Row): string {
  const { ours, bare, ratio, cpuRatio, goal, memoryMb, p99Ms } = row;
  const reached = ratio >= goal ? 'reached' : 'missed';
  return `| ${row.case} | ${ours.toFixed(0)} | ${bare.toFixed(0)} | ${ratio.toFixed(2)} | ${cpuRatio?.toFixed(2) ?? ''} | ${goal.toFixed(2)} ${reached} | ${p99Ms === 0 ? '' : p99Ms.toFixed(1)} | ${memoryMb.toFixed(0)} | ${row.note} |`;
}

function print(rows: readonly Row[], startMs: number, parsing: ParseBench | undefined): void {
  const lines = [
    `${sizes.small} calls of 2, ${sizes.pages} of 130, one of ${sizes.walk}; ${connections} connections, ${rounds} rounds of ${seconds} s; ${canPin ? 'servers on core 0, client on core 1' : 'not pinned'}.`,
    `dev on this store listens after ${startMs.toFixed(0)} ms.`,
    '',
    '| case | ours/s | bare/s | ratio | by processor time | goal | p99 ms | RSS MB | |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => rowText(row)),
  ];
  if (parsing !== undefined) {
    const { filtersPerSecond, expandsPerSecond, requestsPerSecond } = parsing;
    const text = (value: number) => Math.round(value).toLocaleString('en');
    lines.push(
      '',
      `Parsed in a second: ${text(filtersPerSecond)} $filter with a lambda, ${text(expandsPerSecond)} nested $expand, ${text(requestsPerSecond)} of both (goal 50,000).`,
    );
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}
