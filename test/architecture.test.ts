/** Checks the structure of the project: imports run one way, and lists that must be complete are. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { backgroundTasks } from '../src/base/background.ts';
import { optionTable } from '../src/cli/options.ts';
import {
  doubledExports,
  forbiddenImports,
  importCycles,
  importsOfPrivate,
  importsOfValues,
  longFiles,
  roomOf as roomOfModule,
} from './support/import-graph.ts';
import { modulesIn } from './support/modules.ts';
import { unusedExports } from './support/unused-exports.ts';

const project = fileURLToPath(new URL('..', import.meta.url));
const root = join(project, 'src');
const read = (path: string) => readFileSync(join(project, path), 'utf8');
const modules = modulesIn(project, ['src', 'test', 'bench', 'build', 'bin']);

/** Which rooms a room may import: the folders of `src/`. Each may also import `base` and `contract`; the page `contract` alone. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  base: [],
  contract: [],
  query: [],
  wire: ['query'],
  store: ['wire', 'query'],
  notify: ['store', 'wire', 'query'],
  analysis: ['store', 'wire', 'query'],
  collect: ['store', 'wire', 'query'],
  export: ['store', 'wire', 'query', 'analysis'],
  maintain: ['store', 'wire', 'query', 'collect'],
  graph: ['store', 'wire', 'query', 'notify'],
  serve: ['store', 'wire', 'query', 'notify', 'collect', 'export', 'maintain', 'graph', 'analysis'],
  emulator: [
    'store',
    'wire',
    'query',
    'notify',
    'collect',
    'export',
    'maintain',
    'graph',
    'serve',
    'analysis',
  ],
  web: ['serve', 'analysis'],
  cli: ['store', 'wire', 'query', 'notify', 'collect', 'export', 'maintain', 'graph', 'serve', 'analysis'],
};

/** The only files outside the emulator that may import it. */
const emulatorUsers = ['dev', 'generate', 'token'].map((command) => `src/cli/commands/${command}.ts`);

/** The two engines: private to the store. They implement one interface, so each may export a name of the other. */
const engines = ['src/store/sqlite', 'src/store/postgres'] as const;

/** The only files outside the store that may import an engine, and why. */
const engineUsers: Readonly<Record<string, string>> = {
  'src/cli/commands/config.ts': 'shows the URL of a store without its password',
  'src/cli/commands/store/distribute.ts': 'only PostgreSQL with Citus distributes tables',
  'src/emulator/emulator.ts': 'keeps its records in SQLite',
  'src/emulator/sqlite-snapshots.ts': 'copies the tables of SQLite',
  'src/serve/run/served-store.ts': 'logs the nodes of a cluster',
  'src/serve/run/start-line.ts': 'shows the URL of a store without its password',
};

function sourceFiles(): string[] {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.test.ts'))
    .map((name) => join(root, name));
}

const roomOf = (path: string) => roomOfModule(`src/${path}`);

it('a room imports only the rooms below it, and only three commands import the emulator', () => {
  const rooms = Object.fromEntries(
    Object.entries(allowed).map(([room, below]) => [
      room,
      { base: [], contract: ['base'], web: ['contract', ...below] }[room] ?? ['base', 'contract', ...below],
    ]),
  );
  expect(forbiddenImports(modules, rooms, { emulator: emulatorUsers })).toEqual([]);
});

it('the page imports only types of the server and of the analysis', () => {
  const pairs = [
    ['web', 'serve'],
    ['web', 'analysis'],
  ] as const;
  expect(importsOfValues(modules, pairs)).toEqual([]);
});

it('an engine of the store is imported from outside the store only where a reason is given', () => {
  expect(importsOfPrivate(modules, engines, Object.keys(engineUsers))).toEqual([]);
});

it('no file imports a file that imports it back, in any folder', () => {
  expect(importCycles(modules)).toEqual([]);
});

it('every room is in the table', () => {
  expect(
    [...new Set(sourceFiles().map((file) => roomOf(relative(root, file))))].filter(
      (room) => !(room in allowed),
    ),
  ).toEqual([]);
});

/** Exports with another reader than an import. */
const exported: Readonly<Record<string, string>> = {
  'test/support/postgres-setup.ts setup': 'Vitest calls it',
};

it('no file exports a name that no other file imports', () => {
  expect(unusedExports(modules).filter((name) => !Object.hasOwn(exported, name))).toEqual([]);
});

it('no name is exported by two source files, but for the two engines of the store', () => {
  expect(doubledExports(modules, engines)).toEqual([]);
});

/** The only file that may be longer, and why. */
const long: Readonly<Record<string, string>> = {
  'src/web/messages/en.ts': 'has all texts of the page, so that a translation is one file',
};

