/** Scripted faults as a client meets them. */
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import type { KnownFault } from '../../src/emulator/faults.ts';
import type { RequestReport } from '../../src/emulator/http/request-recorder.ts';
import { aRecord, participants } from '../support/records.ts';
import { startEmulator, type TestEmulator } from '../support/emulator.ts';

let emulator: TestEmulator;
beforeEach(async () => {
  emulator = await startEmulator();
  const record = { participants_v2: participants(400) };
  await emulator.import([aRecord('call', record), aRecord('other')]);
});
afterEach(async () => {
  expect(emulator.defects).toEqual([]);
  await emulator.stop();
});

const calls = '/v1.0/communications/callRecords';
const status = async (path: string) => (await emulator.get(path)).status;
const inject = async (rule: object) => {
  const answer = await emulator.ask('POST', 'faults', rule);
  expect([answer.status, answer.status === 201 ? '' : await answer.json()]).toEqual([201, '']);
};
const faults = async () =>
  ((await (await emulator.ask('GET', 'faults')).json()) as { value: KnownFault[] }).value;
const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};
const json = async (answer: Response) => (await answer.json()) as Record<string, unknown>;

describe('a fault', () => {
  it('is 404, then 200, and says how often it was met', async () => {
    await inject({ match: { callId: 'call' }, times: 2, effect: { status: 404 } });
    const statuses = [await status(`${calls}/call`), await status(`${calls}/other`)];
    statuses.push(await status(`${calls}/call`), await status(`${calls}/call`));
    expect(statuses).toEqual([404, 200, 404, 200]);
    expect(await faults()).toMatchObject([{ id: '1', times: 2, met: 2, isOver: true }]);
  });

  it.each(['$skiptoken', '$skipToken', 'skiptoken'])(
    'fails one page, counted from 1, by %s',
    async (option) => {
      const endpoint = 'communications/callRecords/{id}/participants_v2';
      await inject({ match: { endpoint, page: 3 }, times: 1, effect: { status: 503, retryAfterSeconds: 7 } });
      const seen: unknown[] = [];
      let next: string | undefined = `${calls}/call/participants_v2`;
      for (let i = 0; i < 6 && next !== undefined; i++) {
        const answer: Response = await emulator.get(next);
        seen.push(answer.status === 200 ? 200 : [answer.status, answer.headers.get('retry-after')]);
        const body = await json(answer);
        const link = body['@odata.nextLink'] as string | undefined;
        if (answer.status === 200)
          next = link?.slice(emulator.url.length).replace('$skiptoken', () => option);
      }
      expect(seen).toEqual([200, 200, [503, '7'], 200, 200]);
    },
  );

  it('is 429 as Graph says it', async () => {
    await inject({ match: { path: '/v1.0/*' }, times: 1, effect: { status: 429, retryAfterSeconds: 12 } });
    const answer = await emulator.get(calls);
    expect([answer.status, answer.headers.get('retry-after'), await json(answer)]).toMatchObject([
      429,
      '12',
      {
        error: {
          code: 'TooManyRequests',
          message: 'Please retry again later.',
          innerError: { status: '429' },
        },
      },
    ]);
  });

  it('storms for a time by the clock, after so many good answers', async () => {
    await inject({ after: 1, for: 'PT1M', effect: { status: 503 } });
    const seen = [await status(calls), await status(calls), await status(calls)];
    await emulator.clock.advance(60_000);
    seen.push(await status(calls));
    expect(seen).toEqual([200, 503, 503, 200]);
  });

  it('cuts the connection before the headers, and in the middle of the body', async () => {
    await inject([
      { times: 1, effect: { cut: 'before' } },
      { times: 1, effect: { cut: 'middle' } },
    ]);
    const outcome = async () => {
      const headers = { authorization: `Bearer ${await emulator.token()}` };
      return new Promise((resolve) => {
        const asked = request(`${emulator.url}${calls}/call/participants_v2`, { headers }, (answer) => {
          let length = 0;
          answer.on('data', (piece: Buffer) => (length += piece.length));
          answer.on('close', () =>
            resolve([
              answer.complete,
              length * 2 - Number(answer.headers['content-length']) <= 1 && length > 0,
            ]),
          );
          answer.on('error', () => undefined);
        });
        asked.on('error', ({ message }) => resolve(message));
        asked.end();
      });
    };
    expect([await outcome(), await outcome(), await status(calls)]).toEqual([
      'socket hang up',
      [false, true],
      200,
    ]);
  });

  it('answers with JSON that is none', async () => {
    const kinds = ['truncated', 'html', 'empty'];
    const whole = await (await emulator.get(`${calls}/call`)).text();
    await inject(kinds.map((wrongJson) => ({ times: 1, effect: { wrongJson } })));
    const bodies: unknown[] = [];
    for (let i = 0; i < 3; i++) {
      const answer = await emulator.get(`${calls}/call`);
      const text = await answer.text();
      bodies.push([
        answer.status,
        answer.headers.get('content-type')?.split(';')[0],
        text.slice(0, 15),
        isJson(text),
      ]);
    }
    expect([isJson(whole), bodies]).toEqual([
      true,
      [
        [200, 'application/json', '{"@odata.contex', false],
        [200, 'text/html', '<!DOCTYPE html>', false],
        [200, 'application/json', '', false],
      ],
    ]);
  });

  it('waits by the clock before it answers', async () => {
    await inject({ times: 1, effect: { delay: 'PT10S' } });
    let answered: number | undefined;
    const asked = status(calls).then((one) => (answered = one));
    while (emulator.clock.waiting().nextMs !== 10_000) await new Promise((resolve) => setImmediate(resolve));
    await emulator.clock.advance(9_999);
    expect([answered, emulator.clock.waiting().nextMs]).toEqual([undefined, 1]);
    await emulator.clock.advance(1);
    expect(await asked).toBe(200);
  });

  it('keeps a record from lists and from those who ask for it, until its time', async () => {
    await inject({ match: { callId: 'call' }, until: '2026-11-02T13:00:00Z', effect: { late: true } });
    const listed = async () => {
      const { value } = await json(await emulator.get(calls));
      return (value as { id: string }[]).map(({ id }) => id);
    };
    const counted = async () => (await emulator.get(`${calls}/$count`)).text();
    const seen = [await listed(), await counted(), await status(`${calls}/call`)];
    seen.push(await status(`${calls}/call/participants_v2`));
    await emulator.clock.advance(3_600_000);
    seen.push(await listed(), await counted(), await status(`${calls}/call`));
    expect(seen).toEqual([['other'], '1', 404, 404, ['call', 'other'], '2', 200]);
  });

  it('leaves participants out of the list', async () => {
    const roll = `${calls}/call/participants_v2`;
    const before = (await emulator.get(roll)).headers.get('etag');
    await inject({ match: { callId: 'call' }, effect: { participantsMissing: 390 } });
    const answer = await emulator.get(roll);
    const { value, ...rest } = await json(answer);
    expect([(value as unknown[]).length, '@odata.nextLink' in rest]).toEqual([10, false]);
    expect(answer.headers.get('etag')).not.toBe(before);
    expect(await (await emulator.get(`${roll}/$count`)).text()).toBe('10');
    await emulator.ask('DELETE', 'faults/1');
    expect(await (await emulator.get(`${roll}/$count`)).text()).toBe('400');
  });

  it('meets the requests of a batch one by one', async () => {
    await inject({ match: { callId: 'call' }, effect: { status: 429, retryAfterSeconds: 3 } });
    const requests = ['call', 'other'].map((id) => ({
      id,
      method: 'GET',
      url: `/communications/callRecords/${id}`,
    }));
    const answer = await fetch(`${emulator.url}/v1.0/$batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await emulator.token()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ requests }),
    });
    const { responses } = (await answer.json()) as { responses: { status: number; headers: object }[] };
    expect(responses).toMatchObject([{ status: 429, headers: { 'Retry-After': '3' } }, { status: 200 }]);
  });

  it('meets the token endpoint in its own words', async () => {
    const endpoint = 'oauth2/v2.0/token';
    await inject([
      { match: { endpoint }, times: 1, effect: { status: 401 } },
      { match: { endpoint }, times: 1, effect: { status: 503, retryAfterSeconds: 1 } },
    ]);
    const ask = async () => {
      const answer = await fetch(`${emulator.url}/${development.tenantId}/oauth2/v2.0/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: development.clientId,
          client_secret: development.clientSecret,
          scope: 'https://graph.microsoft.com/.default',
        }),
      });
      return [answer.status, (await json(answer))['error']];
    };
    expect([await ask(), await ask(), await ask()]).toEqual([
      [401, 'invalid_client'],
      [503, 'temporarily_unavailable'],
      [200, undefined],
    ]);
  });

  it('is refused with every problem and its place when it is not one', async () => {
    const answer = await emulator.ask('POST', 'faults', [
      { effect: { status: 404 } },
      { effect: { status: 200, cut: 'after' }, mach: {}, times: 0 },
      { effect: { late: true } },
    ]);
    const { error } = (await answer.json()) as { error: { details: { target: string }[]; message: string } };
    expect([answer.status, error.details.map(({ target }) => target).sort()]).toEqual([
      400,
      ['[1].effect.cut', '[1].effect.status', '[1].mach', '[1].times', '[2].match.callId'],
    ]);
    expect(await faults()).toEqual([]);
  });

  it.each(['communications/callRecords/{id}/participants_v3', 'communications/callRecords/call', 'nowhere'])(
    'of an endpoint that there is not is refused: %s',
    async (endpoint) => {
      const answer = await emulator.ask('POST', 'faults', { match: { endpoint }, effect: { status: 503 } });
      expect([answer.status, (await json(answer))['error']]).toMatchObject([
        400,
        { message: expect.stringContaining('match.endpoint: an endpoint such as') as string },
      ]);
    },
  );
});

