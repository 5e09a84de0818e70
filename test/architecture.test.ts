/** The shape of the project, kept true: imports run one way, and what must be written down is. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { backgroundTasks } from '../src/background.ts';
import { optionTable } from '../src/cli/options.ts';
import { modulesIn, unusedExports } from './support/unused-exports.ts';

const project = fileURLToPath(new URL('..', import.meta.url));
const root = join(project, 'src');
const read = (path: string) => readFileSync(join(project, path), 'utf8');

/** Which layers a layer may import: a folder, or one file of it. Everything may import what is in `common`. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  model: [],
  odata: ['text/ticks.ts'],
  text: ['model'],
  auth: ['model'],
  'sign-in': ['auth'],
  plan: ['model', 'odata', 'text/ticks.ts'],
  store: ['model', 'odata/as-of.ts', 'odata/context-url.ts', 'plan', 'text'],
  generate: ['model'],
  projection: ['model', 'odata', 'plan', 'text'],
  notify: ['odata', 'text/ticks.ts', 'store/lease-holder.ts', 'store/store.ts', 'store/subscriptions.ts'],
  ingest: ['model', 'text', 'store/quarantine.ts', 'store/store.ts'],
  sync: [
    'ingest',
    'model',
    'store/fetch-queue.ts',
    'store/kept-since.ts',
    'store/lease-holder.ts',
    'store/quarantine.ts',
    'store/spans.ts',
    'store/store.ts',
    'store/unlisted-spans.ts',
    'store/upstream.ts',
    'text',
  ],
  openapi: ['model'],
  doctor: ['auth', 'model', 'store/recency.ts', 'store/store.ts', 'sync', 'verify'],
  readiness: ['doctor/finding.ts', 'store/recency.ts', 'store/store.ts', 'store/upstream.ts'],
  retention: ['store/kept-since.ts', 'store/store.ts'],
  tracing: ['store/store.ts', 'version.ts'],
  transfer: [
    'store/calls-at-once.ts',
    'store/carried-rows.ts',
    'store/inference.ts',
    'store/store.ts',
    'store/tables.ts',
    'store/transfer.ts',
    'text',
    'verify/look.ts',
  ],
  export: ['model', 'odata/context-url.ts', 'store/store.ts', 'text'],
  verify: [
    'model',
    'store/calls-at-once.ts',
    'store/edition-places.ts',
    'store/evidence.ts',
    'store/kept-since.ts',
    'store/quarantine.ts',
    'store/recency.ts',
    'store/spans.ts',
    'store/store.ts',
    'store/transfer.ts',
    'store/unlisted-spans.ts',
    'store/upstream.ts',
    'text',
  ],
  stage: [
    'auth',
    'generate',
    'ingest',
    'model',
    'notify/notification-faults.ts',
    'odata',
    'store/sqlite/schema.ts',
    'store/sqlite/sqlite-store.ts',
    'store/store.ts',
    'text',
  ],
  http: [
    'auth',
    'model',
    'odata',
    'notify/challenge.ts',
    'notify/handshake.ts',
    'openapi',
    'plan',
    'projection',
    'readiness',
    'sign-in',
    'stage',
    'sync/notified-tenant.ts',
    'text',
    'store/found-edition.ts',
    'store/recency.ts',
    'store/search.ts',
    'store/store.ts',
    'store/subscriptions.ts',
    'verify',
    'version.ts',
  ],
  workers: ['http'],
  web: [
    'model/call-completeness.ts',
    'model/call-quality.ts',
    'model/completeness-state.ts',
    'model/completeness-words.ts',
    'model/oddities.ts',
  ],
  'version.ts': [],
  cli: [
    'app.ts',
    'auth',
    'doctor',
    'export',
    'generate',
    'http',
    'ingest',
    'model',
    'notify',
    'plan',
    'readiness',
    'retention',
    'sign-in',
    'stage',
    'store',
    'sync',
    'text/ticks.ts',
    'tracing',
    'transfer',
    'verify',
    'version.ts',
    'workers',
  ],
  'app.ts': ['auth', 'http', 'model', 'notify', 'odata', 'plan', 'readiness', 'sign-in', 'store'],
  'faults.ts': [],
  'byte-cache.ts': [],
  'background.ts': [],
  'clock.ts': [],
  'http-client.ts': [],
  'in-order.ts': [],
  'printable.ts': [],
  'proxy.ts': [],
  'log.ts': [],
  'subnets.ts': [],
  'temporary-folder.ts': [],
  'tls-options.ts': [],
  'stopping.ts': [],
  'trim-end.ts': [],
};

/** What everything may import. */
const common = new Set([
  'byte-cache.ts',
  'faults.ts',
  'background.ts',
  'clock.ts',
  'http-client.ts',
  'in-order.ts',
  'log.ts',
  'printable.ts',
  'proxy.ts',
  'subnets.ts',
  'temporary-folder.ts',
  'tls-options.ts',
  'stopping.ts',
  'tracing/tracing.ts',
  'trim-end.ts',
]);

