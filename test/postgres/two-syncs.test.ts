/** Two processes that keep one tenant on one database: they share the work, and each takes over from the other. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { development } from '../../src/auth/issuer/issuer.ts';
import { defaultGenerateOptions, generateLines } from '../../src/generate/generate.ts';
import { generateLogRows } from '../../src/generate/log-rows.ts';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { createDatabase } from '../support/test-database.ts';

const main = new URL('../../src/cli/main.ts', import.meta.url).pathname;
const calls = 200;
const options = { ...defaultGenerateOptions, calls, largest: 40, media: false, days: 20, until: new Date() };
const lines = [...generateLines(options), ...generateLogRows({ ...options, rows: 20 })];

/** Calls that one process fetches at a time. */
const concurrency = 16;

/**
 * An upstream that keeps to Graph's limits over shorter spans, and counts how often each call is asked for. It answers
 * about none before so many are asked for at once that both processes must be at it.
 */
async function startUpstream() {
  const asked = new Map<string, number>();
  const refused: string[] = [];
  let waiting = 0;
  const bothFetch = Promise.withResolvers<undefined>();
  const opened = Promise.withResolvers<undefined>();
  const server = await startTestServer({
    throttleScale: 0.05,
    interception: {
      async exchange(exchange, answer) {
        const { url = '' } = exchange.request;
        const [, call] = /\/callRecords\/([^/?(]+)\?\$expand=sessions/.exec(url) ?? [];
        if (call !== undefined) {
          asked.set(call, (asked.get(call) ?? 0) + 1);
          if (++waiting > concurrency) bothFetch.resolve(undefined);
          await opened.promise;
        }
        await answer(exchange);
        if (exchange.response.statusCode === 429) refused.push(url);
      },
      batchItem: () => Promise.resolve(undefined),
    },
  });
  onTestFinished(() => server.stop());
  await server.import(lines);
  return { server, asked, refused, bothFetch: bothFetch.promise, open: () => opened.resolve(undefined) };
}

interface Outcome {
  readonly records: number;
  readonly incomplete: number;
  readonly problems: readonly unknown[];
}

function runSync(server: TestServer, store: string) {
  const args = ['sync', '--once', '--upstream', server.url, '--store', store, '--json', '--quiet'];
  const child: ChildProcess = spawn(process.execPath, [main, ...args, '--budget-scale', '0.05'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [told, failed] = [collected(child.stdout!), collected(child.stderr!)];
  const ended = once(child, 'exit').then(async ([code, signal]) => {
    if (signal !== null) return signal as string;
    expect(code, await failed).toBe(0);
    return JSON.parse(await told) as Outcome;
  });
  return { child, ended };
}

async function collected(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const piece of stream) text += piece.toString();
  return text;
}

async function database() {
  const made = await createDatabase();
  onTestFinished(() => made[Symbol.asyncDispose]());
  return made;
}

async function expectAll(url: string): Promise<void> {
  await using store = await openPostgresStore(url);
  expect(await store.evidence.tally(development.tenantId)).toMatchObject({
    calls,
    editions: calls,
    incomplete: 0,
  });
  expect(await store.upstream.counts(development.tenantId)).toMatchObject({ wanted: 0, gone: 0 });
}

it('fetch each call once, within the limits of one application, and both end when all is there', async () => {
  const { server, asked, refused, bothFetch, open } = await startUpstream();
  const { url, query } = await database();
  const both = [runSync(server, url), runSync(server, url)];
  await bothFetch;
  open();
  const outcomes = await Promise.all(both.map(({ ended }) => ended));
  const records = outcomes.map((outcome) => (outcome as Outcome).records);
  expect(records[0]! + records[1]!).toBe(calls);
  expect(Math.min(...records)).toBeGreaterThan(0);
  expect([asked.size, ...new Set(asked.values())]).toEqual([calls, 1]);
  expect(refused).toEqual([]);
  await expectAll(url);
  expect(await query('SELECT claimant FROM rollcall.claimant')).toEqual([]);
});

it('go on for one another when one is killed', async () => {
  const { server, asked, refused, bothFetch, open } = await startUpstream();
  const { url } = await database();
  const [killed, other] = [runSync(server, url), runSync(server, url)];
  await bothFetch;
  killed.child.kill('SIGKILL');
  expect(await killed.ended).toBe('SIGKILL');
  open();
  expect(await other.ended).toMatchObject({ incomplete: 0, problems: [] });
  // What it had fetched and not stored is fetched again, by the other.
  const again = [...asked.values()].filter((count) => count > 1);
  expect([asked.size, ...new Set(again)]).toEqual([calls, 2]);
  expect(again.length).toBeLessThanOrEqual(concurrency);
  expect(refused).toEqual([]);
  await expectAll(url);
});
