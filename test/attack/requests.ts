/** Sends hostile requests and searches to a server with two workers. */
import { request } from 'node:http';
import { defaultGenerateOptions, generateLines } from '../../src/emulator/generate/generate.ts';
import { below, chance, pick, type Random, randomFor } from '../../src/emulator/generate/random.ts';
import { startWorkersServer, type WorkersServer } from '../support/workers.ts';
import { type Attack, type AttackOptions, Findings } from './attack.ts';

/** No answer takes longer, however busy the machine. */
const longestMs = 10_000;
const lanes = 4;
/** Beyond the server's limit it answers 431 and closes, which a client that still writes may see as a reset. */
const mostHeaderBytes = 24_000;

type List = readonly [string, ...string[]];

function pathsOf(call: string): List {
  const calls = 'communications/callRecords';
  return [
    calls,
    `${calls}/${call}`,
    `${calls}('${call}')`,
    `${calls}/${call}/participants_v2`,
    `${calls}/${call}/participants_v2('x')`,
    `${calls}/${call}/sessions`,
    `${calls}/${call}/sessions/x/segments`,
    `${calls}/${call}/organizer_v2`,
    `${calls}/$count`,
    `${calls}/getPstnCalls(fromDateTime=2026-11-01,toDateTime=2026-11-30)`,
    `${calls}/getPstnCalls(${'x=1,'.repeat(500)})`,
    `${calls}(${"'".repeat(2000)})`,
    `${calls}(${' '.repeat(4000)}x`,
    `${calls}/${'(('.repeat(1500)}`,
    'subscriptions',
    'subscriptions/x',
    '$metadata',
    '',
    '%2e%2e/%2e%2e',
    '//',
    '%00',
    '%',
  ];
}

const options: List = [
  '$select=id',
  '$select=*',
  '$select=',
  `$select=${'a,'.repeat(2000)}`,
  '$expand=participants_v2',
  '$expand=sessions($expand=segments)',
  '$expand=sessions($expand=segments($select=id))',
  `$expand=${'a('.repeat(50)}`,
  '$filter=startDateTime ge 2026-01-01T00:00:00Z',
  "$filter=participants_v2/any(p:p/id eq 'x')",
  `$filter=${'('.repeat(150)}`,
  `$filter=${'not '.repeat(120)}true`,
  `$filter=${"'".repeat(99)}`,
  `$filter=1${' add 1'.repeat(300)}`,
  `$filter=startDateTime ge ${'9'.repeat(400)}`,
  "$filter=duration'P1D' eq null",
  '$filter=startDateTime ge 9999999999-01-01T00:00:00Z',
  '$filter=id eq @a&@a=1',
  '$top=1',
  '$top=-1',
  '$top=99999999999999999999',
  '$skiptoken=AAEAA',
  `$skiptoken=${'A'.repeat(3000)}`,
  '$format=json',
  '$format=xml',
  '$count=true',
  '$search="x"',
  '$orderby=id',
  '@a',
  '%24select=id',
  '$SELECT=id',
  '$select=id&$select=id',
  '%zz=1',
  '&&&',
  '=',
  '$=1',
];

