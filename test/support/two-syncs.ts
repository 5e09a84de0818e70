/** Runs two processes that sync one tenant into one store: one works, the other is on standby and takes over. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { development } from '../../src/base/development.ts';
import { defaultGenerateOptions, generateLines } from '../../src/emulator/generate/generate.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { main } from './rollcall.ts';
import { startTestServer } from './server.ts';

const calls = 120;
/** Concurrent fetches of a process. */
const concurrency = 16;
const options = { ...defaultGenerateOptions, calls, largest: 30, media: false, days: 20, until: new Date() };
const { tenantId } = development;

/** Starts an upstream with Graph's limits over shorter spans, which counts the requests for each call. */
async function startUpstream() {
  const asked = new Map<string, number>();
  const throttled: string[] = [];
  const opened = Promise.withResolvers<undefined>();
  const fetching = Promise.withResolvers<undefined>();
  const server = await startTestServer({
    throttleScale: 0.05,
    interceptor: {
      async exchange(exchange, answer) {
        const { url = '' } = exchange.request;
        const [, call] = /\/callRecords\/([^/?(]+)\?\$expand=sessions/.exec(url) ?? [];
        if (call !== undefined) {
          asked.set(call, (asked.get(call) ?? 0) + 1);
          if (asked.size === concurrency) fetching.resolve(undefined);
          await opened.promise;
        }
        await answer(exchange);
        if (exchange.response.statusCode === 429) throttled.push(url);
      },
      batchItem: () => Promise.resolve(undefined),
    },
  });
  onTestFinished(() => server.stop());
  await server.import([...generateLines(options)]);
  return {
    ...{ url: server.url, asked, throttled },
    /** Resolves when the process has its maximum number of fetches in flight; none is answered before `open`. */
    fetching: fetching.promise,
    open: () => opened.resolve(undefined),
  };
}

type Upstream = Awaited<ReturnType<typeof startUpstream>>;

interface LogLine {
  readonly about?: string;
  readonly level: string;
  readonly message: string;
}

class SyncProcess {
  readonly child: ChildProcess;
  readonly #lines: LogLine[] = [];
  #seen = Promise.withResolvers<undefined>();

  constructor(upstream: Upstream, store: string) {
    const args = ['sync', '--upstream', upstream.url, '--logs', 'none', '--log-format', 'json'];
    this.child = spawn(process.execPath, [main, ...args, '--budget-scale', '0.05'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ROLLCALL_STORE: store },
    });
    onTestFinished(() => void this.child.kill('SIGKILL'));
    createInterface({ input: this.child.stderr! }).on('line', (line) => {
      this.#lines.push(JSON.parse(line) as LogLine);
      this.#seen.resolve(undefined);
      this.#seen = Promise.withResolvers();
    });
  }

  get messages(): readonly string[] {
    return this.#lines.map(({ about, level, message }) => `${level} ${about}: ${message}`);
  }

  /** Waits for a number of matching lines. */
  async logged(pattern: RegExp, count = 1): Promise<void> {
    while (this.messages.filter((message) => pattern.test(message)).length < count) await this.#seen.promise;
  }

  async end(signal: NodeJS.Signals): Promise<string | number | null> {
    const exited = once(this.child, 'exit') as Promise<[number | null, string | null]>;
    this.child.kill(signal);
    const [code, killedBy] = await exited;
    return killedBy ?? code;
  }
}

const standby = /^info standby: Another process syncs this tenant\./;
const holder = /^info standby: This process syncs the tenant\./;
const lost = /^warn lease: The lease of the tenant ended/;

async function untilAllThere(store: CallRecordStore): Promise<void> {
  for (;;) {
    const { calls: there, incomplete } = await store.evidence.tally(tenantId);
    const { pending: wanted } = await store.upstream.counts(tenantId);
    if (there === calls && incomplete === 0 && wanted === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Expects every call to be stored once, and to be requested once unless the first process was fetching it. */
async function expectAllOnce(store: CallRecordStore, { asked, throttled }: Upstream): Promise<void> {
  expect(await store.evidence.tally(tenantId)).toMatchObject({ calls, editions: calls, incomplete: 0 });
  const again = [...asked.values()].filter((count) => count > 1);
  expect([asked.size, ...new Set(again)]).toEqual([calls, 2]);
  expect(again.length).toBeLessThanOrEqual(concurrency);
  expect(throttled).toEqual([]);
}

/** Defines the suite. @param create Creates a store, and returns how to open it. */
export function twoSyncsSuite(
  create: () => Promise<{ readonly url: string; readonly open: () => Promise<CallRecordStore> }>,
): void {
  /** Starts a process with its maximum number of fetches in flight, and one on standby. */
  async function startBoth() {
    const upstream = await startUpstream();
    const { url, open } = await create();
    const first = new SyncProcess(upstream, url);
    await upstream.fetching;
    const second = new SyncProcess(upstream, url);
    await second.logged(standby);
    return { upstream, first, second, open };
  }

  it('one works, and the other takes over when it is killed: nothing is lost, doubled or throttled', async () => {
    const { upstream, first, second, open } = await startBoth();
    expect(upstream.asked.size).toBe(concurrency);
    expect(await first.end('SIGKILL')).toBe('SIGKILL');
    upstream.open();
    await second.logged(holder);
    await using store = await open();
    await untilAllThere(store);
    await expectAllOnce(store, upstream);
    expect(await second.end('SIGTERM')).toBe(0);
  }, 120_000);

  it('one that stood still for longer than its lease stops its work, and takes over again when the other ends', async () => {
    const { upstream, first, second, open } = await startBoth();
    first.child.kill('SIGSTOP');
    await second.logged(holder);
    upstream.open();
    await using store = await open();
    await untilAllThere(store);
    first.child.kill('SIGCONT');
    await first.logged(lost);
    await first.logged(standby);
    await expectAllOnce(store, upstream);
    expect(await second.end('SIGTERM')).toBe(0);
    await first.logged(holder);
    expect(await first.end('SIGTERM')).toBe(0);
    await expectAllOnce(store, upstream);
  }, 120_000);
}
