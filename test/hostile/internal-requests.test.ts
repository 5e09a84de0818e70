/** Odd calls and hostile requests to what the page uses: described answers, no defect, nothing personal in a log. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { parseCsv } from '../support/csv.ts';
import { often } from '../support/often.ts';
import { problemsOf } from '../support/openapi-validator.ts';
import { exchange } from '../support/raw-http.ts';
import { aParticipant, aRecord, aSession } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const secret = 'PERSONALDATA';
const ids = [
  ...['__proto__', 'constructor', 'toString', 'a/b', 'a%2Fb', '..', '.', "it's", 'a?b#c', 'ü😀', '=1+1'],
  ...[`${secret}-id`, 'x'.repeat(400)],
];
const formulas = ['=cmd()', '+1', '-1', '@SUM(1)', '\t=1', '\r=1', '\n=1', 'a"b,c;d\r\n=1'];
const values: unknown[] = [
  ...formulas,
  ...['\u202eevil', '\u0000\u0001', '', '__proto__', `${secret} name`, 'N'.repeat(10_000)],
  ...[42, 1e308, -1, null, true, {}, ['x'], { id: {} }],
];
const times: (readonly [unknown, unknown])[] = [
  ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.9999999Z'],
  ['2026-03-02T10:00:00Z', '2026-03-02T09:00:00Z'],
  ['-271821-04-20T00:00:00Z', '+275760-09-13T00:00:00Z'],
  ['9999-12-31T23:59:59-14:00', '9999-12-31T23:59:59-14:00'],
  ['2026-03-02T10:00:00Z', null],
  ...[[null, null] as const, ['5', '6'] as const, [5, {}] as const],
];
const streams = [
  { averageRoundTripTime: 'P999999999999999999999D', packetUtilization: 1e308, streamId: {} },
  { averageRoundTripTime: '-PT5S', averageJitter: 'P', packetUtilization: '600' },
  { averageVideoFrameRate: 0, streamDirection: 'calleeToCaller' },
  { averageVideoFrameRate: -1, averageVideoFrameLossPercentage: 1e308, streamDirection: '__proto__' },
  ...values,
];
const media = ['main-audio', 'main-video', 'vbss', ...values].map((label) => ({
  ...{ label, streams, callerDevice: label, calleeDevice: { name: label, vpn: label } },
  ...{ callerNetwork: { connectionType: 'tunnel', name: label }, calleeNetwork: [label] },
}));
const user = (id: unknown, more = {}) => ({ user: { id, displayName: `Person ${String(id)}`, ...more } });
const ends = [
  ...values,
  ...ids.map((id) => ({ identity: user(id) })),
  ...values.map((value) => ({
    ...{ identity: user('dup'), associatedIdentity: value, userAgent: { platform: value } },
    feedback: { rating: value, text: value, tokens: value },
  })),
];
const failures = values.map((value) => ({ reason: value, stage: value }));

const participants = [
  ...ids.map((id) => aParticipant(id)),
  ...values.map((value, i) => ({
    id: `odd-${i}`,
    identity: user(`odd-${i}`, { displayName: value, tenantId: value, userPrincipalName: value }),
  })),
  ...values.map((value) => ({ id: value, identity: value })),
  ...['a@__proto__.constructor', '@', 'a@b@c.com', '#EXT#@x.y'].map((userPrincipalName) => ({
    id: userPrincipalName,
    identity: user(userPrincipalName, { userPrincipalName, tenantId: 'constructor' }),
  })),
  ...[aParticipant('dup'), aParticipant('dup', { more: 1 })],
  aParticipant('phone', { identity: { phone: { id: '+49301234567', displayName: '=1+1' } } }),
];
const sessions = [
  ...values,
  ...times.map(([startDateTime, endDateTime], i) => ({
    ...{ id: `time-${i}`, startDateTime, endDateTime, caller: { identity: user('dup') } },
    segments: times.map(([from, to]) => ({ id: 'g', startDateTime: from, endDateTime: to })),
  })),
  ...ends.map((caller, i) => ({
    ...{ id: `end-${i}`, caller, callee: ends[(i * 7) % ends.length] },
    failureInfo: failures[i % failures.length],
    segments: i % 5 === 0 ? values[i % values.length] : [{ id: 'g', failureInfo: caller, media }, caller],
  })),
];
const calls = [
  aRecord('odd', { participants_v2: participants, sessions }),
  aRecord('odd', { version: 2, participants_v2: participants.toReversed(), sessions: sessions.slice(9) }),
  aRecord('unlisted', { sessions }),
  ...[aRecord('none'), aRecord('empty', { participants_v2: [], sessions: [] })],
  ...ids.map((id) => aRecord(id, { participants_v2: [aParticipant(id)], sessions: [aSession('s', id)] })),
  ...values.map((value, i) =>
    aRecord(`value-${i}`, {
      ...{ type: value, modalities: value, joinWebUrl: value, organizer_v2: value, organizer: value },
      ...{ endDateTime: value, participants_v2: value, sessions: value },
    }),
  ),
];

let server: TestServer;
const logged: string[] = [];
beforeAll(async () => {
  const log = createLog({
    format: 'json',
    level: 'debug',
    now: () => new Date(),
    write: (line) => logged.push(line),
  });
  server = await startTestServer({ log });
  await server.import(calls);
});
afterAll(() => server.stop());

async function ask(path: string, headers: Record<string, string> = {}) {
  const response = await server.get(path, headers);
  const [body, contentType] = [await response.text(), response.headers.get('content-type') ?? ''];
  const { status } = response;
  const problems = problemsOf({ method: 'GET', path: path.split('?')[0]!, status, contentType, body });
  expect([path, status < 500, problems]).toEqual([path, true, []]);
  return { status, body };
}

const ofCall = ['roll', 'roll?format=csv', 'quality', 'quality?streams=all', 'quality?person=0', 'summary'];

it('answers of odd calls are as described', async () => {
  for (const id of new Set(calls.map((one) => one.id))) {
    const path = encodeURIComponent(id);
    for (const part of ofCall) await ask(`/rollcall/calls/${path}/${part}`);
    await ask(`/rollcall/callRecords/${path}/versions/compare`);
  }
  const { people } = JSON.parse((await ask('/rollcall/calls/odd/roll')).body) as {
    people: readonly { index: number }[];
  };
  for (const { index } of people.filter((_, i) => i % often(5, 1) === 0))
    await ask(`/rollcall/calls/odd/quality?person=${index}`);
  // A client resolves dots before it sends them.
  for (const id of [...ids.filter((one) => !/^\.+$/.test(one)), 'dup', 'odd-1']) {
    const { status } = await ask(`/rollcall/people/${encodeURIComponent(id)}?from=0001-01-01`);
    expect([id, status]).toEqual([id, 200]);
  }
  for (const number of ['%2B49301234567', '49301234***', '(0)', '1'.repeat(5000)])
    await ask(`/rollcall/numbers/${number}?from=0001-01-01&to=9999-12-31`);
  expect(server.defects).toEqual([]);
});

it('no cell of a CSV file begins a formula', async () => {
  for (const path of ['/rollcall/calls/odd/roll?format=csv', '/rollcall/calls?format=csv&sort=people']) {
    const rows = parseCsv((await ask(path)).body, ',');
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
  }
});

const names = [
  ...['from', 'to', 'person', 'with', 'number', 'organizer', 'type', 'state', 'reason', 'external', 'tenant'],
  ...[
    'domain',
    'rating',
    'q',
    'sort',
    '$count',
    'format',
    '$top',
    '$skiptoken',
    'left',
    'streams',
    'joinUrl',
  ],
];
const texts = ['', '%00', '%ED%A0%80', 'x'.repeat(6000), '__proto__', '99999999999999999999'];
const entrances = [
  ...['calls', 'calls/odd/roll', 'calls/odd/quality', 'people/dup', 'numbers/%2B49301234567', 'status'],
  ...['callRecords/odd/versions/compare', 'logs/pstn'],
];

it('no parameter does worse than a refusal', async () => {
  // Every n-th query of each name, another one at each entrance, so that all of them are sent.
  const every = often(4, 1);
  for (const [i, entrance] of entrances.entries())
    for (const [j, name] of names.entries()) {
      const queries = [...texts.map((text) => `${name}=${text}`), name, `${name}=a&${name}=a`];
      for (const [k, query] of queries.entries())
        if ((i + j + k) % every === 0) await ask(`/rollcall/${entrance}?${query}`);
    }
  expect(server.defects).toEqual([]);
});

it('no path, method or header does worse than a refusal, and none reaches a log', async () => {
  const authorization = `Bearer ${await server.token()}`;
  const odd = [
    '%2F',
    '%00',
    '%FF',
    '..',
    '%2e%2e',
    '%',
    '%ED%A0%80',
    '%0d%0aX:1',
    "('x')",
    '*',
    '%20',
    secret,
  ];
  const paths = odd.flatMap((id) => [
    ...['roll', 'quality', 'summary'].map((part) => `calls/${id}/${part}`),
    ...[`people/${id}`, `numbers/${id}`, `callRecords/${id}/versions/compare`, `logs/${id}`],
  ]);
  for (const path of [...paths, ...entrances])
    for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS', 'DELETE']) {
      const { status } = await exchange(server.url, method, `/rollcall/${path}`, [
        ['Authorization', authorization],
        ['Range', 'bytes=0-1'],
        ['If-None-Match', '*'],
        ['Accept-Encoding', 'gzip;q=0.1, br'],
      ]);
      expect([method, path, status < 500]).toEqual([method, path, true]);
    }
  expect(server.defects).toEqual([]);
  expect(logged.length).toBeGreaterThan(100);
  expect(logged.filter((line) => line.includes(secret))).toEqual([]);
});

it('no token but one for the application reads anything', async () => {
  const tokens = [
    ['', 401],
    [`Bearer ${await server.token({ delegated: true })}`, 403],
    [`Bearer ${await server.token({ roles: ['User.Read.All'] })}`, 403],
    [`Bearer ${await server.token({ expiresInSeconds: -1000 })}`, 401],
  ] as const;
  for (const entrance of entrances)
    for (const [authorization, wanted] of tokens) {
      const { status } = await ask(`/rollcall/${entrance}`, { authorization });
      expect([entrance, status]).toEqual([entrance, wanted]);
    }
});
