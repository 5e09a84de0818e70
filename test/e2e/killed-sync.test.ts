/**
 * Killed at random moments, a sync of an upstream that answers oddly ends where an undisturbed one ends: at 200 of them in
 * `npm run soak`.
 */
import { spawn } from 'node:child_process';
import { Agent, get } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { defaultGenerateOptions, generateLines } from '../../src/emulator/generate/generate.ts';
import { generateLogRows } from '../../src/emulator/generate/log-rows.ts';
import { between, fraction, randomFor } from '../../src/emulator/generate/random.ts';
import { formatOddities } from '../../src/contract/oddities.ts';
import type { OddKind } from '../../src/emulator/odd/kinds.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { often, testSeed } from '../support/often.ts';
import { served, withoutServer } from '../support/served.ts';
import { startTestServer } from '../support/server.ts';
import { startEmulator } from '../support/emulator.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => {
  agent.destroy();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const agent = new Agent({ keepAlive: true });
const kills = Number(process.env['ROLLCALL_TEST_KILLS'] ?? often(4, 200));
/** Syncs that may end by giving up on an upstream that shares its core with them, and are run again. */
const mayGiveUp = 4;
/** Syncs that are killed at a time, each with an upstream and a store of its own. */
const lanes = often(1, 2);

/** Many calls, so that one store is killed many times before it is whole. */
const until = new Date();
// Whatever the hour: what began more than 30 days ago upstream is not asked for.
const options = {
  ...defaultGenerateOptions,
  days: 28,
  calls: often(120, 800),
  largest: 150,
  media: false,
  until,
};
const lines = [...generateLines(options), ...generateLogRows({ ...options, rows: 20 })];
const callRecords = 'communications/callRecords';
const ids = lines.map((line) => (JSON.parse(line) as { id: string }).id).slice(0, options.calls);

/** Each is answered so whenever it is asked for: none of it is a matter of when a sync was killed. */
const faults = [
  ...(['nullId', 'missingId', 'surrogate', 'wrongType', 'duplicateEntry'] as const).map((odd, i) =>
    ofCall(odd, i * 3, 'participants_v2'),
  ),
  ...(['nullId', 'surrogate', 'wrongType', 'nullStart'] as const).map((odd, i) =>
    ofCall(odd, 50 + i * 7, 'sessions'),
  ),
  ofCall('nullStart', 90, 'callRecord'),
  { match: { callId: ids[110] }, effect: { odd: 'byteOrderMark' } },
  { match: { endpoint: `${callRecords}/{id}/participants_v2` }, effect: { odd: 'overlappingPages' } },
  { match: { endpoint: callRecords }, after: 1, effect: { odd: 'emptyPage' } },
  { match: { endpoint: `${callRecords}/getPstnCalls` }, effect: { odd: 'nullStart', seed: 1 } },
  { match: { endpoint: `${callRecords}/getDirectRoutingCalls` }, effect: { odd: 'emptyLink' } },
];

function ofCall(odd: OddKind, place: number, of: string): object {
  return { match: { callId: ids[place] }, effect: { odd, of } };
}

/** An upstream that tells when it is asked. */
async function startUpstream() {
  let onRequest: () => void = () => undefined;
  const server = await startEmulator({ start: until, onRequest: () => onRequest() });
  await server.import(lines);
  expect((await server.ask('POST', 'faults', faults)).status).toBe(201);
  return { server, listen: (listener: () => void) => (onRequest = listener) };
}

type Upstream = Awaited<ReturnType<typeof startUpstream>>;

