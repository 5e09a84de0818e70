import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aParticipant, aRecord, participants } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.import([
    JSON.stringify(aRecord('call', { participants_v2: participants(200) })).replace(
      '"version":1',
      '"version":9007199254740993',
    ),
    aRecord('small', { participants_v2: participants(2) }),
    aRecord('odd', { participants_v2: oddKeys.map((id) => aParticipant(id)) }),
    aRecord('future', {
      participants_v2: [aParticipant('a', { identity: { endpointType: 'hologram', user: { id: 'a' } } })],
    }),
    `{"id":"raw","version":1,"participants_v2":[{"id":"r","x":1.50,"big":12345678901234567890,"esc":"\\u00e9\\/","identity":{"future":{"id":"f"}}}]}`,
  ]);
});
afterAll(() => server.stop());

const oddKeys = ['+5564981205182', '8:acs:11-22_33', "a/b%c 'd'", 'ünï😀', '..', '$count', 'x)(y'];
/** Keys that a URL cannot hold as a segment: clients resolve dots away, `$count` is not a key. */
const notSegments = ['..', '$count', 'x)(y'];
const path = (id: string) => `/v1.0/communications/callRecords/${id}/participants_v2`;
const json = async (response: Response) => (await response.json()) as Record<string, unknown>;

describe('the answer', () => {
  it("has Graph's headers", async () => {
    const response = await server.get(path('small'), { 'client-request-id': 'my-own-id' });
    const { headers } = response;
    expect(response.status).toBe(200);
    expect(headers.get('content-type')).toBe(
      'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
    );
    expect(headers.get('client-request-id')).toBe('my-own-id');
    expect(headers.get('request-id')).toMatch(/^[0-9a-f]{8}-/);
    expect(headers.get('odata-version')).toBe('4.0');
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(headers.get('vary')).toContain('Accept-Encoding');
    expect(JSON.parse(headers.get('x-ms-ags-diagnostic')!)).toHaveProperty('ServerInfo.DataCenter');
  });

  it('is the same through the cache of answers as without', async () => {
    const bodies = [];
    for (let i = 0; i < 4; i++) bodies.push(await (await server.get(path('call'))).text());
    expect(new Set(bodies).size).toBe(1);
  });

  it('changes with its ETag when the call changes, and is 304 while it does not', async () => {
    await server.import([aRecord('tagged', { participants_v2: participants(1) })]);
    const first = await server.get(path('tagged'));
    const etag = first.headers.get('etag')!;
    for (let i = 0; i < 3; i++) {
      const again = await server.get(path('tagged'), { 'if-none-match': `"other", ${etag}` });
      expect([again.status, await again.text()]).toEqual([304, '']);
    }
    expect(
      (await server.get(path('tagged'), { 'if-none-match': etag, prefer: 'omit-values=nulls' })).status,
    ).toBe(200);
    await server.import([aRecord('tagged', { version: 2, participants_v2: participants(2) })]);
    const later = await server.get(path('tagged'), { 'if-none-match': etag });
    expect([later.status, ((await json(later))['value'] as unknown[]).length]).toEqual([200, 2]);
  });

  it('to HEAD has the headers of GET and no body', async () => {
    const authorization = `Bearer ${await server.token()}`;
    const headers = { authorization, 'accept-encoding': 'identity' };
    const get = await fetch(server.url + path('small'), { headers });
    const head = await fetch(server.url + path('small'), { headers, method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
      200,
      String((await get.arrayBuffer()).byteLength),
      '',
    ]);
  });

  it.each([
    ['a full page', path('call'), {}],
    ['a part of a page', path('call'), { prefer: 'odata.maxpagesize=50' }],
    ['a small call', path('small'), {}],
    ['a selection', `${path('call')}?$select=id`, {}],
    ['no nulls', path('call'), { prefer: 'omit-values=nulls' }],
  ])('of %s is the same in gzip as plain', async (_name, url, headers) => {
    const plain = await server.get(url, { ...headers, 'accept-encoding': 'identity' });
    const packed = await server.get(url, { ...headers, 'accept-encoding': 'gzip' });
    const text = await plain.text();
    expect(await packed.text()).toBe(text);
    expect(packed.headers.get('content-encoding')).toBe(text.length > 1024 ? 'gzip' : null);
    expect(plain.headers.get('content-encoding')).toBe(null);
  });
});

