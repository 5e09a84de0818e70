/** What `npm pack` makes, installed in an empty folder, as a user has it. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { version } from '../../src/base/version.ts';
import { startTestAuthority } from '../support/test-tokens.ts';
import { childrenOf } from '../support/workers.ts';

const run = promisify(execFile);
const project = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rollcall-installed-'));

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}
let packed: Packed;

beforeAll(async () => {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: project });
  // What scripts of the package say stands before the JSON.
  const [only] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as readonly Packed[];
  packed = only!;
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  await run('npm', ['install', '--no-audit', '--no-fund', `./${packed.filename}`], { cwd: folder });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `npx rollcall …` in that folder. */
const npx = (...args: string[]) =>
  run('npx', ['--no', '--', 'rollcall', ...args], { cwd: folder, maxBuffer: 2 ** 26 });

it('holds what runs, and neither sources nor tests', () => {
  const paths = packed.files.map(({ path }) => path).filter((path) => !path.startsWith('docs/examples/'));
  expect(paths.filter((path) => path.endsWith('.ts') || path.includes('.test.'))).toEqual([]);
  expect(paths).toEqual(
    expect.arrayContaining([
      'bin/rollcall.js',
      'dist/cli/main.js',
      'dist/serve/run/worker.js',
      'dist/page/index.html.br',
      'README.md',
      'LICENSE',
    ]),
  );
});

it('has every document that its help, its messages and its documents name', () => {
  const root = join(folder, 'node_modules/rollcall');
  const named = new Map<string, string>();
  for (const { path } of packed.files) {
    if (!/\.(js|md|html)$/.test(path) || path === 'CHANGELOG.md') continue;
    const text = readFileSync(join(root, path), 'utf8');
    for (const [name] of text.matchAll(/docs\/[\w/.-]*\w\.(?:md|json)\b/g)) named.set(name, path);
  }
  expect(named.size).toBeGreaterThan(20);
  expect([...named].filter(([name]) => !existsSync(join(root, name)))).toEqual([]);
});

it('names each document by a path that exists', async () => {
  const help = (await npx('help', 'store', 'copy')).stdout + (await npx('help', 'sync')).stdout;
  const paths = help.split(/\s+/).flatMap((word) => /^(.*\.md)\b/.exec(word)?.[1] ?? []);
  expect(paths.length).toBeGreaterThan(1);
  expect(paths.filter((path) => !path.startsWith('/') || !existsSync(path))).toEqual([]);
});

it('requires the Node that runs it', () => {
  const manifest = readFileSync(join(folder, 'node_modules/rollcall/package.json'), 'utf8');
  expect(JSON.parse(manifest)).toMatchObject({ version, engines: { node: '>=24' } });
  expect(readFileSync(join(project, 'package.json'), 'utf8')).toContain('"node": ">=20"');
});

it('stays small: 0.9 MB, and 0.4 MB for the viewer of the API reference, and no package that only tests need', () => {
  expect(packed.size).toBeLessThan(1_350_000);
  expect(existsSync(join(folder, 'node_modules/typescript'))).toBe(false);
  expect(readdirSync(join(folder, 'node_modules')).length).toBeLessThan(60);
});

it('tells its version, its help, and its exit codes', async () => {
  expect((await npx('--version')).stdout).toBe(`${version}\n`);
  expect((await npx('--help')).stdout).toContain('rollcall COMMAND [OPTION…]');
  await expect(npx('serve')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--authority') as string,
  });
});

it('traces once the packages are installed that it names', async () => {
  expect(existsSync(join(folder, 'node_modules/@opentelemetry/sdk-trace-base'))).toBe(false);
  const trace = () =>
    run('npx', ['--no', '--', 'rollcall', 'verify', '--store', 'memory:'], {
      cwd: folder,
      env: { ...process.env, OTEL_TRACES_EXPORTER: 'console' },
    }).then(
      () => expect.fail('a store without calls ends with 3'),
      (error: unknown) => error as { code: number; stdout: string; stderr: string }, // as execFile rejects
    );
  const refused = await trace();
  expect([refused.code, refused.stdout]).toEqual([2, '']);
  const [, packages = ''] = /^npm install (.+)$/m.exec(refused.stderr) ?? [];
  expect(packages).toContain('@opentelemetry/sdk-trace-base@');
  await run('npm', ['install', '--no-audit', '--no-fund', ...packages.split(' ')], { cwd: folder });
  const traced = await trace();
  expect([traced.code, traced.stdout]).toEqual([3, expect.stringContaining("name: 'evidence.stored'")]);
});

const startDateTime = '2026-11-01T10:00:00Z';

