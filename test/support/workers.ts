/** Starts `serve` with workers, on a store file that the test can write to, with the test's own authority. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { development } from '../../src/base/development.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { main } from './rollcall.ts';
import { importLines, type TestServer, type TestServerOptions } from './server.ts';
import { startTestAuthority } from './test-tokens.ts';

export interface WorkersServer
  extends Pick<TestServer, 'url' | 'get' | 'send' | 'token' | 'import' | 'stop'>, AsyncDisposable {
  readonly child: ChildProcess;
  /** The store file that the server reads. */
  readonly store: CallRecordStore;
  /** Log lines about defects. */
  readonly defects: readonly string[];
  readonly stderr: () => string;
  /** Returns the ids of the worker processes. */
  workers(): number[];
  /** Resolves when the log matches; earlier lines count. */
  logged(pattern: RegExp): Promise<void>;
}

type WorkersOptions = Pick<TestServerOptions, 'cloud' | 'loose' | 'deprecated' | 'corsOrigins'> & {
  /** Two when absent; the number of cores when undefined. */
  readonly workers?: number | undefined;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
};

export async function startWorkersServer(options: WorkersOptions = {}): Promise<WorkersServer> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-workers-'));
  const path = join(folder, 'store.db');
  const authority = await startTestAuthority();
  const place = ['--store', `sqlite:${path}`, '--port', '0', '--json', '--authority', authority.url];
  const child = spawn(process.execPath, [main, 'serve', ...place, ...argsOf(options)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ROLLCALL_LOG_FORMAT: 'json', ...options.environment },
  });
  let stderr = '';
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const exited = once(child, 'exit');
  // Emitted after the exit, when all output of it and its workers has been read.
  const closed = once(child, 'close');
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    exited.then(() => Promise.reject(new Error(stderr))),
  ])) as [string];
  const { listening: url } = JSON.parse(line) as { listening: string };
  const store = openSqliteStore(path);
  const send = async (method: string, to: string, body?: unknown, headers: Record<string, string> = {}) =>
    fetch(url + to, {
      method,
      headers: {
        authorization: `Bearer ${await authority.token()}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const end = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await closed;
    }
    await store[Symbol.asyncDispose]();
    await authority[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  };
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= end());
  return {
    url,
    child,
    store,
    token: authority.token,
    send,
    get: (to, headers) => send('GET', to, undefined, headers),
    import: (lines, tenantId = development.tenantId) => importLines(store, lines, tenantId),
    get defects() {
      return stderr.split('\n').filter((one) => one.includes('"level":"error"'));
    },
    stderr: () => stderr,
    workers: () => childrenOf(child.pid!),
    async logged(pattern) {
      while (!pattern.test(stderr)) await once(child.stderr, 'data');
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function argsOf(options: WorkersOptions): string[] {
  const { cloud, loose = false, deprecated, corsOrigins = [], args = [] } = options;
  const workers = 'workers' in options ? options.workers : 2;
  const given = (name: string, value: string | number | undefined) =>
    value === undefined ? [] : [`--${name}`, String(value)];
  return [
    ...given('workers', workers),
    ...given('cloud', cloud),
    ...(loose ? ['--loose'] : []),
    ...given('deprecated', deprecated),
    ...corsOrigins.flatMap((origin) => given('cors-origin', origin)),
    ...args,
  ];
}

/** Lists child processes: Linux has a folder for each process; field 4 of its `stat` is the parent (proc(5)). */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number)
    .sort((a, b) => a - b);
}

function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : Number(parent);
  } catch {
    return undefined; // it has ended since it was listed
  }
}
