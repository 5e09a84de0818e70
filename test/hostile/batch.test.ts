/** A batch from someone who wishes ill: every request in it stays a read of the caller's own tenant, below the version. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aRecord, participants } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const otherTenant = '33333333-3333-4333-8333-333333333333';
const call = '/communications/callRecords/call';
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.import([aRecord('call', { participants_v2: participants(130) })]);
  await server.import([aRecord('theirs')], otherTenant);
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server.stop();
});

interface Item {
  readonly id: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

async function send(body: unknown): Promise<{ status: number; responses: Item[] | undefined }> {
  const response = await fetch(`${server.url}/v1.0/$batch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await server.token()}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const { responses } = (await response.json()) as { responses?: Item[] };
  return { status: response.status, responses };
}

async function sendOne(request: object): Promise<Item> {
  const { responses } = await send({ requests: [{ id: '1', method: 'GET', ...request }] });
  return responses![0]!;
}

describe('a request in a batch', () => {
  it.each([
    ['$batch'],
    ['/$batch'],
    ['/$metadata'],
    ['//evil.example/x'],
    ['https://evil.example/v1.0/communications/callRecords'],
    ['HTTPS:x'],
    ['../beta/communications/callRecords'],
    ['/../../metrics'],
    ['/v1.0/communications/callRecords'],
    ['/rollcall/openapi.json'],
    ['/%2e%2e/communications/callRecords'],
    ['\\\\evil.example\\x'],
    [''],
    ['/communications/callRecords/%'],
  ])('for %j is 400', async (url) => {
    expect((await sendOne({ url })).status).toBe(400);
  });

  it('cannot hold a batch', async () => {
    const inner = { requests: [{ id: '1', method: 'GET', url: call }] };
    expect((await sendOne({ method: 'POST', url: '/$batch', body: inner })).status).toBe(400);
  });

  it("asks as the batch does, whatever token it brings, and never for another tenant's", async () => {
    const authorization = `Bearer ${await server.token({ tenantId: otherTenant })}`;
    const theirs = { url: '/communications/callRecords/theirs', headers: { authorization } };
    expect((await sendOne(theirs)).status).toBe(404);
    expect((await sendOne({ url: call, headers: { Authorization: 'Bearer nothing' } })).status).toBe(200);
  });

  it('gets the headers alone for HEAD', async () => {
    const { status, body } = await sendOne({ method: 'HEAD', url: call });
    expect([status, body]).toEqual([200, undefined]);
  });

  it.each(['a\r\nSet-Cookie: x=1', 'a\nb', 'a\0'])('cannot have the header value %j', async (value) => {
    const requests = [{ id: '1', method: 'GET', url: call, headers: { 'client-request-id': value } }];
    expect((await send({ requests })).status).toBe(400);
  });

  it.each(['1\r\nX-Evil: 1', '__proto__', '"},{"id":"2', 'ü😀\ud800'])(
    'has its id %j back as it was',
    async (id) => {
      const { responses } = await send({ requests: [{ id, method: 'GET', url: call }] });
      expect(responses!.map((one) => [one.id, one.status])).toEqual([[id, 200]]);
    },
  );
});

describe('a batch', () => {
  it('of a mebibyte is read, and of a byte more is 413', async () => {
    const text = JSON.stringify({ requests: [{ id: '1', method: 'GET', url: call }] });
    expect((await send(text.padStart(2 ** 20))).status).toBe(200);
    expect((await send(text.padStart(2 ** 20 + 1))).status).toBe(413);
  });

  it('of arrays in arrays is 400', async () => {
    expect((await send(`{"requests":[${'['.repeat(100_000)}${']'.repeat(100_000)}]}`)).status).toBe(400);
  });

  it('of twenty large answers gives them all', async () => {
    const url = `${call}?$expand=participants_v2`;
    const requests = Array.from({ length: 20 }, (_, i) => ({ id: String(i), method: 'GET', url }));
    const { responses } = await send({ requests });
    expect(
      responses!.map(({ status, body }) => [
        status,
        (body as { participants_v2: unknown[] }).participants_v2.length,
      ]),
    ).toEqual(Array(20).fill([200, 130]));
  });
});

describe('a page of another origin', () => {
  it('is told apart by Vary, allowed or not, where origins are named', async () => {
    await using named = await startTestServer({ corsOrigins: ['https://app.example'] });
    const headersFor = async (origin?: string) => {
      const { headers } = await named.get(`/v1.0${call}`, origin === undefined ? {} : { origin });
      return [headers.get('access-control-allow-origin'), /\bOrigin\b/.test(headers.get('vary') ?? '')];
    };
    expect(await headersFor('https://app.example')).toEqual(['https://app.example', true]);
    for (const origin of [undefined, 'null', 'https://APP.example', 'https://app.example.evil'])
      expect(await headersFor(origin)).toEqual([null, true]);
  });
});
