/** Requests that mean harm: refused in Graph's envelope, never a defect, never another tenant's data. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aParticipant, aRecord, participants } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { exchange } from '../support/raw-http.ts';
import { often } from '../support/often.ts';

const secretMark = 'SECRET-OF-ANOTHER-TENANT';
const otherTenant = '99999999-9999-4999-8999-999999999999';
let server: TestServer;
let good: string;
let foreignToken: string;
let ownSkipToken: string;
let foreignSkipToken: string;

beforeAll(async () => {
  server = await startTestServer();
  const roll = participants(200).map(({ id }) => aParticipant(`${secretMark}-${id}`));
  await server.import(
    [aRecord('theirs', { participants_v2: roll }), aRecord('shared-id', { participants_v2: roll })],
    otherTenant,
  );
  await server.import([
    aRecord('mine', { participants_v2: participants(200) }),
    aRecord('shared-id', { participants_v2: participants(200) }),
  ]);
  good = await server.token();
  foreignToken = await server.token({ tenantId: otherTenant });
  const skipToken = async (id: string, token: string) => {
    const response = await server.get(`/v1.0/communications/callRecords/${id}/participants_v2`, {
      authorization: `Bearer ${token}`,
    });
    const { '@odata.nextLink': next } = (await response.json()) as { '@odata.nextLink': string };
    return next.split('$skiptoken=')[1]!;
  };
  ownSkipToken = await skipToken('mine', good);
  foreignSkipToken = await skipToken('theirs', foreignToken);
  expect(foreignSkipToken).not.toBe(ownSkipToken);
});
afterAll(() => server.stop());

describe('another tenant', () => {
  it.each([
    '/v1.0/communications/callRecords/theirs/participants_v2',
    '/v1.0/communications/callRecords/theirs',
    `/v1.0/communications/callRecords/theirs/participants_v2/${secretMark}-participant-0`,
    `/v1.0/communications/callRecords/shared-id/participants_v2/${secretMark}-participant-0`,
  ])('is not reached by the path %s', async (path) => {
    const response = await server.get(path);
    expect([response.status, (await response.text()).includes(secretMark)]).toEqual([404, false]);
  });

  it('is not reached by its skip token, on its call or on ours', async () => {
    for (const id of ['theirs', 'mine', 'shared-id']) {
      const response = await server.get(
        `/v1.0/communications/callRecords/${id}/participants_v2?$skiptoken=${foreignSkipToken}`,
      );
      expect([response.status, (await response.text()).includes(secretMark)]).toEqual([400, false]);
    }
  });

  it('sees its own under the same id', async () => {
    const path = '/v1.0/communications/callRecords/shared-id/participants_v2';
    for (let i = 0; i < 3; i++) {
      expect((await (await server.get(path)).text()).includes(secretMark)).toBe(false);
      expect(
        (await (await server.get(path, { authorization: `Bearer ${foreignToken}` })).text()).includes(
          secretMark,
        ),
      ).toBe(true);
    }
  });
});

const piece = fc.constantFrom(
  'communications',
  'callRecords',
  "callRecords('mine')",
  'mine',
  'theirs',
  'participants_v2',
  "participants_v2('x')",
  '..',
  '.',
  '%2e%2e',
  '%00',
  '%',
  "('",
  '$count',
  '$value',
  '$batch',
  'organizer_v2',
  'sessions',
  '*',
  '//',
  'getPstnCalls(fromDateTime=,toDateTime=)',
  '😀',
);
const option = fc.constantFrom(
  '$select=id',
  '$select=*',
  '$select=',
  '$select=%00',
  '$expand=sessions',
  '$filter=a eq',
  '$top=-1',
  '$skip=1',
  '$orderby=id',
  '$skiptoken=',
  '$skiptoken=AAAA',
  '$format=json',
  '$format=xml',
  '$foo',
  '%24select=id',
  'select=id',
  '$select=id&$select=id',
  '=',
  '&&&',
  '%zz',
  '+',
);
const header = fc.constantFrom<[string, string]>(
  ['Prefer', 'odata.maxpagesize=-1'],
  ['Prefer', 'maxpagesize=3, omit-values=nulls'],
  ['Prefer', '"""'],
  ['Accept', 'text/html'],
  ['Accept', '*/*;q=0'],
  ['Accept', 'application/json;odata.metadata=full'],
  ['Accept-Encoding', 'identity;q=0'],
  ['Accept-Encoding', 'gzip;q=x'],
  ['If-None-Match', '*'],
  ['If-None-Match', 'W/"x'],
  ['client-request-id', 'x'.repeat(500)],
  ['Content-Length', '0'],
  ['X-Forwarded-Host', 'evil.example'],
  ['Range', 'bytes=0-1'],
  ['Forwarded', 'host=evil.example'],
);
const token = fc.constantFrom(
  'good',
  'none',
  'nodots',
  'a.b.c',
  'tampered',
  'delegated',
  'norole',
  'expired',
  'audience',
);