it('no source file is longer than 400 lines', () => {
  const found = longFiles(modules, 400);
  expect(found.filter((line) => !Object.keys(long).some((path) => line.includes(path)))).toEqual([]);
});

/** What waits for time to pass, and why: work that is done again and again has an item in docs/operating.md. */
const waiting: Readonly<Record<string, 'in the background' | 'one bounded wait'>> = {
  'base/background.ts': 'in the background',
  'serve/run/outage-recorder.ts': 'in the background',
  'notify/dispatcher.ts': 'in the background',
  'notify/settlements.ts': 'in the background',
  'emulator/scenarios.ts': 'in the background',
  'store/postgres/connection-limiter.ts': 'one bounded wait',
  'store/postgres/host-watch.ts': 'in the background',
  'store/postgres/node-monitor.ts': 'in the background',
  'store/postgres/replica-router.ts': 'in the background',
  'collect/sync/rate-limiter.ts': 'in the background',
  'collect/sync/call-fetcher.ts': 'in the background',
  'collect/sync/subscription-keeper.ts': 'in the background',
  'collect/sync/circuit-breaker.ts': 'in the background',
  'collect/sync/tenant-sync.ts': 'in the background',
  'serve/workers/pool.ts': 'in the background',
  'cli/sync-progress.ts': 'in the background',
  'cli/rejects.ts': 'one bounded wait',
  'cli/stop-signal.ts': 'one bounded wait',
  'base/clock.ts': 'one bounded wait',
  'base/http-client.ts': 'one bounded wait',
  'serve/http/drain.ts': 'one bounded wait',
  'serve/http/server.ts': 'one bounded wait',
  'emulator/http/fault-interceptor.ts': 'one bounded wait',
  'serve/observe/store-metrics.ts': 'one bounded wait',
  'graph/unread-body.ts': 'one bounded wait',
  'base/proxy.ts': 'one bounded wait',
  'serve/observe/readiness.ts': 'one bounded wait',
  'base/stopping.ts': 'one bounded wait',
  'store/postgres/host-client.ts': 'one bounded wait',
  'collect/sync/managed-identity.ts': 'one bounded wait',
  'collect/sync/notified-tenant.ts': 'one bounded wait',
  'collect/sync/with-retry.ts': 'in the background',
  'collect/sync/work-loops.ts': 'in the background',
  'serve/workers/acceptor.ts': 'one bounded wait',
  'serve/workers/forwarding.ts': 'one bounded wait',
};

