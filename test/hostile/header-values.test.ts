/**
 * Tests that no value of a header refuses a request, unless the answer depends on that header: then it is refused in
 * the way that the contract says, or the value is ignored.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { often, testSeed } from '../support/often.ts';
import { parseAnswer, sendRaw } from '../support/raw-http.ts';
import { aRecord, participants } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let token: string;
const path = '/v1.0/communications/callRecords/call/participants_v2';
beforeAll(async () => {
  server = await startTestServer({ corsOrigins: ['https://app.example'] });
  await server.import([aRecord('call', { participants_v2: participants(3) })]);
  token = `Bearer ${await server.token()}`;
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server.stop();
});

/** Every header that is read of a request for data, with the statuses that a value of it may lead to besides 200. */
const read: Readonly<Record<string, readonly number[]>> = {
  Accept: [406],
  'Accept-Encoding': [406],
  Authorization: [401],
  Expect: [100],
  Host: [400],
  'If-None-Match': [304],
  ...Object.fromEntries(
    [
      ...['Prefer', 'Content-Type', 'Content-Encoding', 'Cookie', 'Origin', 'client-request-id'],
      ...['traceparent', 'tracestate', 'baggage', 'Sec-Fetch-Site', 'rollcall-client-address'],
      ...['Forwarded', 'X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Proto'],
      ...['Access-Control-Request-Method', 'Access-Control-Request-Headers'],
    ].map((name) => [name, []]),
  ),
};
/** What clients of Graph and proxies send, and Rollcall does not read. */
const unread = [
  ...['ConsistencyLevel', 'SdkVersion', 'User-Agent', 'Referer', 'Retry-Attempt', 'X-Anything', 'Range'],
  ...['If-Match', 'If-Modified-Since', 'Upgrade', 'TE', 'Via', 'Accept-Language', 'Date', 'Warning', 'From'],
  ...['return-client-request-id', 'x-client-SKU', 'Cache-Control', 'Pragma', 'DNT', '!#$%&*+.^_`|~-'],
];

/** What HTTP lets through (RFC 9110, section 5.5): visible ASCII, blanks and obs-text. */
const character = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
  { weight: 1, arbitrary: fc.integer({ min: 0x80, max: 0xff }) },
  { weight: 1, arbitrary: fc.constant(0x09) },
);
const text = fc.array(character, { maxLength: 40 }).map((codes) => String.fromCharCode(...codes).trim());
const known = fc.constantFrom(
  ...[
    '*',
    '*/*',
    'json',
    'application/json',
    'application/json;odata.metadata=',
    'text',
    ';q=',
    'q=0',
    '*;q=0',
  ],
  ...[
    'gzip',
    'identity;q=0',
    'gzip;q=0',
    'W/"',
    '"',
    'return=minimal',
    'odata.maxpagesize',
    'odata.maxpagesize=0',
  ],
  ...['odata.maxpagesize=1e9', 'omit-values=', 'rollcall.as-of=2026-02-30', '100-continue', '200-ok', 'null'],
  ...[
    'https://app.example',
    'for="',
    'for=_x;host=a b',
    '00-0-0-00',
    'same-origin',
    'OPTIONS',
    'h2c',
    'Bearer',
  ],
);
const value = fc.oneof(
  text,
  known,
  fc.array(fc.oneof(text, known), { maxLength: 5 }).map((items) => items.join(', ')),
  fc
    .tuple(fc.oneof(text, known), fc.integer({ min: 1, max: 200 }))
    .map(([one, count]) => `${one},`.repeat(count)),
  fc.constantFrom('', ',', ', ,', 'x'.repeat(16_000), '\xff'.repeat(8000), '"'.repeat(999), '\t \t'),
);

async function statusWith(lines: readonly string[], method = 'GET'): Promise<number> {
  const names = lines.map((line) => line.slice(0, line.indexOf(':')).toLowerCase());
  const all = [
    `${method} ${path} HTTP/1.1`,
    ...(names.includes('host') ? [] : [`Host: ${new URL(server.url).host}`]),
    ...lines,
    // The first of several counts, so that a good one behind a bad one must not.
    ...(names.includes('authorization') ? [] : [`Authorization: ${token}`]),
    'Connection: close',
  ];
  return parseAnswer(await sendRaw(server.url, Buffer.from(`${all.join('\r\n')}\r\n\r\n`, 'latin1'))).status;
}