const roll = '/v1.0/communications/callRecords/mine/participants_v2';
const everyAnswer: [string, string, string[], string[], [string, string][], string][] = [
  ['GET', roll, [], [], [], 'good'],
  ['GET', roll, [], ['$foo'], [], 'good'],
  ['GET', roll, [], [], [], 'none'],
  ['GET', roll, [], [], [], 'delegated'],
  ['GET', roll, ['nobody'], [], [], 'good'],
  ['DELETE', roll, [], [], [], 'good'],
];

describe('a hostile request', () => {
  it('is refused in the envelope or answered with our own data, of every kind that chance makes', async () => {
    const tokens: Record<string, string | undefined> = {
      good,
      none: undefined,
      nodots: 'nodots',
      'a.b.c': 'a.b.c',
      tampered: `${good.slice(0, -4)}AAAA`,
      delegated: await server.token({ delegated: true }),
      norole: await server.token({ roles: ['User.Read.All'] }),
      expired: await server.token({ expiresInSeconds: -1000 }),
      audience: await server.token({ audience: 'https://else.example' }),
    };
    const statuses = new Set<number>();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          'GET',
          'GET',
          'GET',
          'HEAD',
          'POST',
          'PUT',
          'DELETE',
          'PATCH',
          'OPTIONS',
          'TRACE',
          'PROPFIND',
        ),
        fc.constantFrom(
          '/v1.0',
          '/beta',
          '',
          '/v2.0',
          '/v1.0/communications/callRecords/mine/participants_v2',
          '/rollcall',
        ),
        fc.oneof(
          { weight: 3, arbitrary: fc.array(piece, { maxLength: 5 }) },
          { weight: 1, arbitrary: fc.array(fc.webSegment(), { maxLength: 4 }) },
        ),
        fc.array(option, { maxLength: 3 }),
        fc.array(header, { maxLength: 3 }),
        token,
        async (method, root, pieces, options, headers, kind) => {
          const target =
            `${[root, ...pieces].join('/') || '/'}${options.length > 0 ? `?${options.join('&')}` : ''}`.replaceAll(
              ' ',
              '%20',
            );
          const bearer = tokens[kind];
          const authorization: [string, string][] =
            bearer === undefined ? [] : [['Authorization', `Bearer ${bearer}`]];
          const {
            status,
            headers: answered,
            body,
          } = await exchange(server.url, method, encodeURI(target).replaceAll('%25', '%'), [
            ...headers,
            ...authorization,
          ]);
          statuses.add(status);
          expect(body.includes(secretMark)).toBe(false);
          expect([status, status < 500 || status === 501]).toEqual([status, true]);
          if (status < 400 || method === 'HEAD' || answered['content-type'] !== 'application/json') return;
          const { error } = JSON.parse(body) as {
            error: { code: string; message: string; innerError: Record<string, string> };
          };
          expect(Object.keys(error)).toEqual(['code', 'message', 'innerError']);
          expect(Object.keys(error.innerError)).toEqual(['date', 'request-id', 'client-request-id']);
          if (status === 401) expect(answered['www-authenticate']).toMatch(/^Bearer realm=""/);
        },
      ),
      // The first few are of every kind of answer: chance need not bring them.
      { numRuns: often(150, 600), examples: everyAnswer },
    );
    expect(server.defects).toEqual([]);
    expect([...statuses].sort()).toEqual(expect.arrayContaining([200, 400, 401, 403, 404, 405]) as number[]);
  });

  it.each([
    ['good', 200],
    ['none', 401],
    ['delegated', 403],
    ['norole', 403],
    ['expired', 401],
    ['audience', 401],
  ])('with the token %s is answered with %i', async (kind, status) => {
    const tokens: Record<string, Record<string, string>> = {
      good: {},
      none: { authorization: '' },
      delegated: { authorization: `Bearer ${await server.token({ delegated: true })}` },
      norole: { authorization: `Bearer ${await server.token({ roles: [] })}` },
      expired: { authorization: `Bearer ${await server.token({ expiresInSeconds: -1000 })}` },
      audience: { authorization: `Bearer ${await server.token({ audience: 'https://else.example' })}` },
    };
    const response = await server.get('/v1.0/communications/callRecords/mine/participants_v2', tokens[kind]);
    expect(response.status).toBe(status);
    expect(response.headers.has('www-authenticate')).toBe(status === 401);
  });
});