it('everything that waits for time to pass is listed: an unlisted loop would end at its first error', () => {
  const files = sourceFiles().filter((file) => roomOf(relative(root, file)) !== 'web');
  const waits = /\b(setInterval|setTimeout)\(|\bsleep\(/;
  const found = files.filter((file) => waits.test(readFileSync(file, 'utf8')));
  expect(found.map((file) => relative(root, file)).sort()).toEqual(Object.keys(waiting).sort());
});

it('every task in the background has an item in docs/operating.md', () => {
  const text = read('docs/operating.md');
  expect(backgroundTasks.filter((task) => !text.includes(`- \`${task}\`:`))).toEqual([]);
});

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
const manifest = (path: string) => JSON.parse(read(path)) as Manifest;
const inRoot = { ...manifest('package.json').dependencies, ...manifest('package.json').devDependencies };

it('every dependency is in docs/dependencies.md', () => {
  const text = read('docs/dependencies.md');
  const names = Object.keys({ ...inRoot, ...manifest('test/package.json').dependencies });
  const items = text.split('\n').filter((line) => line.startsWith('- '));
  expect(names.filter((name) => !items.some((item) => item.split(': ')[0]!.includes(`\`${name}\``)))).toEqual(
    [],
  );
});

it('what the source and the tests share is installed once, or twice in one version', () => {
  const { packages } = JSON.parse(read('test/package-lock.json')) as {
    readonly packages: Readonly<Record<string, { readonly version?: string }>>;
  };
  const others = Object.keys(inRoot).filter(
    (name) => (packages[`node_modules/${name}`]?.version ?? inRoot[name]) !== inRoot[name],
  );
  expect(others).toEqual([]);
  // A second copy of the driver would have a state of its own.
  expect(Object.keys(packages)).not.toContain('node_modules/pg');
});

it('only the tests import packages that are installed for them alone', () => {
  const forTests = Object.keys(manifest('test/package.json').dependencies);
  const files = ['src', 'bench', 'build'].flatMap((folder) =>
    readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => join(folder, name)),
  );
  const wrong = files.filter((file) => {
    const text = read(file);
    return forTests.some((name) => new RegExp(`(from|import\\() *'${name}['/]`).test(text));
  });
  expect(wrong).toEqual([]);
});

it('what runs imports no package that is for developing alone', () => {
  const { dependencies, peerDependencies, devDependencies } = manifest('package.json');
  const statement =
    /\bimport (?!type)[^;']*from '((?:@[^'/]+\/)?[^'/.]+)|\bimport\('((?:@[^'/]+\/)?[^'/.]+)/g;
  // The page is bundled: what it imports is in its files.
  const running = sourceFiles().filter((file) => roomOf(relative(root, file)) !== 'web');
  const imported = running.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(statement)].map(([, stated, asked]) => (stated ?? asked)!),
  );
  expect(imported).toEqual(expect.arrayContaining(['jose', 'selfsigned']));
  const packages = new Set(imported.filter((name) => !name.startsWith('node:')));
  // An optional package is tested in the version that its range begins with, and the Dockerfile takes all of a scope.
  for (const [name, range] of Object.entries(peerDependencies))
    expect(devDependencies[name]?.startsWith(`${range}.`)).toBe(true);
  expect(Object.keys(devDependencies).filter((name) => name.startsWith('@opentelemetry/'))).toEqual(
    Object.keys(peerDependencies),
  );
  expect([...packages].filter((name) => !(name in dependencies || name in peerDependencies))).toEqual([]);
});

it('the README names no option that does not exist, and shows both set-up lines', () => {
  const readme = read('README.md');
  const named = [...readme.matchAll(/ --([a-z][a-z-]*)/g)].map(([, name]) => name!);
  const known = [...Object.keys(optionTable), 'help', 'compressed', 'rm', 'tag'];
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
  const variables = [...readme.matchAll(/ROLLCALL_([A-Z_]+)/g)].map(([, name]) =>
    name!.toLowerCase().replaceAll('_', '-'),
  );
  expect(variables.filter((name) => !known.includes(name))).toEqual([]);
  expect([readme.includes('npm ci && npm start'), readme.includes('npm ci && npm test')]).toEqual([
    true,
    true,
  ]);
});

it('every file of test data that was taken from elsewhere is attributed', () => {
  const notice = read('test/vectors/README.md');
  const patterns = [...notice.matchAll(/^- `([^`]+)`/gm)].map(
    ([, glob]) => glob!.split('*') as [string, string],
  );
  const files = readdirSync(join(project, 'test/vectors'), { recursive: true, encoding: 'utf8' });
  const taken = files.filter((name) => name.endsWith('.json'));
  expect(taken.length).toBeGreaterThan(10);
  expect(
    taken.filter((name) => !patterns.some(([from, to]) => name.startsWith(from) && name.endsWith(to))),
  ).toEqual([]);
});

/** The arrows of the diagram of rooms in docs/architecture.md: solid ones include the rooms below, dotted ones do not. */
function drawnArrows(): { readonly from: string; readonly to: string; readonly isSolid: boolean }[] {
  const [, diagram = ''] = /```mermaid\nflowchart TD\n([^`]*)```/.exec(read('docs/architecture.md')) ?? [];
  const labels = new Map([...diagram.matchAll(/ (\w+)\["(\w+)"\]/g)].map(([, id, label]) => [id!, label!]));
  const nameOf = (id: string) => labels.get(id) ?? id;
  return [...diagram.matchAll(/^ *(\w+) (-->|-\. "[^"]+" \.->) (\w+)/gm)].map(([, from, arrow, to]) => ({
    from: nameOf(from!),
    to: nameOf(to!),
    isSolid: arrow === '-->',
  }));
}

it('the diagram in docs/architecture.md draws the imports that are allowed', () => {
  const arrows = drawnArrows();
  const below = (room: string): string[] =>
    arrows.filter(({ from, isSolid }) => isSolid && from === room).flatMap(({ to }) => [to, ...below(to)]);
  const dotted = (room: string) => arrows.filter(({ from, isSolid }) => !isSolid && from === room);
  const drawn = Object.keys(allowed).map((room) => [
    room,
    new Set([...below(room), ...dotted(room).map(({ to }) => to)]),
  ]);
  const emulatorRooms = emulatorUsers.map((file) => roomOf(relative('src', file)));
  const expected = Object.entries(allowed).map(([room, rooms]) => [
    room,
    new Set([...rooms, ...(emulatorRooms.includes(room) ? ['emulator'] : [])]),
  ]);
  expect(Object.fromEntries(drawn)).toEqual(Object.fromEntries(expected));
});

it('every file that docs/architecture.md names is there', () => {
  const named = [...read('docs/architecture.md').matchAll(/(?<=[`\s/])((?:src|test)\/[\w./-]+\.ts)\b/g)];
  expect(named.length).toBeGreaterThan(20);
  expect(named.map(([, path]) => path!).filter((path) => !existsSync(join(project, path)))).toEqual([]);
});
