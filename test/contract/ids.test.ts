/** GUIDs are one id in whichever case they are written, by every way that a call is reached; every other id is exact. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { aParticipant, aRecord, aSession } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const base = '/v1.0/communications/callRecords';
const call = 'e523d2ed-2966-4b6b-925b-754a88034cc5';
const person = 'dc368399-474c-4d40-900c-6265431fd81f';
const session = 'abcdefab-cdef-4abc-8def-abcdefabcdef';
const teamsUser = `8:orgid:${person}`;
const times = { startDateTime: '2026-03-02T10:00:00Z', endDateTime: '2026-03-02T10:20:00Z' };

type Json = Record<string, unknown> & { readonly value?: readonly Json[] };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.import([
    aRecord(call.toUpperCase(), {
      participants_v2: [aParticipant(person.toUpperCase()), aParticipant(teamsUser), aParticipant('b')],
      sessions: [
        aSession(session.toUpperCase(), person, undefined, {
          segments: [session.toUpperCase(), 'other'].map((id) => ({ id, ...times })),
        }),
      ],
    }),
  ]);
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server.stop();
});

async function get(path: string, headers?: Record<string, string>): Promise<[number, Json]> {
  const response = await server.get(path, headers);
  return [response.status, (await response.json()) as Json];
}
const context = (body: Json) => String(body['@odata.context']).replace(/^.*#/, '');

const spellings = [
  ['in small letters', (id: string) => id],
  ['in capitals', (id: string) => id.toUpperCase()],
  ['in both', (id: string) => Array.from(id, (c, i) => (i % 2 === 0 ? c : c.toUpperCase())).join('')],
] as const;

describe.each(spellings)('an id %s', (_, spell) => {
  const path = `${base}('${spell(call)}')`;

  it('reaches the call, and what is in it, as received', async () => {
    expect((await get(path))[1]['id']).toBe(call.toUpperCase());
    expect((await get(`${base}/${spell(call)}`))[1]['id']).toBe(call.toUpperCase());
    const keyed = [
      [`participants_v2('${spell(person)}')`, person.toUpperCase()],
      [`sessions('${spell(session)}')`, session.toUpperCase()],
      [`sessions('${spell(session)}')/segments('${spell(session)}')`, session.toUpperCase()],
    ] as const;
    for (const [key, id] of keyed) expect((await get(`${path}/${key}`))[1]['id']).toBe(id);
    const [, completeness] = await get(`/rollcall/callRecords/${spell(call)}/completeness`);
    expect(completeness).toHaveProperty('participants');
    expect((await get(`/rollcall/callRecords/${spell(call)}/versions`))[0]).toBe(200);
    expect((await get(`/rollcall/calls/${spell(call)}/summary`))[0]).toBe(200);
    expect((await get(`/rollcall/calls/${spell(call)}/roll`))[0]).toBe(200);
  });

  it('is in contexts and next links as it was asked for, and each page leads to the next', async () => {
    const [, first] = await get(`${path}/participants_v2`, { prefer: 'odata.maxpagesize=2' });
    expect(context(first)).toBe(`communications/callRecords('${spell(call)}')/participants_v2`);
    const next = String(first['@odata.nextLink']);
    expect(next).toContain(`${base}/${spell(call)}/participants_v2?`);
    // A link goes on in another spelling than it began in.
    for (const link of [next, next.replace(spell(call), call)]) {
      const [status, second] = await get(link.replace(server.url, ''));
      expect([status, second.value?.map(({ id }) => id)]).toEqual([200, ['b']]);
    }
    const [, segments] = await get(`${path}/sessions('${spell(session)}')/segments`);
    expect(context(segments)).toBe(
      `communications/callRecords('${spell(call)}')/sessions('${spell(session)}')/segments`,
    );
  });

  it('finds the calls of a participant by $filter, and by search', async () => {
    const filter = encodeURIComponent(`participants_v2/any(p:p/id eq '${spell(person)}')`);
    const [, listed] = await get(`${base}?$filter=${filter}`);
    expect(listed.value?.map(({ id }) => id)).toEqual([call.toUpperCase()]);
    const count = await server.get(`${base}/$count?$filter=${filter}`);
    if (count.status === 200) expect(await count.text()).toBe('1');
    for (const query of [`person=${spell(person)}`, `q=${spell(person)}`, `q=${spell(call)}`])
      expect((await get(`/rollcall/calls?${query}`))[1].value).toHaveLength(1);
  });

  it('is the same for a conditional request', async () => {
    const { headers } = await server.get(path);
    const tag = headers.get('etag') ?? '';
    expect((await server.get(`${base}('${call}')`, { 'if-none-match': tag })).status).toBe(304);
  });
});

it('finds nothing by another case of an id that is no GUID', async () => {
  const other = teamsUser.replace('8:orgid', '8:ORGID');
  const keyed = (id: string) => get(`${base}('${call}')/participants_v2('${encodeURIComponent(id)}')`);
  expect([(await keyed(teamsUser))[0], (await keyed(other))[0], (await keyed('B'))[0]]).toEqual([
    200, 404, 404,
  ]);
  const filter = encodeURIComponent(`participants_v2/any(p:p/id eq '${other}')`);
  expect((await get(`${base}?$filter=${filter}`))[1].value).toEqual([]);
});

it('takes what comes of a call in another case as of the same call', async () => {
  const before = await server.store.evidence.tally(development.tenantId);
  const own = { version: 2, participants_v2: [aParticipant(person)] };
  await server.import([aRecord(call, own)]);
  const after = await server.store.evidence.tally(development.tenantId);
  expect([after.calls - before.calls, after.versions - before.versions]).toEqual([0, 1]);
  expect((await get(`${base}('${call.toUpperCase()}')`))[1]['id']).toBe(call);
});
