/** The log of requests: one line each, with what is documented, and nobody's data wherever a request carries it. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { type KeptLog, keepLog } from '../support/log.ts';
import { exchange } from '../support/raw-http.ts';
import { aRecord, participants } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const person = { id: 'c0ffee00-aaaa-4bbb-8ccc-0123456789ab', name: 'Hugo.Keller', number: '+15550001234' };
const callId = '0dd0dd00-1111-4222-8333-44445555aaaa';
const secrets = [
  person.id,
  person.name,
  'hugo',
  '15550001234',
  callId,
  'eyJ',
  'rollcall-dev-secret',
  'a-state-of',
];
const everything = encodeURIComponent(`${person.id} ${person.name} ${person.number}`);
const call = `/v1.0/communications/callRecords/${callId}`;

let kept: KeptLog;
let server: TestServer;
beforeAll(async () => {
  const own = keepLog();
  kept = own;
  server = await startTestServer({ log: own.log });
  await server.import([aRecord(callId, { participants_v2: participants(3) })]);
});
afterAll(() => server.stop());
let before = 0;
beforeEach(() => {
  before = kept.lines().length;
});
const since = () => kept.lines().slice(before);

it('has the route, the status, the time and the bytes of a request, and its ids', async () => {
  const clientRequestId = '12345678-1234-4234-8234-123456789abc';
  const response = await server.get(`${call}/participants_v2`, { 'client-request-id': clientRequestId });
  const body = await response.arrayBuffer();
  const [line] = since();
  expect(line).toEqual({
    time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    level: 'debug',
    message: 'A request was answered.',
    method: 'GET',
    route: '/v1.0/communications/callRecords/{}/participants_v2',
    status: 200,
    ms: expect.any(Number) as number,
    bytes: expect.any(Number) as number,
    requestId: response.headers.get('request-id'),
    clientRequestId,
  });
  expect(line!['ms']).toBeGreaterThan(0);
  // Headers and a compressed body: less than the text, more than nothing.
  expect(line!['bytes']).toBeGreaterThan(300);
  expect(line!['bytes']).toBeLessThan(body.byteLength + 2000);
});

it.each<[string, string, Record<string, string>, string?]>([
  ['GET', `${call}/participants_v2?$select=id&$filter=${everything}`, {}],
  ['GET', `/v1.0/communications/callRecords?$filter=participants_v2/any(p:p/id%20eq%20'${person.id}')`, {}],
  ['GET', `/v1.0/communications/callRecords('${callId}')/sessions('${person.id}')/segments`, {}],
  ['GET', `/rollcall/calls?person=${person.name}&number=${everything}&$skiptoken=${everything}`, {}],
  ['GET', `/rollcall/calls/${callId}/summary`, {}],
  ['GET', `/rollcall/calls/${callId}/roll?format=${everything}`, {}],
  [
    'GET',
    `/v1.0/communications/callRecords/getPstnCalls(fromDateTime=${everything},toDateTime=2026-11-02)`,
    {},
  ],
  ['GET', `/${everything}/${person.name}`, {}],
  ['GET', `/v1.0/users/${person.id}/${person.name}`, {}],
  ['GET', `/calls/${callId}`, {}],
  ['GET', `/rollcall/sign-in?return=/calls/${callId}`, {}],
  ['GET', `/rollcall/sign-in/callback?code=eyJsecret&state=a-state-of&error_description=${everything}`, {}],
  [
    'GET',
    call,
    { 'client-request-id': person.name, 'user-agent': person.name, referer: `https://x/${person.id}` },
  ],
  ['GET', call, { prefer: person.name, origin: `https://${person.name}`, 'x-forwarded-for': person.number }],
  [
    'GET',
    call,
    { cookie: `rollcall-session=${person.id}`, forwarded: `for=${person.name}`, traceparent: person.id },
  ],
  ['GET', call, { authorization: `Bearer eyJ.${person.name}.x` }],
  ['GET', call, { authorization: `Basic ${Buffer.from(person.name).toString('base64')}` }],
  [
    'POST',
    '/v1.0/subscriptions',
    { 'content-type': 'application/json' },
    JSON.stringify({ clientState: person.name, notificationUrl: `https://x.example/${person.id}` }),
  ],
  [
    'PATCH',
    `/v1.0/subscriptions/${person.id}`,
    { 'content-type': 'application/json' },
    `{"x":"${person.name}"}`,
  ],
  [
    'POST',
    '/v1.0/$batch',
    { 'content-type': 'application/json' },
    JSON.stringify({
      requests: [{ id: person.name, method: 'GET', url: `/communications/callRecords/${callId}` }],
    }),
  ],
  [
    'POST',
    `/${development.tenantId}/oauth2/v2.0/token`,
    { 'content-type': 'application/x-www-form-urlencoded' },
    `client_id=${person.id}&client_secret=rollcall-dev-secret&username=${person.name}`,
  ],
  ['DELETE', `/v1.0/communications/callRecords/${callId}/${everything}`, {}],
  [
    'OPTIONS',
    `/v1.0/${everything}`,
    { origin: `https://${person.name}`, 'access-control-request-method': 'GET' },
  ],
])('has nobody in it: %s %s %j', async (method, path, headers, body) => {
  const authorization = `Bearer ${await server.token()}`;
  const response = await fetch(server.url + path, {
    method,
    headers: { authorization, ...headers },
    redirect: 'manual',
    ...(body !== undefined && { body }),
  });
  await response.arrayBuffer();
  const told = since().filter(({ message }) => message === 'A request was answered.');
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ method, status: response.status });
  expect(String(told[0]!['route'])).toMatch(/^(other|(\/([\w.$-]+|\{\}))+)$/);
  const text = kept.text().toLowerCase();
  expect(secrets.filter((secret) => text.includes(secret.toLowerCase()))).toEqual([]);
});

it('has nobody in it where the request target is no path', async () => {
  for (const target of [`http://${person.name}/${person.id}`, `*`, `/${'x'.repeat(9000)}${person.name}`])
    expect((await exchange(server.url, 'GET', target)).status).toBeGreaterThanOrEqual(400);
  expect(since().map(({ route }) => route)).toEqual(['other', 'other', 'other']);
  expect(secrets.filter((secret) => kept.text().toLowerCase().includes(secret.toLowerCase()))).toEqual([]);
});

it('is silent unless asked for', async () => {
  const quiet = keepLog('info');
  await using other = await startTestServer({ log: quiet.log });
  expect((await other.get('/v1.0/communications/callRecords')).status).toBe(200);
  expect(quiet.text()).toBe('');
});

it('is documented, member by member', () => {
  const page = readFileSync(new URL('../../docs/operating.md', import.meta.url), 'utf8');
  const members = new Set(kept.lines().flatMap((line) => Object.keys(line)));
  expect(members.size).toBeGreaterThan(8);
  expect([...members].filter((name) => !page.includes(`- \`${name}\``))).toEqual([]);
});

it('names a method that is not known `_OTHER`, and a path that is no route `other`', async () => {
  await exchange(server.url, 'PROPFIND', `/${person.name}`);
  expect(since()).toMatchObject([{ method: '_OTHER', route: 'other' }]);
});