describe('preferences', () => {
  it('are named when they were applied, and only then', async () => {
    const applied = async (prefer: string) =>
      (await server.get(path('small'), { prefer })).headers.get('preference-applied');
    expect(
      await applied(
        'odata.maxpagesize=999, OMIT-VALUES="nulls";x=1, respond-async, include-unknown-enum-members',
      ),
    ).toBe('odata.maxpagesize=130, include-unknown-enum-members, omit-values=nulls');
    expect(await applied('odata.maxpagesize=zero, omit-values=defaults, ,=, nonsense')).toBe(null);
  });

  it('of two headers count as of one', async () => {
    const response = await fetch(server.url + path('small'), {
      headers: [
        ['authorization', `Bearer ${await server.token()}`],
        ['prefer', 'maxpagesize=1'],
        ['prefer', 'omit-values=nulls'],
      ],
    });
    expect(response.headers.get('preference-applied')).toBe('odata.maxpagesize=1, omit-values=nulls');
  });

  it('decide whether an enum value beyond the sentinel is seen', async () => {
    const endpointType = async (prefer: string) => {
      const { value } = (await json(await server.get(path('future'), { prefer }))) as {
        value: { identity: { endpointType: string } }[];
      };
      return value[0]!.identity.endpointType;
    };
    expect([await endpointType('x'), await endpointType('include-unknown-enum-members')]).toEqual([
      'unknownFutureValue',
      'hologram',
    ]);
  });
});

describe('Accept', () => {
  it.each([
    ['application/json;odata.metadata=none', 'none'],
    ['application/json;odata.metadata=full', 'full'],
    ['application/json;metadata=minimal', 'minimal'],
    ['text/html, application/json;q=0.5', 'minimal'],
    ['*/*', 'minimal'],
  ])('%s gives metadata %s', async (accept, metadata) => {
    const response = await server.get(path('small'), { accept });
    expect(response.headers.get('content-type')).toContain(`odata.metadata=${metadata};`);
    const body = await json(response);
    expect('@odata.context' in body).toBe(metadata !== 'none');
    const [first] = body['value'] as Record<string, unknown>[];
    expect(first!['@odata.type']).toBe(
      metadata === 'full' ? '#microsoft.graph.callRecords.participant' : undefined,
    );
    expect(JSON.stringify(first).includes('#microsoft.graph.userIdentity')).toBe(metadata !== 'none');
  });

  it.each(['text/html', 'application/json;odata.metadata=some', 'application/json;q=0', 'image/*'])(
    '%s is 406',
    async (accept) => {
      expect((await server.get(path('small'), { accept })).status).toBe(406);
    },
  );

  it('IEEE754Compatible gives 64-bit integers as strings, digit by digit', async () => {
    const url = '/v1.0/communications/callRecords/call?$select=version';
    const text = async (accept: string) => (await server.get(url, { accept })).text();
    expect(await text('application/json;odata.metadata=none')).toBe('{"version":9007199254740993}');
    expect(await text('application/json;odata.metadata=none;IEEE754Compatible=true')).toBe(
      '{"version":"9007199254740993"}',
    );
  });
});