const headers: readonly [readonly [string, List], ...(readonly [string, List])[]] = [
  [
    'prefer',
    [
      'odata.maxpagesize=1',
      'odata.maxpagesize=1e3',
      'omit-values=nulls',
      'include-unknown-enum-members;x=y',
      'rollcall.as-of=2026-01-01T00:00:00Z',
      `rollcall.as-of=${'9'.repeat(30)}`,
      'rollcall.as-of=-1',
      'a="b',
      ',,,',
      '"',
      '\\'.repeat(50),
      `a="${'\\"'.repeat(8000)}`,
      ' '.repeat(16_000),
      `a${' '.repeat(16_000)}=`,
    ],
  ],
  [
    'accept',
    [
      '*/*',
      'application/json;q=0',
      'text/plain',
      'application/json;odata.metadata=full',
      'application/json;odata.metadata=none;IEEE754Compatible=true',
      'a/b;'.repeat(100),
      ',',
      ';q=',
      'application/json;charset=utf-16',
      `application/json;${'x="\\'.repeat(4000)}`,
    ],
  ],
  [
    'accept-encoding',
    ['gzip', 'identity;q=0', '*;q=0', 'gzip;q=0.5,identity;q=1', 'br', '', ','.repeat(9000)],
  ],
  ['if-none-match', ['*', 'W/"x"', ','.repeat(500), 'W/"'.repeat(5000)]],
  ['client-request-id', ['x', '"', 'a'.repeat(200)]],
  ['x-forwarded-host', ['evil.example', ',,,']],
  ['forwarded', ['host=evil.example', 'for='.repeat(4000), ';'.repeat(9000)]],
  ['traceparent', ['00-', '0'.repeat(5000)]],
  ['origin', ['null', 'https://evil.example']],
  ['cookie', ['rollcall-session=x', '=;'.repeat(9000)]],
];

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Answered {
  readonly status: number;
  readonly text: string;
  readonly type: string;
  readonly ms: number;
}

function hostileRequest(random: Random, paths: List): Asked {
  const version = chance(random, 0.75) ? 'v1.0' : 'beta';
  const query = Array.from({ length: below(random, 3) }, () => pick(random, options)).join('&');
  const method = chance(random, 0.85)
    ? 'GET'
    : pick(random, ['HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND']);
  const chosen: [string, string][] = [];
  let left = mostHeaderBytes;
  for (const [name, values] of headers) {
    const value = pick(random, values);
    if (!chance(random, 0.3) || value.length > left) continue;
    chosen.push([name, value]);
    left -= value.length;
  }
  return {
    method,
    path: `/${version}/${pick(random, paths)}${query === '' ? '' : `?${query}`}`,
    headers: Object.fromEntries(chosen),
  };
}

/** Sends a request; status 0 when the connection ended without an answer. */
function ask(url: string, { method, path, headers: sent }: Asked, body?: string): Promise<Answered> {
  // Node's client sends no such characters; as they are, test/hostile sends them.
  const safe = path.replace(/[^\x21-\x7e]|["<>\\^`{|}]/g, encodeURIComponent);
  const begunMs = performance.now();
  return new Promise((resolve) => {
    const none = { status: 0, text: '', type: '' };
    const onward = request(url, { method, path: safe, headers: sent }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          text: answer.headers['content-encoding'] === undefined ? Buffer.concat(pieces).toString() : '',
          type: answer.headers['content-type'] ?? '',
          ms: performance.now() - begunMs,
        }),
      );
      answer.on('error', () => resolve({ ...none, ms: performance.now() - begunMs }));
    });
    onward.on('error', () => resolve({ ...none, ms: performance.now() - begunMs }));
    onward.end(body);
  });
}

/** Names a request by its shape: its long parts are cut. */
function nameOf({ method, path, headers: sent }: Asked): string {
  const cut = Object.entries(sent).map(([name, value]) => `${name}: ${value.slice(0, 40)}`);
  return `${method} ${path.slice(0, 100)} ${cut.join(', ')}`;
}

function check(findings: Findings, asked: string, { status, text, type, ms }: Answered): void {
  findings.add(status === 0 ? 'without an answer' : `${String(status)[0]!}xx`);
  if (status === 0 || (status >= 500 && status !== 501)) findings.fault(`${status} to ${asked}`);
  if (ms > longestMs) findings.fault(`${Math.round(ms)} ms for ${asked}`);
  if (type.startsWith('application/json') && text !== '' && !isJson(text)) {
    findings.fault(`not JSON to ${asked}`);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Runs `round` `count` times in a few lanes at once, each with its own random stream. */
async function inLanes(
  { seed, count, signal }: AttackOptions,
  label: string,
  round: (random: Random) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (next < count && !signal.aborted) await round(randomFor(seed, label, next++));
    }),
  );
}

