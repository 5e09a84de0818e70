/** `Prefer: rollcall.as-of`: a call, and the list of calls, as they were. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMovableClock, type MovableClock } from '../../src/base/clock.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { aRecord, aSession, participants } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const calls = '/v1.0/communications/callRecords';

let clock: MovableClock;
let server: TestServer;
beforeEach(async () => {
  clock = createMovableClock(new Date('2026-03-03T00:00:00Z'));
  server = await startTestServer({ clock, store: openSqliteStore(':memory:', { clock }) });
});
afterEach(() => server.stop());

/** Versions 1 to 3, a day apart, with so many participants and sessions; modified an hour before each came. */
async function threeVersions(id = 'call'): Promise<void> {
  for (const version of [1, 2, 3]) {
    const at = clock.now().getTime();
    await server.import([
      aRecord(id, {
        version,
        lastModifiedDateTime: new Date(at - 3_600_000).toISOString(),
        startDateTime: `2026-03-02T1${version}:00:00Z`,
        joinWebUrl: `v${version}`,
        organizer_v2: { id: `organizer-${version}`, identity: null, administrativeUnitInfos: [] },
        participants_v2: participants(version * 10),
        sessions: Array.from({ length: version }, (_, i) => aSession(`s${i}`)),
      }),
    ]);
    clock.advance(86_400_000);
  }
}

interface Body {
  readonly [member: string]: unknown;
  readonly value?: readonly Record<string, unknown>[];
  readonly '@odata.nextLink'?: string;
}

const asOf = (value: string) => ({ prefer: `rollcall.as-of=${value}` });
async function get(path: string, headers: Record<string, string> = {}) {
  const response = await server.get(`${calls}${path}`, headers);
  const body = (await response.json()) as Body;
  return { status: response.status, headers: response.headers, body };
}

describe('as of a version', () => {
  it('every read of a call is of that version', async () => {
    await threeVersions();
    const one = asOf('1');
    const answers = {
      call: (await get('/call', one)).body['joinWebUrl'],
      expanded: ((await get('/call?$expand=participants_v2', one)).body['participants_v2'] as unknown[])
        .length,
      participants: (await get('/call/participants_v2', one)).body.value?.length,
      participantsCount: await (await server.get(`${calls}/call/participants_v2/$count`, one)).text(),
      present: (await get('/call/participants_v2/participant-9', one)).status,
      later: (await get('/call/participants_v2/participant-10', one)).status,
      sessions: (await get('/call/sessions', one)).body.value?.length,
      session: (await get('/call/sessions/s1', one)).status,
      segments: (await get('/call/sessions/s0/segments', one)).body.value?.length,
      segment: (await get('/call/sessions/s0/segments/s0', one)).status,
      segmentsCount: await (await server.get(`${calls}/call/sessions/s0/segments/$count`, one)).text(),
      organizer: (await get('/call/organizer_v2', one)).body['id'],
    };
    expect(answers).toEqual({
      call: 'v1',
      expanded: 10,
      participants: 10,
      participantsCount: '10',
      present: 200,
      later: 404,
      sessions: 1,
      session: 404,
      segments: 1,
      segment: 200,
      segmentsCount: '1',
      organizer: 'organizer-1',
    });
    expect((await get('/call')).body['joinWebUrl']).toBe('v3');
  });

  it('is echoed, and a version that the archive has not got is 404', async () => {
    await threeVersions();
    expect((await get('/call', asOf('2'))).headers.get('preference-applied')).toBe('rollcall.as-of=2');
    for (const version of ['4', '9223372036854775807', '99999999999999999999']) {
      const { status, body } = await get('/call', asOf(version));
      expect([status, (body['error'] as { code: string }).code]).toEqual([404, 'NotFound']);
    }
  });

  it('is kept by the next link, whether or not the client says it again', async () => {
    await threeVersions();
    const first = await get('/call/participants_v2', { prefer: 'rollcall.as-of=2, odata.maxpagesize=15' });
    const next = first.body['@odata.nextLink']!.replace(server.url + calls, '');
    expect((await get(next)).body.value?.length).toBe(5);
    const again = await get(next, asOf('1'));
    expect([again.body.value?.length, again.headers.get('preference-applied')]).toEqual([
      5,
      'rollcall.as-of=2',
    ]);
    const expanded = await get('/call?$expand=participants_v2', {
      prefer: 'rollcall.as-of=2, maxpagesize=15',
    });
    const rest = String(expanded.body['participants_v2@odata.nextLink']).replace(server.url + calls, '');
    expect((await get(rest)).body.value?.length).toBe(5);
  });

  it('means nothing to the list of calls, which passes it over', async () => {
    await threeVersions();
    const { body, headers } = await get('', asOf('1'));
    expect([body.value?.map((call) => call['joinWebUrl']), headers.get('preference-applied')]).toEqual([
      ['v3'],
      null,
    ]);
  });
});

