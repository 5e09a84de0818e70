/** The roll of a call over HTTP: who was in it, as JSON and as CSV, for its tenant alone. */
import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import type { RollAnswer } from '../../src/analysis/roll-answer.ts';
import { parseCsv } from '../support/csv.ts';
import { aParticipant, aRecord, aSession, participants } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const { tenantId } = development;
const other = '33333333-3333-4333-8333-333333333333';
const partner = '0d9f6a1c-7f43-4a56-9d38-3d3b1f0c7a52';

const user = (id: string, displayName: string, tenant: string | null, userPrincipalName?: string) =>
  aParticipant(id, { identity: { user: { id, displayName, tenantId: tenant, userPrincipalName } } });
const times = (from: string, to: string) => ({
  startDateTime: `2026-03-02T${from}Z`,
  endDateTime: `2026-03-02T${to}Z`,
});

const people = [
  user('anna', 'Anna Weber', tenantId.toUpperCase(), 'anna@contoso.com'),
  user('paul', '=1+1', partner, 'paul@fabrikam.com'),
  user('gast', 'Gast', tenantId, 'gast_web.de#EXT#@contoso.onmicrosoft.com'),
  aParticipant('+49301234567', { identity: { phone: { id: '+49301234567', displayName: null } } }),
  user('nobody', 'Nobody Known', null),
];
const failureInfo = { reason: 'The network connection was lost.', stage: 'midcall' };
const sessions = [
  aSession('1', 'anna', undefined, {
    ...times('10:00:00', '10:10:00'),
    segments: [{ id: '1', ...times('10:00:00', '10:05:00'), failureInfo }],
  }),
  aSession('2', 'anna', undefined, { ...times('10:05:00', '10:20:00'), segments: [] }),
  aSession('3', 'stray', undefined, { ...times('10:01:00', '10:02:00'), segments: [] }),
];