const runs = { numRuns: often(100, 5000), seed: testSeed };

describe('a header', () => {
  it('that is not read may have any value, and come more than once', async () => {
    const lines = fc.array(
      fc.tuple(fc.constantFrom(...unread), value).map(([name, given]) => `${name}: ${given}`),
      { minLength: 1, maxLength: 2 },
    );
    await fc.assert(
      fc.asyncProperty(lines, async (given) => {
        expect(await statusWith(given)).toBe(200);
      }),
      runs,
    );
  });

  it('that is read refuses only as its own rule says', async () => {
    const lines = fc
      .tuple(fc.constantFrom(...Object.keys(read)), fc.array(value, { minLength: 1, maxLength: 2 }))
      .map(([name, values]) => ({ name, lines: values.map((given) => `${name}: ${given}`) }));
    await fc.assert(
      fc.asyncProperty(lines, async ({ name, lines: given }) => {
        expect([200, ...read[name]!], name).toContain(await statusWith(given));
      }),
      runs,
    );
  });

  it.each([
    ['Accept: json', 200],
    ['Accept: \xe9\xff', 200],
    ['Accept: ;;q=0', 200],
    ['Accept: text/html', 406],
    ['Accept: text/html, \xff', 406],
    ['Accept-Encoding: \xff;q=0, br', 200],
    ['Accept-Encoding: *;q=0', 406],
    ['Expect: 200-ok', 200],
    ['Prefer: odata.maxpagesize="\xff', 200],
    ['If-None-Match: \xff', 200],
    ['If-None-Match: *', 304],
    ['Upgrade: h2c', 200],
  ])('%s leads to %i', async (line, status) => {
    expect(await statusWith([line])).toBe(status);
  });

  it('may be one of as many as their bytes allow', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => `x${i}:`);
    expect(await statusWith(many)).toBe(200);
  });

  it('of a document of the service that is no media range asks for nothing', async () => {
    for (const open of ['/v1.0/', '/v1.0/$metadata', '/rollcall/openapi.json', '/healthz'])
      for (const accept of ['', 'json', '\xff', ';'])
        expect((await fetch(server.url + open, { headers: { accept } })).status, `${open} ${accept}`).toBe(
          200,
        );
  });
});

describe('headers in a batch', () => {
  const send = async (headers: unknown) => {
    const request = { id: '1', method: 'GET', url: path.replace('/v1.0', ''), headers };
    const response = await server.send('POST', '/v1.0/$batch', { requests: [request] });
    const { responses } = (await response.json()) as {
      responses?: readonly { status: number; body: { value: unknown[] } }[];
    };
    return responses?.[0] ?? { status: -response.status, body: { value: [] } };
  };

  it.each([
    [null],
    [{}],
    [
      {
        'Content-Length': 17,
        ConsistencyLevel: null,
        'X-Flag': true,
        'X-List': ['a', 1, null],
        'X-None': [],
      },
    ],
    [{ 'X-Half': 1.5, prefer: null, accept: [] }],
    [JSON.parse('{"__proto__":"x","constructor":1}')],
  ])('%j say nothing', async (headers) => {
    const { status, body } = await send(headers);
    expect([status, body.value.length]).toEqual([200, 3]);
  });

  it('are what they would be in a request alone', async () => {
    expect((await send({ Prefer: ['odata.maxpagesize=2', 'omit-values=nulls'] })).body.value).toHaveLength(2);
    expect((await send({ PREFER: 'odata.maxpagesize=2' })).body.value).toHaveLength(2);
    expect((await send({ accept: ['text/html'] })).status).toBe(406);
  });

  it.each([[[]], ['x'], [1], [{ a: {} }], [{ a: [['x']] }], [{ a: 'x\r\ny: z' }]])(
    '%j are refused with the batch',
    async (headers) => {
      expect((await send(headers)).status).toBe(-400);
    },
  );

  it('never lead to a defect', async () => {
    const members = fc.dictionary(
      fc.constantFrom(...Object.keys(read), ...unread),
      fc.oneof(value, fc.jsonValue({ maxDepth: 2 })),
    );
    await fc.assert(
      fc.asyncProperty(members, async (headers) => {
        expect([200, 304, 400, 406, 431, -400]).toContain((await send(headers)).status);
      }),
      runs,
    );
  });
});