function sourceFiles(): string[] {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.test.ts'))
    .map((name) => join(root, name));
}

const layerOf = (path: string) => path.split('/')[0]!;

it('imports only run downwards', () => {
  const wrong: string[] = [];
  for (const file of sourceFiles()) {
    const from = layerOf(relative(root, file));
    for (const [, spec] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*(?:\(\s*)?'(\.[^']+)'/g)) {
      const to = relative(root, join(dirname(file), spec!));
      const ok =
        common.has(to) ||
        layerOf(to) === from ||
        (allowed[from] ?? []).some((entry) => to === entry || to.startsWith(`${entry}/`));
      if (!ok) wrong.push(`${relative(root, file)} -> ${to}`);
    }
  }
  expect(wrong).toEqual([]);
});

it('every layer is in the table', () => {
  expect(
    [...new Set(sourceFiles().map((file) => layerOf(relative(root, file))))].filter(
      (layer) => !(layer in allowed),
    ),
  ).toEqual([]);
});

/** What is read by other means than an import. */
const exported: Readonly<Record<string, string>> = {
  'test/support/postgres-setup.ts setup': 'Vitest calls it',
};

it('no file exports a name that no other file imports', () => {
  const modules = modulesIn(project, ['src', 'test', 'bench', 'build', 'bin']);
  expect(unusedExports(modules).filter((name) => !Object.hasOwn(exported, name))).toEqual([]);
});

it('no source file is so long that it holds two ideas', () => {
  const long = sourceFiles().filter((file) => readFileSync(file, 'utf8').split('\n').length > 600);
  expect(long.map((file) => relative(root, file))).toEqual([]);
});

/** What waits for time to pass, and why: work that is done again and again has a row in docs/operating.md. */
const waiting: Readonly<Record<string, 'in the background' | 'one bounded wait'>> = {
  'background.ts': 'in the background',
  'cli/outages.ts': 'in the background',
  'notify/dispatcher.ts': 'in the background',
  'notify/settlements.ts': 'in the background',
  'stage/scenarios.ts': 'in the background',
  'store/postgres/connection-limiter.ts': 'one bounded wait',
  'store/postgres/host-watch.ts': 'in the background',
  'store/postgres/node-monitor.ts': 'in the background',
  'store/postgres/replica-router.ts': 'in the background',
  'sync/budget.ts': 'in the background',
  'sync/call-fetcher.ts': 'in the background',
  'sync/subscription-keeper.ts': 'in the background',
  'sync/tenant-gate.ts': 'in the background',
  'sync/tenant-sync.ts': 'in the background',
  'workers/pool.ts': 'in the background',
  'cli/sync-progress.ts': 'in the background',
  'cli/rejects.ts': 'one bounded wait',
  'cli/stop-signal.ts': 'one bounded wait',
  'clock.ts': 'one bounded wait',
  'http-client.ts': 'one bounded wait',
  'http/drain.ts': 'one bounded wait',
  'http/server.ts': 'one bounded wait',
  'http/stage/stage-interception.ts': 'one bounded wait',
  'http/store-metrics.ts': 'one bounded wait',
  'http/unread-body.ts': 'one bounded wait',
  'proxy.ts': 'one bounded wait',
  'readiness/readiness.ts': 'one bounded wait',
  'stopping.ts': 'one bounded wait',
  'store/postgres/host-client.ts': 'one bounded wait',
  'sync/managed-identity.ts': 'one bounded wait',
  'sync/notified-tenant.ts': 'one bounded wait',
  'sync/retry.ts': 'in the background',
  'sync/work-loops.ts': 'in the background',
  'tracing/start.ts': 'one bounded wait',
  'workers/entrance.ts': 'one bounded wait',
  'workers/forwarding.ts': 'one bounded wait',
};

it('everything that waits for time to pass is listed: an unlisted loop would end at its first error', () => {
  const files = sourceFiles().filter((file) => layerOf(relative(root, file)) !== 'web');
  const waits = /\b(setInterval|setTimeout)\(|\bsleep\(/;
  const found = files.filter((file) => waits.test(readFileSync(file, 'utf8')));
  expect(found.map((file) => relative(root, file)).sort()).toEqual(Object.keys(waiting).sort());
});

it('every task in the background has a row in docs/operating.md', () => {
  const text = read('docs/operating.md');
  expect(backgroundTasks.filter((task) => !text.includes(`| \`${task}\` `))).toEqual([]);
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
  expect(names.filter((name) => !text.includes(`| \`${name}\``))).toEqual([]);
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
  const running = sourceFiles().filter((file) => layerOf(relative(root, file)) !== 'web');
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
  const known = [...Object.keys(optionTable), 'help', 'compressed'];
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