describe('keys and names', () => {
  it.each(oddKeys)('finds the participant %s by both key syntaxes', async (key) => {
    const forms = [`/${encodeURIComponent(key)}`, `('${encodeURIComponent(key.replaceAll("'", "''"))}')`];
    for (const form of notSegments.includes(key) ? forms.slice(1) : forms) {
      for (const call of ['callRecords/odd', "callRecords('odd')", "callRecords(id='odd')"]) {
        const response = await server.get(`/beta/communications/${call}/participants_v2${form}`);
        expect([form, response.status, (await json(response))['id']]).toEqual([form, 200, key]);
      }
    }
  });

  it('serves what the model does not know as it was received', async () => {
    const text = await (
      await server.get(path('raw'), { accept: 'application/json;odata.metadata=none' })
    ).text();
    expect(text).toBe(
      '{"value":[{"id":"r","identity":{"future":{"id":"f"}},"x":1.50,"big":12345678901234567890,"esc":"\\u00e9\\/"}]}',
    );
  });

  it.each([
    ['id', ['id'], '(id)'],
    ['identity,id', ['id', 'identity'], '(identity,id)'],
    [' id , id ', ['id'], '(id)'],
    ['*', ['id', 'identity', 'administrativeUnitInfos'], ''],
    ['administrativeUnitInfos', ['administrativeUnitInfos'], '(administrativeUnitInfos)'],
  ])('selects %s', async (select, members, context) => {
    const body = await json(await server.get(`${path('small')}?$select=${encodeURIComponent(select)}`));
    expect(Object.keys((body['value'] as object[])[0]!)).toEqual(members);
    expect(body['@odata.context']).toBe(
      `${server.url}/v1.0/$metadata#communications/callRecords('small')/participants_v2${context}`,
    );
  });

  it('reads system query options whatever their case, and without $', async () => {
    const members = async (url: string) =>
      Object.keys(((await json(await server.get(url)))['value'] as object[])[0]!).length;
    expect(await members(`${path('small')}?%24SELECT=id`)).toBe(1);
    expect(await members(`${path('small')}?select=id`)).toBe(1);
    expect(await members(`${path('small').replace('v1.0', 'beta')}?select=id`)).toBe(1);
  });
});

describe('$metadata', () => {
  it('needs no token, and is XML or JSON', async () => {
    const xml = await fetch(`${server.url}/v1.0/$metadata`);
    expect([xml.status, xml.headers.get('content-type')]).toEqual([200, 'application/xml;charset=utf-8']);
    expect(await xml.text()).toContain(
      '<EntityType Name="participant" BaseType="microsoft.graph.callRecords.participantBase" />',
    );
    const formatted = await fetch(`${server.url}/beta/$metadata?$format=json`);
    expect(await formatted.json()).toHaveProperty([
      'microsoft.graph.callRecords',
      'participant',
      '$BaseType',
    ]);
    const accepted = await fetch(`${server.url}/v1.0/$metadata`, { headers: { accept: 'application/json' } });
    expect(accepted.headers.get('content-type')).toBe('application/json;charset=utf-8');
  });
});

describe('what is not offered', () => {
  it.each([
    ['GET', `${path('small')}?$top=1`, 400, "The query option '$top' is not supported by this resource."],
    ['GET', `${path('small')}?$foo=1`, 400, "The query option '$foo' is not a system query option."],
    ['GET', `${path('small')}?$select=id&$select=id`, 400, "The query option '$select' is given twice."],
    [
      'GET',
      `${path('small')}?$select=nope`,
      400,
      "Parsing OData Select and Expand failed: Could not find a property named 'nope' on type 'microsoft.graph.callRecords.participant'.",
    ],
    [
      'GET',
      `${path('small')}?$skiptoken=AAAA`,
      400,
      'The skip token is not valid for this collection. Request the first page again.',
    ],
    ['GET', '/v1.0/communications/calls', 400, "Resource not found for the segment 'calls'."],
    ['GET', `${path('small')}/$value`, 400, "Resource not found for the segment '$value'."],
    [
      'GET',
      '/v1.0/communications/callRecords/small/version',
      400,
      "Resource not found for the segment 'version'.",
    ],
    ['GET', path('unknown'), 404, ''],
    ['GET', `${path('small')}/unknown`, 404, 'No participant of this call has this key.'],
    ['DELETE', path('small'), 405, 'Specified HTTP method is not allowed for the request target.'],
    ['GET', '/v1.0/%zz', 400, 'The percent-encoding in the path is broken.'],
    ['GET', '/elsewhere', 404, 'Not found. The API is served under /v1.0 and /beta.'],
  ])('%s %s is %i', async (method, url, status, message) => {
    const response = await fetch(server.url + url, {
      method,
      headers: { authorization: `Bearer ${await server.token()}` },
    });
    const { error } = (await response.json()) as {
      error: { message: string; innerError: Record<string, string> };
    };
    expect([response.status, error.message]).toEqual([status, message]);
    expect(error.innerError).toEqual({
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/) as string,
      'request-id': response.headers.get('request-id'),
      'client-request-id': response.headers.get('client-request-id'),
    });
    expect(response.headers.get('allow')).toBe(status === 405 ? 'GET, HEAD' : null);
  });
});