/** Runs a sync; kills it some time after so many requests. */
function runSync(
  { server, listen }: Upstream,
  store: string,
  killAfter?: { readonly requests: number; readonly ms: number },
): Promise<string | number> {
  const args = ['sync', '--once', '--upstream', server.url, '--store', `sqlite:${store}`, '--quiet'];
  const child = spawn(process.execPath, [main, ...args, '--budget-scale', '0.001'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  child.stderr.on('data', (text: Buffer) => (told += text.toString()));
  let requests = 0;
  let timer: NodeJS.Timeout | undefined;
  listen(() => {
    if (++requests === killAfter?.requests) timer = setTimeout(() => child.kill('SIGKILL'), killAfter.ms);
  });
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      // What it said is in the test's own message when it should have ended well.
      resolve(signal ?? (code === 0 ? 0 : `${code} ${told}`));
    });
  });
}

/** What is served of a store: every call, the list of calls, the logs; and what is marked as odd. */
async function contents(path: string): Promise<Map<string, string>> {
  const store = openSqliteStore(path);
  await using server = await startTestServer({ store });
  const authorization = `Bearer ${await server.token()}`;
  const read = (target: string) => textOf(`${server.url}${target}`, authorization);
  const all = await served(server.url, read, ids);
  const root = '/v1.0/communications/callRecords';
  const from = new Date(until.getTime() - 60 * 24 * 3600_000).toISOString();
  const span = `fromDateTime=${from},toDateTime=${until.toISOString()}`;
  for (const target of [root, `${root}/getPstnCalls(${span})`, `${root}/getDirectRoutingCalls(${span})`])
    all.set(target, withoutServer(await read(target), server.url));
  const odd = await store.evidence.odd(development.tenantId, undefined, ids.length);
  const marks = odd.map(({ callId, edition }) => `${callId} ${formatOddities(edition?.odd ?? [])}`);
  all.set('marks', marks.sort().join('\n'));
  return all;
}

/** By Node's own client: thousands of answers are compared here, and held against the API's description elsewhere. */
function textOf(url: string, authorization: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { authorization }, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(`${response.statusCode} ${Buffer.concat(chunks).toString()}`));
    }).on('error', reject);
  });
}

it(`ends the same after being killed at ${kills} moments (seed ${testSeed})`, async () => {
  const first = await startUpstream();
  const clean = join(folder, 'clean.db');
  expect(await runSync(first, clean)).toBe(0);
  const expected = await contents(clean);
  expect(expected.get('/v1.0/communications/callRecords')).toMatch(/^200 .*"version"/s);

  const marks = new Set(expected.get('marks')?.match(/(?<=:)[a-zA-Z]+(?=:)/g));
  expect([...marks].sort()).toEqual([
    ...['byteOrderMark', 'idMissing', 'loneSurrogate', 'repeatedAcrossPages', 'timeMissing', 'wrongType'],
  ]);

  let killed = 0;
  const givenUp: (string | number)[] = [];
  const untilWhole = async (upstream: Upstream, store: string) => {
    for (;;) {
      const ended = await runSync(upstream, store);
      if (ended === 0) return;
      givenUp.push(ended);
      expect(givenUp.length, givenUp.join()).toBeLessThanOrEqual(mayGiveUp);
    }
  };
  const lane = async (no: number, upstream: Upstream) => {
    const random = randomFor(testSeed, 'killed syncs', no);
    for (let round = 0; killed < kills; round++) {
      const store = join(folder, `lane-${no}-${round}.db`);
      for (;;) {
        const requests = between(random, 1, 25);
        const ended = await runSync(upstream, store, { requests, ms: 25 * fraction(random) });
        if (ended === 'SIGKILL') killed++;
        else if (ended !== 0) givenUp.push(ended);
        if (ended === 0 || killed >= kills) break;
      }
      await untilWhole(upstream, store);
      expect(await contents(store)).toEqual(expected);
    }
  };
  const upstreams = [first];
  while (upstreams.length < lanes) upstreams.push(await startUpstream());
  await Promise.all(upstreams.map((upstream, no) => lane(no, upstream)));
  expect(killed).toBeGreaterThanOrEqual(kills);
  expect(givenUp.length, givenUp.join()).toBeLessThanOrEqual(mayGiveUp);
  for (const { server } of upstreams) await server.stop();
}, 3_600_000);