describe('recorded requests', () => {
  it('show the answers of each endpoint, and how near its callers came to the limits of Graph', async () => {
    await inject({ match: { callId: 'other' }, times: 1, effect: { status: 429 } });
    for (let i = 0; i < 42; i++) await emulator.get(`${calls}/call`);
    await emulator.get(`${calls}/other`);
    await emulator.clock.advance(20_000);
    for (let i = 0; i < 3; i++) await emulator.get(`${calls}/call`);
    await emulator.get(`${calls}/getPstnCalls(fromDateTime=2026-11-01,toDateTime=2026-11-02)`);
    const report = (await (await emulator.ask('GET', 'requests')).json()) as RequestReport;
    expect(report).toMatchObject({
      requests: 47,
      throttled: 1,
      endpoints: [
        {
          method: 'GET',
          endpoint: 'communications/callRecords/{id}',
          requests: 46,
          statuses: { 200: 45, 429: 1 },
        },
        {
          method: 'GET',
          endpoint: 'communications/callRecords/getPstnCalls',
          requests: 1,
          statuses: { 200: 1 },
        },
      ],
    });
    const limit = (name: string) => report.limits.find((one) => one.name === name);
    expect([limit('callRecord'), limit('appInTenant'), limit('logFunction')]).toEqual([
      { name: 'callRecord', requests: 40, seconds: 20, largest: 42, isExceeded: true },
      { name: 'appInTenant', requests: 1500, seconds: 20, largest: 43, isExceeded: false },
      { name: 'logFunction', requests: 50, seconds: 60, largest: 1, isExceeded: false },
    ]);
    await emulator.ask('DELETE', 'requests');
    expect(await (await emulator.ask('GET', 'requests')).json()).toMatchObject({
      requests: 0,
      endpoints: [],
    });
  });

  it('count the spans of the limits with the scale of --throttle', async () => {
    await using scaled = await startEmulator({ throttleScale: 0.05 });
    await scaled.import([aRecord('call')]);
    for (let i = 0; i < 40; i++) await scaled.get(`${calls}/call`);
    await scaled.clock.advance(1000);
    expect((await scaled.get(`${calls}/call`)).status).toBe(200);
    const { limits } = (await (await scaled.ask('GET', 'requests')).json()) as RequestReport;
    expect(limits.find(({ name }) => name === 'callRecord')).toEqual({
      ...{ name: 'callRecord', requests: 40, seconds: 1, largest: 40, isExceeded: false },
    });
  });
});

