import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { aRecord, participants } from '../support/records.ts';
import { startEmulator, type TestEmulator } from '../support/emulator.ts';
import { runProbe } from './command.ts';
import { type Change, startDifferingGraph } from './differing-graph.ts';

/** What belongs to people and must stay where it came from. */
const secrets = {
  name: 'Ottilie Sauerbruch',
  mail: 'ottilie.sauerbruch@fabrikam.example',
  number: '+4915112345678',
  shortNumber: '61 73 84',
  id: '5b1c9e0e-6d0e-4f7a-9b0d-8f2f6c1f7d11',
  call: '5b1c9e0e6d0e4f7a9b0d8f2f6c1f7d11',
  time: '2026-11-17T09:13:27.4441Z',
  token: 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJvdHRpbGllIn0.c2lnbmF0dXJl',
  host: 'pbx17.fabrikam.example',
};
const everySecret = Object.values(secrets).join(' ');

interface Report {
  readonly sent: number;
  readonly different: number;
  readonly stopped?: string;
  readonly rows: readonly {
    readonly row: string;
    readonly observed: { readonly saw: string; readonly source: string; readonly date: string };
    readonly differences: readonly {
      readonly what: string;
      readonly ours: string;
      readonly theirs: string;
    }[];
  }[];
}

let dev: TestEmulator;
beforeAll(async () => {
  dev = await startEmulator();
  await dev.import([
    aRecord(secrets.id, {
      startDateTime: '2026-11-01T10:00:00Z',
      joinWebUrl: `https://${secrets.host}/${secrets.call}`,
      participants_v2: participants(3),
    }),
  ]);
});
afterAll(() => dev.stop());

async function ran(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  let stdout = '';
  let stderr = '';
  const waits: number[] = [];
  const code = await runProbe(args, {
    environment,
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    pause(ms) {
      waits.push(ms);
      return Promise.resolve();
    },
    timeoutMs: 400,
  });
  return { code, stdout, stderr, waits, report: () => JSON.parse(stdout) as Report };
}

/** Probes a server that answers the named requests otherwise. */
async function probed(changes: Readonly<Record<string, Change>>, args: readonly string[] = ['--json']) {
  const graph = await startDifferingGraph(dev.url, (asked) => changes[asked]);
  onTestFinished(() => graph[Symbol.asyncDispose]());
  return { ...(await ran(['--base', graph.url, ...args])), asked: graph.asked };
}

const list = 'GET /v1.0/communications/callRecords';