const lines = [...generateLines({ ...defaultGenerateOptions, calls: 40, largest: 200 })];
const call = (JSON.parse(lines[0]!) as { id: string }).id;

async function startFilled(): Promise<WorkersServer> {
  const server = await startWorkersServer({ workers: 2 });
  await server.import(lines);
  return server;
}

export const hostileRequests: Attack = {
  name: 'requests',
  promise: 'No request, alone or in a batch, gets 5xx, no answer, an answer that is not JSON, or a slow one.',
  count: 6000,
  minutes: 2,
  async run(attackOptions) {
    const findings = new Findings();
    await using server = await startFilled();
    const authorization = `Bearer ${await server.token()}`;
    const paths = pathsOf(call);
    await inLanes(attackOptions, 'requests', async (random) => {
      const asked = hostileRequest(random, paths);
      const alone = await ask(server.url, { ...asked, headers: { ...asked.headers, authorization } });
      check(findings, nameOf(asked), alone);
      const versionEnd = asked.path.indexOf('/', 1);
      const [version, url] = [asked.path.slice(1, versionEnd), asked.path.slice(versionEnd)];
      const batch = { requests: [{ id: '1', method: asked.method, url, headers: asked.headers }] };
      const answered = await ask(
        server.url,
        {
          method: 'POST',
          path: `/${version}/$batch`,
          headers: { authorization, 'content-type': 'application/json' },
        },
        JSON.stringify(batch),
      );
      check(findings, `a batch of ${nameOf(asked)}`, answered);
      const { responses } = (isJson(answered.text) ? JSON.parse(answered.text) : {}) as {
        responses?: readonly { status: number }[];
      };
      for (const { status } of responses ?? []) {
        if (status >= 500 && status !== 501) findings.fault(`${status} in a batch to ${nameOf(asked)}`);
      }
    });
    for (const line of server.defects.slice(0, 5)) findings.fault(`logged: ${line.slice(0, 300)}`);
    return findings;
  },
};

const pieces: List = [
  ...(['\u0000', '"', "'", '*', 'NEAR(', 'AND', 'OR', 'NOT', '(', ')', '^', ':', 'col:', '{', '}'] as const),
  ...['-', '+', '%', '_', '\\', '\u{1f600}', '\u0301', 'a', 'ab', 'abc', 'Hugo', ' ', '\t', '\u200b', 'ß'],
  ...['ﬁ', '１２３', '+41', '0041', '\n', '--', '/*', ';', '\uffff', 'ı', 'İ', '\u00ad', '" OR "', '\u0001'],
];
const textParameters: List = ['person', 'number', 'organizer', 'joinUrl'];
const otherParameters: List = [
  ...(['type', 'modality', 'minSeconds', 'maxSeconds', 'state', 'from', 'to'] as const),
  ...['$top', '$skiptoken', 'x', '%24top', '$filter'],
];

export const hostileSearches: Attack = {
  name: 'searches',
  promise: 'No search text gets 5xx, an answer that is not JSON, or a slow one.',
  count: 4000,
  minutes: 1,
  async run(attackOptions) {
    const findings = new Findings();
    await using server = await startFilled();
    const authorization = `Bearer ${await server.token()}`;
    await inLanes(attackOptions, 'searches', async (random) => {
      const query = Array.from({ length: 1 + below(random, 3) }, () => {
        const text = Array.from({ length: 1 + below(random, 6) }, () => pick(random, pieces)).join('');
        return `${pick(random, chance(random, 0.85) ? textParameters : otherParameters)}=${encodeURIComponent(text)}`;
      }).join('&');
      const asked = { method: 'GET', path: `/rollcall/calls?${query}`, headers: { authorization } };
      check(findings, asked.path, await ask(server.url, asked));
    });
    for (const line of server.defects.slice(0, 5)) findings.fault(`logged: ${line.slice(0, 300)}`);
    return findings;
  },
};
