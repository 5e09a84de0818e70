/** What Graph does besides answering, as `dev` shows it when asked: limits, forgetting, records that come late. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMovableClock, type MovableClock } from '../../src/base/clock.ts';
import { aRecord, participants } from '../support/records.ts';
import { startTestServer, type TestServer, type TestServerOptions } from '../support/server.ts';

type Json = Record<string, unknown>;
const base = '/v1.0/communications/callRecords';
const minutes = 60_000;
const days = 1440 * minutes;
const times = { startDateTime: '2026-11-01T10:00:00Z', endDateTime: '2026-11-01T11:00:00Z' };
const ended = new Date(times.endDateTime);
const segments = [{ id: 'segment', ...times, media: [] }];
const record = aRecord('call', {
  ...times,
  organizer_v2: { id: 'participant-0', identity: null },
  participants_v2: participants(3),
  sessions: ['one', 'two', 'three'].map((id) => ({ id, modalities: ['audio'], ...times, segments })),
});
const forgotten =
  'Could not find the requested call record. Records about calls or online meetings that started more than 30 days ago are not available.';

let clock: MovableClock;
let server: TestServer;
beforeEach(() => {
  clock = createMovableClock(ended);
});
afterEach(async () => {
  expect(server.defects).toEqual([]);
  await server.stop();
});

async function begin(options: TestServerOptions): Promise<void> {
  server = await startTestServer({ ...options, clock });
  await server.import([record]);
}

async function get(path: string, headers: Record<string, string> = {}) {
  const response = await server.get(path.replace(server.url, ''), headers);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return {
    status: response.status,
    headers: response.headers,
    body: (isJson ? JSON.parse(text) : text) as Json,
  };
}

/** Statuses of a row of requests for the same. */
async function statuses(count: number, path: string, headers?: Record<string, string>): Promise<number[]> {
  const all: number[] = [];
  for (let i = 0; i < count; i++) all.push((await get(path, headers)).status);
  return all;
}

const times200 = (count: number) => Array<number>(count).fill(200);
const one = { prefer: 'maxpagesize=1' };

