/** Tries to make a server retain memory: metric series, cached responses, remembered tokens. */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { defaultGenerateOptions, generateLines } from '../../src/emulator/generate/generate.ts';
import { childrenOf, startWorkersServer } from '../support/workers.ts';
import { type Attack, type AttackOptions, Findings } from './attack.ts';

/** A process of a server may grow by so much under any of these, beside what it has when warm. */
const mostGrowthMb = 400;
/** However many paths were asked for. */
const mostMetricsBytes = 400_000;
const lanes = 16;

const words = [
  ...['v1.0', 'beta', 'communications', 'callRecords', 'participants_v2', 'sessions', 'segments', '$count'],
  ...['organizer_v2', 'subscriptions', 'reauthorize', 'versions', 'completeness', 'oauth2', 'token', 'calls'],
  ...['summary', 'statistics', 'status', 'me', 'callback', 'development', 'dev', 'x'],
];

/** The path of five known words that belongs to a number. */
function pathOf(number: number): string {
  let path = '/communications';
  let rest = number;
  for (let depth = 0; depth < 5; depth++) {
    path += `/${words[rest % words.length]!}`;
    rest = Math.floor(rest / words.length);
  }
  return path;
}

interface Spread {
  readonly name: string;
  /** Of the attack's count. */
  readonly share: number;
  readonly ask: (
    i: number,
    token: string,
  ) => readonly [path: string, headers: Record<string, string>, method?: string];
}

const list = '/v1.0/communications/callRecords?$select=id';

const spreads: readonly Spread[] = [
  { name: 'paths of known words', share: 0.4, ask: (i) => [pathOf(i), {}] },
  {
    name: 'methods',
    share: 0.02,
    ask: (i) => [list, {}, `X${i % 5 === 0 ? 'M-SEARCH' : 'PROPFIND'}`.slice(1)],
  },
  {
    name: 'URLs of 8 kB, twice each',
    share: 0.12,
    ask: (i, token) => [`${list}&x=${i >> 1}${'y'.repeat(7900)}`, { authorization: `Bearer ${token}` }],
  },
  {
    name: 'Prefer headers of 20 kB, twice each',
    share: 0.1,
    ask: (i, token) => [
      list,
      { authorization: `Bearer ${token}`, prefer: `a${i >> 1}=${'b'.repeat(20_000)}` },
    ],
  },
  {
    name: 'spellings of one token, 28 kB each',
    share: 0.12,
    ask: (i, token) => [list, { authorization: `Bearer${' '.repeat(14_000 + (i % 12_000))}${token}` }],
  },
  {
    name: 'wrong tokens of 14 kB',
    share: 0.12,
    ask: (i, token) => {
      const claims = Buffer.from(JSON.stringify({ iss: 'x', n: i })).toString('base64url');
      return [list, { authorization: `Bearer ${token.split('.')[0]!}.${claims}.${'A'.repeat(13_000)}` }];
    },
  },
  {
    name: 'wrong session cookies of 4 kB',
    share: 0.12,
    ask: (i) => [list, { cookie: `rollcall-session=${i}${'A'.repeat(3900)}` }],
  },
];

export const memoryUnderSpread: Attack = {
  name: 'memory',
  promise:
    'No spread of paths, methods, URLs, headers, tokens or cookies makes a server or its metrics grow without bound.',
  count: 100_000,
  minutes: 2,
  async run(options) {
    const findings = new Findings();
    await using server = await startWorkersServer({ workers: 2 });
    await server.import([...generateLines({ ...defaultGenerateOptions, calls: 20 })]);
    const token = await server.token();
    const agent = new Agent({ keepAlive: true, maxSockets: lanes });
    const ask = (path: string, headers: Record<string, string>, method = 'GET') =>
      new Promise<number>((resolve, reject) => {
        const onward = request(server.url + path, { agent, headers, method }, (answer) => {
          let bytes = 0;
          answer.on('data', (piece: Buffer) => (bytes += piece.length));
          answer.on('end', () => resolve(bytes));
        });
        onward.on('error', reject);
        onward.end();
      });
    const processes = () => [server.child.pid!, ...childrenOf(server.child.pid!)];
    for (let i = 0; i < 500; i++) await ask(list, { authorization: `Bearer ${token}` });
    const warm = Math.max(...processes().map(residentMb));
    for (const spread of spreads) {
      await sendSpread(spread, options, token, ask, findings);
      const growth = Math.max(...processes().map(residentMb)) - warm;
      if (growth > mostGrowthMb) findings.fault(`a process grew by ${growth} MB under ${spread.name}`);
      const metrics = await ask('/metrics', {});
      if (metrics > mostMetricsBytes) findings.fault(`/metrics has ${metrics} bytes after ${spread.name}`);
    }
    agent.destroy();
    return findings;
  },
};

async function sendSpread(
  { name, share, ask: make }: Spread,
  { count, signal }: AttackOptions,
  token: string,
  ask: (path: string, headers: Record<string, string>, method?: string) => Promise<number>,
  findings: Findings,
): Promise<void> {
  const own = Math.ceil(count * share);
  let next = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (next < own && !signal.aborted) {
        await ask(...make(next++, token));
        findings.add(name);
      }
    }),
  );
}

/** Megabytes of a process that are in memory (proc_pid_status(5)). */
function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) >> 10;
}