describe('GET /rollcall/calls/{id}/roll', () => {
  let server: TestServer;
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await server.get(path, headers);
    return [response.status, (await response.json()) as RollAnswer & { error?: unknown }] as const;
  };
  const idsOf = ({ people: found }: RollAnswer) => found?.map(({ id }) => id);

  beforeAll(async () => {
    server = await startTestServer();
    await server.import([
      aRecord('meeting', { type: 'peerToPeer', participants_v2: people, sessions }),
      aRecord('bare'),
      aRecord('unlisted', { sessions: [aSession('1', 'anna')] }),
      aRecord('versions', { participants_v2: people.slice(0, 1), sessions: [] }),
      aRecord('versions', { version: 2, participants_v2: people.slice(0, 3), sessions: [] }),
      aRecord('many', { participants_v2: participants(1500), sessions: [] }),
    ]);
    await server.import([aRecord('meeting', { participants_v2: participants(2), sessions: [] })], other);
    await server.import([aRecord('theirs', { participants_v2: participants(2) })], other);
  });
  afterAll(() => server.stop());

  it('gives everyone with affiliation, tenant, times, devices and failures', async () => {
    const [status, roll] = await get('/rollcall/calls/meeting/roll');
    expect([status, roll.homeTenantId, roll.version, roll.sessionCount]).toEqual([200, tenantId, 1, 3]);
    expect(
      roll.people?.map(({ name, kind, affiliation, tenantName, inferredFrom }) => [
        ...[name, kind, affiliation, tenantName, inferredFrom],
      ]),
    ).toEqual([
      ['Anna Weber', 'user', 'internal', 'contoso.com', null],
      ['=1+1', 'user', 'external', 'fabrikam.com', null],
      ['Gast', 'user', 'external', 'web.de', null],
      ['+49301234567', 'phone', 'phone', null, null],
      ['Nobody Known', 'user', 'unknown', null, null],
      ['Person stray', 'user', 'unknown', null, 'sessions'],
    ]);
    expect(roll.people?.[0]).toMatchObject({
      index: 0,
      joinedDateTime: '2026-03-02T10:00:00.000Z',
      leftDateTime: '2026-03-02T10:20:00.000Z',
      presentSeconds: 1200,
      spans: [[Date.parse('2026-03-02T10:00:00Z'), Date.parse('2026-03-02T10:20:00Z')]],
      segments: [[Date.parse('2026-03-02T10:00:00Z'), Date.parse('2026-03-02T10:05:00Z')]],
      failures: [{ kind: 'network', stage: 'midcall', text: failureInfo.reason }],
    });
    expect([roll.endedSessionCount, roll.endedSessions]).toEqual([
      1,
      [
        {
          people: [0],
          startDateTime: '2026-03-02T10:00:00.000Z',
          failure: { kind: 'network', stage: 'midcall', text: failureInfo.reason },
        },
      ],
    ]);
  });

  it('names the lists that were not received, which are null and not empty', async () => {
    const [, bare] = await get('/rollcall/calls/bare/roll');
    expect([bare.people, bare.sessionCount, bare.endedSessions, bare.endedSessionCount]).toEqual(
      Array(4).fill(null),
    );
    expect(bare.completeness).toMatchObject({
      state: 'missing',
      reason: 'listMissing',
      participants: null,
      sessions: null,
    });
    const [, unlisted] = await get('/rollcall/calls/unlisted/roll');
    expect([idsOf(unlisted), unlisted.completeness.participants, unlisted.sessionCount]).toEqual([
      ['anna'],
      null,
      1,
    ]);
    const [, versions] = await get('/rollcall/calls/versions/roll');
    expect([versions.sessionCount, versions.endedSessions]).toEqual([0, []]);
  });

  it('gives an earlier version or time with rollcall.as-of', async () => {
    const asOf = async (value: string) =>
      (await get('/rollcall/calls/versions/roll', { prefer: `rollcall.as-of=${value}` }))[1];
    expect(idsOf(await asOf('1'))).toEqual(['anna']);
    expect(idsOf(await asOf('2'))).toEqual(['anna', 'paul', 'gast']);
    expect(idsOf(await asOf('2099-01-01'))).toEqual(['anna', 'paul', 'gast']);
    expect((await asOf('3')).error).toMatchObject({ code: 'NotFound' });
  });

  it('gives CSV with a row for each person, guarded against formulas', async () => {
    const response = await server.get('/rollcall/calls/meeting/roll?format=csv');
    expect(response.headers.get('content-type')).toBe('text/csv;charset=utf-8');
    const [head, ...rows] = parseCsv((await response.text()).replace('\uFEFF', ''), ',');
    expect(head?.join()).toBe(
      'name,kind,affiliation,user principal name,tenant id,tenant name,joined,left,present seconds,devices,inferred from,failures,id',
    );
    expect(rows.map((row) => row[0])).toEqual([
      ...['Anna Weber', "'=1+1", 'Gast', "'+49301234567", 'Nobody Known', 'Person stray'],
    ]);
    expect(rows[0]?.slice(6, 12)).toEqual([
      ...['2026-03-02T10:00:00.000Z', '2026-03-02T10:20:00.000Z', '1200', '', ''],
      'Network connection lost, during the call: “The network connection was lost.”',
    ]);
    const many = await (await server.get('/rollcall/calls/many/roll?format=csv')).text();
    expect(parseCsv(many.replace('\uFEFF', ''), ',')).toHaveLength(1501);
  });

  it('gives the same to a client that takes gzip, at the first request and at a later one', async () => {
    const plain = await (
      await server.get('/rollcall/calls/many/roll', { 'accept-encoding': 'identity' })
    ).text();
    expect((JSON.parse(plain) as RollAnswer).people).toHaveLength(1500);
    for (let i = 0; i < 2; i++)
      expect(gunzipSync(await gzipBytes(server, '/rollcall/calls/many/roll')).toString()).toBe(plain);
  });

  it('keeps tenants apart, even for calls of the same id', async () => {
    const token = await server.token({ tenantId: other });
    const theirs = { authorization: `Bearer ${token}` };
    expect((await get('/rollcall/calls/theirs/roll'))[0]).toBe(404);
    for (let i = 0; i < 2; i++) {
      expect(idsOf((await get('/rollcall/calls/meeting/roll', theirs))[1])).toHaveLength(2);
      expect(idsOf((await get('/rollcall/calls/meeting/roll'))[1])).toHaveLength(6);
    }
  });

  it.each([
    ['/rollcall/calls/nothing/roll', 404, ''],
    ['/rollcall/calls/meeting/roll?format=xml', 400, 'format'],
    ['/rollcall/calls/meeting/roll?format=', 400, 'format'],
    ['/rollcall/calls/meeting/roll?format=csv&format=csv', 400, 'format'],
    ['/rollcall/calls/meeting/roll?$top=5', 400, '$top'],
    ['/rollcall/calls/%ff/roll', 400, 'the path'],
  ])('refuses %s', async (path, status, names) => {
    const [answered, { error }] = await get(path);
    expect([answered, (error as { readonly message: string }).message]).toEqual([
      status,
      expect.stringContaining(names),
    ]);
  });
});

async function gzipBytes(server: TestServer, path: string): Promise<Buffer> {
  const headers = { authorization: `Bearer ${await server.token()}`, 'accept-encoding': 'gzip' };
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  request(server.url + path, { headers }, (response) => {
    const parts: Buffer[] = [];
    response.on('data', (part: Buffer) => parts.push(part));
    response.on('end', () => {
      expect(response.headers['content-encoding']).toBe('gzip');
      resolve(Buffer.concat(parts));
    });
  })
    .on('error', reject)
    .end();
  return promise;
}