describe('limits', () => {
  it('are off unless asked for', async () => {
    await begin({});
    expect(await statuses(40, base)).toEqual(times200(40));
  });

  it.each([
    ['a record', `${base}/call`, 40, 20],
    ['its participants', `${base}/call/participants_v2`, 40, 20],
    ['the list of calls', base, 40, 20],
    ['a log', `${base}/getPstnCalls(fromDateTime=2026-11-01,toDateTime=2026-11-02)`, 50, 60],
  ])(
    'on %s refuse with 429 and Retry-After, until so many seconds have passed',
    async (_name, path, limit, seconds) => {
      await begin({ throttleScale: 1 });
      expect(await statuses(limit, path)).toEqual(times200(limit));
      clock.advance(5000);
      const { status, headers, body } = await get(path, { 'client-request-id': 'mine' });
      const { code, message, innerError } = body['error'] as Json;
      expect([status, headers.get('retry-after'), code, message, innerError]).toEqual([
        429,
        String(seconds - 5),
        'TooManyRequests',
        'Please retry again later.',
        {
          code: '429',
          date: '2026-11-01T11:00:05',
          'request-id': headers.get('request-id'),
          'client-request-id': 'mine',
          message: 'Please retry after',
          status: '429',
        },
      ]);
      clock.advance((seconds - 5) * 1000 - 1);
      expect((await get(path)).status).toBe(429);
      clock.advance(1);
      expect((await get(path)).status).toBe(200);
    },
  );

  it.each([
    ['a record', `${base}/call/participants_v2`],
    ['sessions, by a link that an expansion gave', `${base}/call?$expand=sessions`],
    ['the list of calls', base],
  ])('on later pages of %s count together with the first', async (_name, path) => {
    await begin({ throttleScale: 1 });
    await server.import([aRecord('other', times)]);
    const { body } = await get(path, one);
    const next = (body['@odata.nextLink'] ?? body['sessions@odata.nextLink']) as string;
    expect(await statuses(39, next)).toEqual(times200(39));
    for (const refused of [await get(next), await get(path)])
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '20']);
    clock.advance(20_000);
    expect((await get(next)).status).toBe(200);
  });

  it('are reached within a second when scaled', async () => {
    await begin({ throttleScale: 0.05 });
    await statuses(40, base);
    expect((await get(base)).headers.get('retry-after')).toBe('1');
    clock.advance(1000);
    expect((await get(base)).status).toBe(200);
  });

  it('refuse a request of a batch by itself, with its own Retry-After', async () => {
    await begin({ throttleScale: 1 });
    await server.import([aRecord('other', times)]);
    await statuses(30, `${base}/call`);
    const urls = [...Array<string>(12).fill('call'), 'other'];
    const response = await fetch(`${server.url}/v1.0/$batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await server.token()}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        requests: urls.map((id, i) => ({
          id: String(i),
          method: 'GET',
          url: `/communications/callRecords/${id}`,
        })),
      }),
    });
    const { responses } = (await response.json()) as {
      responses: { id: string; status: number; headers: Record<string, string>; body: Json }[];
    };
    const byId = new Map(responses.map((each) => [each.id, each]));
    expect(response.status).toBe(200);
    expect(urls.map((_, i) => byId.get(String(i))!.status)).toEqual([...times200(10), 429, 429, 200]);
    const wait = (id: string) => new Headers(byId.get(id)!.headers).get('retry-after');
    expect([wait('9'), wait('10'), wait('11'), wait('12')]).toEqual([null, '20', '20', null]);
    expect((byId.get('10')!.body['error'] as Json)['code']).toBe('TooManyRequests');
  });

  it('count requests with the same answer each, and not one answer kept', async () => {
    await begin({ throttleScale: 1 });
    const etag = (await get(`${base}/call`)).headers.get('etag')!;
    expect(await statuses(39, `${base}/call`, { 'if-none-match': etag })).toEqual(
      Array<number>(39).fill(304),
    );
    expect((await get(`${base}/call`, { 'if-none-match': etag })).status).toBe(429);
  });
});

/** Everything that is read of a call, in the words of its URL. */
const partsOfCall = [
  '/call',
  '/call?$expand=sessions',
  '/call/organizer_v2',
  '/call/participants_v2',
  '/call/participants_v2/$count',
  '/call/participants_v2/participant-1',
  '/call/sessions',
  '/call/sessions/$count',
  '/call/sessions/one',
  '/call/sessions/one/segments',
  '/call/sessions/one/segments/$count',
  '/call/sessions/one/segments/segment',
].map((part) => base + part);
const listings = [
  base,
  `${base}?$filter=${encodeURIComponent("participants_v2/any(p:p/id eq 'participant-1')")}`,
];

async function listed(): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const path of listings) found.push(((await get(path)).body['value'] as Json[]).map(({ id }) => id));
  return [...found, (await get(`${base}/$count`)).body];
}

describe('forgetting', () => {
  it('is off unless asked for', async () => {
    await begin({});
    clock.advance(4000 * days);
    expect(await listed()).toEqual([['call'], ['call'], '1']);
  });

  it('takes a call from the lists and from reach once it started 30 days ago, and says so as Graph does', async () => {
    await begin({ retentionDays: 30 });
    clock.advance(30 * days - 60 * minutes);
    expect(await listed()).toEqual([['call'], ['call'], '1']);
    for (const path of partsOfCall) expect([path, (await get(path)).status]).toEqual([path, 200]);
    clock.advance(1);
    expect(await listed()).toEqual([[], [], '0']);
    for (const path of partsOfCall) {
      const { status, body } = await get(path);
      const { code, message } = body['error'] as Json;
      expect([path, status, code, message]).toEqual([path, 404, 'NotFound', forgotten]);
    }
  });

  it('ends a walk that is under way', async () => {
    await begin({ retentionDays: 30 });
    const { body } = await get(`${base}/call/participants_v2`, one);
    clock.advance(31 * days);
    expect((await get(body['@odata.nextLink'] as string)).status).toBe(404);
  });
});

describe('records that come late', () => {
  it('are not there, for no question, until so many minutes after the call ended', async () => {
    await begin({ lateMinutes: 150 });
    clock.advance(150 * minutes - 1);
    expect(await listed()).toEqual([[], [], '0']);
    for (const path of partsOfCall) expect([path, (await get(path)).status]).toEqual([path, 404]);
    expect(((await get(`${base}/call`)).body['error'] as Json)['message']).toBe('');
    clock.advance(1);
    expect(await listed()).toEqual([['call'], ['call'], '1']);
    for (const path of partsOfCall) expect([path, (await get(path)).status]).toEqual([path, 200]);
  });
});