describe('as of a time', () => {
  it('a call is what the archive had then, or what Graph had before the archive did', async () => {
    await threeVersions();
    const at = async (time: string) => {
      const { status, body } = await get('/call', asOf(time));
      return status === 200 ? body['joinWebUrl'] : status;
    };
    expect({
      now: await at('2026-03-09T00:00:00Z'),
      third: await at('2026-03-05T00:00:00Z'),
      second: await at('2026-03-04T23:59:59.9999999Z'),
      zone: await at('2026-03-04T01:00:00+01:00'),
      quoted: await at('"2026-03-03T00:00:00Z"'),
      // The archive had nothing yet; version 1 was modified an hour before it came.
      before: await at('2026-03-02T23:00:00Z'),
      early: await at('2026-03-02T22:59:59.9999999Z'),
    }).toEqual({ now: 'v3', third: 'v3', second: 'v2', zone: 'v2', quoted: 'v1', before: 'v1', early: 404 });
  });

  it('the list is what there was then, walked to its end in that state', async () => {
    await threeVersions('a');
    await threeVersions('b'); // from the 6th on
    const walk = async (time: string) => {
      const seen: unknown[] = [];
      for (let next = ''; ;) {
        const { body, headers } = await get(next, {
          prefer: `odata.maxpagesize=1${next === '' ? `, rollcall.as-of=${time}` : ''}`,
        });
        if (next === '') expect(headers.get('preference-applied')).toContain(`rollcall.as-of=${time}`);
        seen.push(...body.value!.map(({ id, joinWebUrl }) => `${String(id)} ${String(joinWebUrl)}`));
        if (body['@odata.nextLink'] === undefined) return seen;
        next = body['@odata.nextLink'].replace(server.url + calls, '');
      }
    };
    expect(await walk('2026-03-04T12:00:00Z')).toEqual(['a v2']);
    expect(await walk('2026-03-07T12:00:00Z')).toEqual(['b v2', 'a v3']);
    expect(await (await server.get(`${calls}/$count`, asOf('2026-03-04T12:00:00Z'))).text()).toBe('1');
    const filter = `?$filter=participants_v2/any(p:p/id eq 'participant-15')`;
    expect((await get(filter, asOf('2026-03-06T12:00:00Z'))).body.value?.map(({ id }) => id)).toEqual(['a']);
  });
});

describe('an as-of', () => {
  it('of a date is the state that the day began with', async () => {
    await threeVersions();
    const { body, headers } = await get('/call', asOf('2026-03-04'));
    expect([body['joinWebUrl'], headers.get('preference-applied')]).toEqual([
      'v2',
      'rollcall.as-of=2026-03-04T00:00:00Z',
    ]);
  });

  it('that is neither a version nor a time is passed over', async () => {
    await threeVersions();
    for (const value of ['yesterday', '-1', '2026-02-30', '2026-3-4', '']) {
      const { body, headers } = await get('/call', asOf(value));
      expect([body['joinWebUrl'], headers.get('preference-applied')]).toEqual(['v3', null]);
    }
  });

  it('has ETags and remembered answers of its own', async () => {
    await threeVersions();
    const tags: (string | null)[] = [];
    for (let again = 0; again < 3; again++) {
      for (const version of ['1', '2', '3']) {
        const { headers, body } = await get('/call/participants_v2', asOf(version));
        expect(body.value?.length).toBe(Number(version) * 10);
        tags.push(headers.get('etag'));
      }
    }
    expect(new Set(tags).size).toBe(3);
    const other = await server.get(`${calls}/call/participants_v2`, {
      ...asOf('2'),
      'if-none-match': tags[0]!,
    });
    const same = await server.get(`${calls}/call/participants_v2`, {
      ...asOf('1'),
      'if-none-match': tags[0]!,
    });
    expect([other.status, same.status]).toEqual([200, 304]);
  });

  it('holds for each request of a batch by itself', async () => {
    await threeVersions();
    const response = await fetch(`${server.url}/v1.0/$batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await server.token()}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        requests: [
          { id: '1', method: 'GET', url: '/communications/callRecords/call', headers: asOf('1') },
          { id: '2', method: 'GET', url: '/communications/callRecords/call' },
        ],
      }),
    });
    const { responses } = (await response.json()) as {
      responses: { id: string; body: { joinWebUrl: string }; headers: Record<string, string> }[];
    };
    expect(responses.map(({ body, headers }) => [body.joinWebUrl, headers['Preference-Applied']])).toEqual([
      ['v1', 'rollcall.as-of=1'],
      ['v3', undefined],
    ]);
  });

  it('does not bring back what Graph would have forgotten', async () => {
    await server.stop();
    server = await startTestServer({
      clock,
      store: openSqliteStore(':memory:', { clock }),
      retentionDays: 30,
    });
    await threeVersions();
    expect((await get('/call', asOf('1'))).status).toBe(200);
    clock.advance(60 * 86_400_000);
    for (const value of ['1', '2026-03-04T00:00:00Z'])
      expect((await get('/call', asOf(value))).status).toBe(404);
    const listed = await server.get(calls, asOf('2026-03-04T00:00:00Z'));
    expect(((await listed.json()) as { value: unknown[] }).value).toEqual([]);
  });
});