it('generates, imports, verifies and exports', async () => {
  const store = `sqlite:${join(folder, 'kept.db')}`;
  const calls = join(folder, 'calls.jsonl');
  const { stdout: lines } = await npx('generate', '--calls', '5');
  writeFileSync(calls, lines);
  const imported = JSON.parse((await npx('import', calls, '--store', store, '--json')).stdout) as object;
  expect(imported).toMatchObject({ records: lines.trimEnd().split('\n').length, rejected: 0 });
  expect(JSON.parse((await npx('verify', '--store', store, '--json')).stdout)).toMatchObject({ corrupt: 0 });
  const out = join(folder, 'calls.parquet');
  await npx('export', '--store', store, '--format', 'parquet', '--what', 'participants', '--out', out);
  expect(existsSync(out)).toBe(true);
});

it('copies a store to another', async () => {
  const [store, copied] = ['from', 'copied'].map((name) => `sqlite:${join(folder, `${name}.db`)}`) as [
    string,
    string,
  ];
  const calls = join(folder, 'many.jsonl');
  writeFileSync(
    calls,
    Array.from({ length: 2100 }, (_, i) =>
      JSON.stringify({ id: `call-${i}`, version: 1, startDateTime, participants_v2: [{ id: 'somebody' }] }),
    ).join('\n'),
  );
  await npx('import', calls, '--store', store, '--quiet');
  const { stdout } = await npx('store', 'copy', '--from', store, '--to', copied, '--json');
  expect(JSON.parse(stdout)).toMatchObject({ calls: 2100, copied: 2100, differences: 0 });
});

it.each([
  ['dev', []],
  ['serve', ['--workers', '2']],
])('%s %j answers a request and ends when told', async (command, workers) => {
  const store = `sqlite:${join(folder, `${command}.db`)}`;
  const calls = join(folder, `${command}.jsonl`);
  writeFileSync(
    calls,
    ['a', 'b', 'c']
      .map((id) => JSON.stringify({ id, version: 1, startDateTime, participants_v2: [] }))
      .join('\n'),
  );
  await npx('import', calls, '--store', store);
  await using authority = await startTestAuthority();
  const own = command === 'dev' ? [] : ['--authority', authority.url];
  const bin = join(folder, 'node_modules/.bin/rollcall');
  const args = [bin, command, '--store', store, '--port', '0', '--json', ...workers, ...own];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const { listening } = JSON.parse(line) as { listening: string };
    // Only Linux lists the children of a process in /proc.
    if (process.platform === 'linux') expect(childrenOf(child.pid!)).toHaveLength(workers.length);
    const token =
      command === 'dev' ? (await npx('token', '--store', store)).stdout.trim() : await authority.token();
    const answer = await fetch(`${listening}/v1.0/communications/callRecords`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ value: [{}, {}, {}] });
    expect(await pageParts(listening)).toEqual([
      '200 image/svg+xml',
      '200 text/css;charset=utf-8',
      '200 text/html;charset=utf-8',
      '200 text/javascript;charset=utf-8',
      '200 text/javascript;charset=utf-8',
      '200 text/plain;charset=utf-8',
    ]);
  } finally {
    child.kill('SIGTERM');
  }
  expect(await once(child, 'exit')).toEqual([0, null]);
});

/** Status and type of the page, and of each part that it names. */
async function pageParts(url: string): Promise<readonly string[]> {
  const shell = await fetch(`${url}/`);
  const named = [...(await shell.text()).matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path!);
  const parts = await Promise.all(named.map((path) => fetch(url + path)));
  return [shell, ...parts].map(({ status, headers }) => `${status} ${headers.get('content-type')}`).sort();
}

it('tells an old Node what it needs', async () => {
  const bin = join(folder, 'node_modules/rollcall/bin/rollcall.js');
  const old = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.20.2'})`;
  await expect(run(process.execPath, ['--import', old, bin, '--version'])).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('needs Node.js 24 or newer, and this is Node.js 20.20.2') as string,
  });
});

it('runs dev from the package file by npx, with its page and a command line that prints a token', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'rollcall-npx-'));
  copyFileSync(join(folder, packed.filename), join(empty, packed.filename));
  const start = ['--yes', `./${packed.filename}`, 'dev', '--port', '0', '--calls', '3'];
  const child = spawn('npx', start, { cwd: empty, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  try {
    let stderr = '';
    child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const url = line.replace('rollcall listening on ', '');
    expect(await pageParts(url)).toContain('200 text/html;charset=utf-8');
    const [, command] = /Bearer \$\((.+)\)"/.exec(stderr)!;
    expect(command).toBe(`npx --yes ./${packed.filename} token`);
    const { stdout: token } = await run('sh', ['-c', command!], { cwd: empty });
    const answer = await fetch(`${url}/v1.0/communications/callRecords`, {
      headers: { authorization: `Bearer ${token.trim()}` },
    });
    expect(answer.status).toBe(200);
    expect(await pageParts(url)).toContain('200 text/javascript;charset=utf-8');
  } finally {
    process.kill(-child.pid!, 'SIGTERM'); // npx, and the server that it started
    await once(child, 'close');
    rmSync(empty, { recursive: true, force: true });
  }
});