it('finds no difference between dev and the matrix, and asks it nothing but to read', async () => {
  const { code, waits, report, asked, stderr } = await probed({});
  const { sent, different, rows } = report();
  expect(rows.flatMap(({ row, differences }) => differences.map((one) => ({ row, ...one })))).toEqual([]);
  expect({ code, different }).toEqual({ code: 0, different: 0 });
  // What it sends is most of what can be sent: an empty report would be one without differences, too.
  expect(sent).toBeGreaterThan(80);
  // Its observations are members that rows take as they are.
  const { saw, source, date } = rows[0]!.observed;
  expect([saw, source.split(':')[0], date]).toEqual([
    '200',
    'npm run probe, 127.0.0.1',
    new Date().toISOString().slice(0, 10),
  ]);
  // Other parts of Graph may have data of people.
  expect(asked.filter((line) => line.includes('/users'))).toEqual([]);
  const others = asked.filter((line) => !/^(GET|HEAD|OPTIONS) \/(v1\.0|beta)\//.test(line));
  expect(
    others.every((line) => /^(GET|POST) \/[\da-f-]{36}\/(v2\.0\/\.well-known|oauth2\/)/.test(line)),
  ).toBe(true);
  expect(waits).toEqual(Array.from({ length: sent }, () => 1500));
  expect(stderr).toMatch(/^Sends \d+ requests to 127\.0\.0\.1:\d+, one every 1\.5 s: about \d minutes\.\n$/);
});

it('says each kind of difference, and nothing of what differs', async () => {
  const html = `<html><title>${everySecret}</title></html>`;
  const { code, stdout, stderr, report } = await probed({
    [`${list}?$top=5`]: { status: 200, body: { value: [{ id: secrets.id, displayName: secrets.name }] } },
    [`${list}?$skip=5`]: { body: { code: 'Request_UnsupportedQuery' } },
    [`${list}?$count=true`]: { body: { code: 'OttilieSauerbruch' } },
    [`${list}?$search="x"`]: {
      body: { message: `The call ${secrets.id} of ${everySecret} in the request is not supported.` },
    },
    [`${list}?$orderby=startDateTime`]: {
      without: ['request-id'],
      headers: { 'x-sauerbruch-17': everySecret },
    },
    [`${list}?$skiptoken=abc`]: { body: { innerError: { Sauerbruch: 1 }, details: [everySecret] } },
    [`${list}?$select=nothing`]: { headers: { 'content-type': 'text/html; charset=utf-8' }, body: html },
    [`${list}?$top=-1`]: {
      status: 302,
      headers: { location: `https://${secrets.host}/${secrets.token}` },
      body: html,
    },
    [`${list}?$expand=sessions`]: 'hang',
    [`${list}?$id=callRecords(1)`]: 'reset',
    [`${list}?$select=id,startDateTime`]: { body: { '@odata.count': 1, 'Ottilie.Sauerbruch': everySecret } },
  });
  const found = report().rows.flatMap(({ row, differences }) =>
    differences.map(({ what, ours, theirs }) => `${row.slice(1, -1)} ${what}: ${ours} → ${theirs}`),
  );
  const offered = (option: string) => `The query option '${option}' is not supported by this resource.`;
  expect(found.sort()).toEqual(
    [
      '…?$top=5 status: 400 → 200',
      '…?$skip=5 code: BadRequest → Request_UnsupportedQuery',
      '…?$count=true code: BadRequest → {…}',
      `…?$search="x" message: ${offered('$search')} → The call {guid} of {…} {…} {address} +{…} {…} {…} {…} {guid} {…} {time} {…}.{…}.{…} {…}.{…}.example in the request is not supported.`,
      '…?$orderby=startDateTime header: request-id → absent',
      '…?$orderby=startDateTime header: absent → x-{…}-{…}',
      '…?$skiptoken=abc member: error.innerError.date → absent',
      '…?$skiptoken=abc member: error.innerError.request-id → absent',
      '…?$skiptoken=abc member: error.innerError.client-request-id → absent',
      '…?$skiptoken=abc member: absent → error.innerError.{…}',
      '…?$skiptoken=abc member: absent → error.details',
      '…?$select=id,startDateTime member: absent → @odata.count',
      '…?$select=id,startDateTime member: absent → {…}.{…}',
      '…?$select=nothing type: application/json → text/html;charset=utf-8',
      '…?$top=-1 status: 400 → 302',
      '…?$expand=sessions answer: an answer → timedOut',
      '…?$id=callRecords(1) answer: an answer → reset',
    ].sort(),
  );
  expect(code).toBe(3);
  expectNoSecret(stdout + stderr);
});

it('groups what many answers lack, in its report for people', async () => {
  const changed = Object.fromEntries(
    ['top', 'skip', 'count'].map((option) => [
      `${list}?$${option}=${option === 'count' ? 'true' : '5'}`,
      { without: ['client-request-id'] },
    ]),
  );
  const { code, stdout } = await probed(
    { ...changed, [`${list}/$count`]: { status: 400, body: everySecret } },
    [],
  );
  expect(stdout.split('\n').filter((line) => !line.startsWith('Not sent'))).toEqual([
    'The list of calls, ours: `…/$count`',
    '  status: ours 200; theirs 400',
    'header client-request-id: ours alone, in 3 answers',
    expect.stringMatching(/^Sent to 127\.0\.0\.1:\d+: \d+ rows, \d+ the same, 4 different\.$/),
    '',
  ]);
  expect(code).toBe(3);
  expectNoSecret(stdout);
});

it('waits as long as a 429 says, and asks again', async () => {
  let left = 2;
  const graph = await startDifferingGraph(dev.url, (asked) =>
    asked === `${list}?$top=5` && left-- > 0 ? { status: 429, headers: { 'retry-after': '7' } } : undefined,
  );
  onTestFinished(() => graph[Symbol.asyncDispose]());
  const { code, waits } = await ran(['--base', graph.url]);
  expect({ code, longer: waits.filter((ms) => ms !== 1500) }).toEqual({ code: 0, longer: [7000, 7000] });
});

it.each([
  ['again and again', '1', [1000, 1000, 1000]],
  ['for a wait of hours', '36000', []],
  ['for no length of time', 'soon', []],
])('stops when it is throttled %s, and reports what it has', async (_how, retryAfter, longer) => {
  const { code, waits, report } = await probed({
    [`${list}?$top=5`]: { status: 429, headers: { 'retry-after': retryAfter } },
  });
  const { sent, stopped } = report();
  expect({ code, longer: waits.filter((ms) => ms !== 1500) }).toEqual({ code: 1, longer });
  expect(stopped).toBe(
    'The server asks for fewer requests, again and again, or for a wait that is too long.',
  );
  expect(sent).toBeGreaterThan(10);
});

it('stops when three requests in a row get no answer', async () => {
  let lists = 0;
  const graph = await startDifferingGraph(dev.url, (asked) =>
    asked.startsWith(list) && lists++ > 4 ? 'reset' : undefined,
  );
  onTestFinished(() => graph[Symbol.asyncDispose]());
  const { code, report } = await ran(['--base', graph.url, '--json']);
  const { sent, stopped, rows } = report();
  expect({ code, sent, stopped }).toEqual({
    code: 1,
    sent: 7,
    stopped: '3 requests in a row got no answer.',
  });
  expect(rows.at(-1)?.observed.saw).toBe('no answer: reset');
});

const first = `${list}?$select=id&$filter=startDateTime lt 2000-01-01T00:00:00Z`;
it.each<[string, Change, RegExp]>([
  [
    'refuses the token',
    { status: 401 },
    /refuses the token with status 401\. Grant .*CallRecords\.Read\.All/,
  ],
  ['refuses the application', { status: 403 }, /refuses the token with status 403\. Grant /],
  [
    'is another service',
    { body: `<p>${everySecret}</p>`, status: 200, headers: { 'content-type': 'text/html' } },
    /that is not the call-records API/,
  ],
  [
    'answers 404',
    { status: 404 },
    /answers status 404 to the list of calls: that is not the call-records API/,
  ],
  ['hangs', 'hang', /does not answer \(timedOut\)\. See that --base /],
])('fails before the first row when the server %s', async (_how, change, message) => {
  const { code, stdout, stderr } = await probed({ [first]: change });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(message);
  expectNoSecret(stderr);
});

it('fails without a token, and says nothing of what the authority sent', async () => {
  const { code, stdout, stderr } = await probed({}, [
    '--client-id',
    secrets.id,
    '--client-secret',
    secrets.token,
  ]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('No token: The authority rejected the credentials.');
  expectNoSecret(stderr);
});

it.each<[string, readonly string[], Record<string, string>, string]>([
  ['no tenant and no application', [], {}, '--tenant: name the tenant'],
  ['an option of sync', ['--once'], {}, '--once: the probe has no such option.'],
  ['a misspelt option', ['--tennant', 'x'], {}, 'Did you mean --tenant?'],
  ['an operand', ['https://graph.example'], {}, 'https://graph.example: only options are expected.'],
  ['a base that is no URL', ['--base', 'graph'], {}, '--base: '],
  ['plain http elsewhere', ['--base', 'http://graph.example'], {}, '--base: http is for this machine alone'],
  ['a file of tenants', [], { ROLLCALL_TENANTS: '/nowhere.json' }, '--tenants: '],
])('refuses %s', async (_what, args, environment, message) => {
  const { code, stdout, stderr } = await ran(args, environment);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
});

function expectNoSecret(text: string): void {
  for (const secret of [...Object.values(secrets), ...secrets.name.split(' '), 'fabrikam', '15112345678']) {
    expect(text.toLowerCase()).not.toContain(secret.toLowerCase());
  }
}