describe('the control API', () => {
  it('answers no web page, no other media type, and nothing that it has not', async () => {
    const ask = async (path: string, init?: RequestInit) => {
      const answer = await fetch(`${emulator.url}/rollcall/dev/${path}`, init);
      return [answer.status, ((await answer.json()) as { error: { code: string } }).error.code];
    };
    const body = JSON.stringify({ advance: 1 });
    const type = { 'content-type': 'application/json' };
    const answers = [
      await ask('clock', { headers: { origin: 'https://page.example' } }),
      await ask('clock', { headers: { 'sec-fetch-site': 'cross-site' } }),
      await ask('clock', { method: 'POST', body, headers: { 'content-type': 'text/plain' } }),
      // A browser sends a form without asking the server first (no CORS preflight).
      await ask('reset', { method: 'POST', headers: { 'content-type': 'text/plain' } }),
      await ask('reset', { method: 'POST', body: new URLSearchParams() }),
      await ask('clock', { method: 'POST', body: '{', headers: type }),
      await ask('clock', { method: 'POST', body: ' '.repeat(2 ** 20 + 1), headers: type }),
      await ask('clock', { method: 'DELETE' }),
      await ask('nothing'),
      await ask('faults/9', { method: 'DELETE' }),
    ];
    expect(answers).toEqual([
      [403, 'Forbidden'],
      [403, 'Forbidden'],
      [415, 'UnsupportedMediaType'],
      [415, 'UnsupportedMediaType'],
      [415, 'UnsupportedMediaType'],
      [400, 'BadRequest'],
      [413, 'BadRequest'],
      [405, 'Request_BadRequest'],
      [404, 'NotFound'],
      [404, 'NotFound'],
    ]);
    expect(emulator.clock.now().toISOString()).toBe('2026-11-02T12:00:00.000Z');
  });
});
