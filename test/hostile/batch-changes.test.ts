/** Tests which batches a worker answers itself: its decision must match what the batch handler does. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fault } from '../../src/contract/faults.ts';
import { answerBatch, changesSomething } from '../../src/graph/batch.ts';
import { aRecord, participants } from '../support/records.ts';
import { startWorkersServer, type WorkersServer } from '../support/workers.ts';
import { often } from '../support/often.ts';

/** Methods that the batch handler is asked to answer. */
async function methodsAnswered(body: Buffer): Promise<readonly string[]> {
  const methods: string[] = [];
  const request = {
    method: 'POST',
    version: 'v1.0' as const,
    path: '$batch',
    query: '',
    headers: {},
    serviceRoot: 'http://x/v1.0',
  };
  try {
    // A copy: the handler reads it again, as that of a supervisor does.
    await answerBatch(request, Buffer.from(body), {
      answer(one) {
        methods.push(one.method);
        return Promise.reject(new Fault('recordMissing', ''));
      },
      intercept: undefined,
      ready: () => undefined,
      keep: () => undefined,
      challenge: '',
      clock: () => new Date(0),
      onDefect(error) {
        throw error;
      },
    });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
  return methods;
}

const method = fc.oneof(
  fc.constantFrom('GET', 'HEAD', 'get', 'POST', 'Delete', 'PATCH', 'G\\u0045T', '\\u0050OST', '', 'GET '),
  fc.string({ maxLength: 4 }).map((text) => JSON.stringify(text).slice(1, -1)),
);
const blank = fc.constantFrom('', ' ', '\n\t', '  \r\n');
const name = fc.constantFrom('method', 'm\\u0065thod', 'Method', 'url', 'id');
/** Members as text, some of them twice, some of them with a name that is written as an escape. */
const item = fc
  .tuple(fc.array(fc.tuple(name, method), { maxLength: 3 }), method, blank, fc.nat())
  .map(([more, last, space, id]) => {
    const members = [['id', String(id)], ['url', '/x'], ...more, ['method', last]];
    return `{${members.map(([key, value]) => `${space}"${key!}"${space}:${space}"${value!}"${space}`).join(',')}}`;
  });
const batch = fc
  .tuple(fc.array(item, { maxLength: 4 }), fc.boolean(), blank, fc.constantFrom('', '\ufeff', 'x'))
  .map(([items, twice, space, end]) => {
    const list = (of: readonly string[]) => `"requests"${space}:${space}[${of.join(`,${space}`)}]`;
    return `{${twice ? `${list(items.slice(1))},` : ''}${list(items)}}${end}`;
  });

/** How many requests a batch holds; undefined where it is not JSON. */
function readItems(text: string): number | undefined {
  try {
    return (JSON.parse(text) as { readonly requests: readonly unknown[] }).requests.length;
  } catch {
    return undefined;
  }
}

describe('a batch', () => {
  it('is left to the supervisor when the handler would change something, however it is written', async () => {
    await fc.assert(
      fc.asyncProperty(batch, async (text) => {
        const body = Buffer.from(text);
        const answered = await methodsAnswered(body);
        const changes = answered.some((one) => one !== 'GET' && one !== 'HEAD');
        if (changes) expect(changesSomething(body)).toBe(true);
        // A batch that the handler reads to its end without a change is the worker's own.
        const items = readItems(text);
        if (items !== undefined && answered.length === items && !changes)
          expect(changesSomething(body)).toBe(false);
      }),
      { numRuns: often(100, 500) },
    );
  });
});

describe('with workers', () => {
  let server: WorkersServer;
  beforeAll(async () => {
    server = await startWorkersServer();
    await server.import([aRecord('call', { participants_v2: participants(3) })]);
  }, 60_000);
  afterAll(() => server.stop());

  const item = { id: '1', method: 'GET', url: '/communications/callRecords/call' };
  async function forwarded(reason: string): Promise<number> {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    const found = new RegExp(`^rollcall_http_requests_forwarded_total\\{reason="${reason}"\\} (\\d+)$`, 'm');
    return Number(found.exec(text)?.[1] ?? 0);
  }
  async function post(path: string, body: string, authorization?: string): Promise<number> {
    const headers = {
      'content-type': 'application/json',
      authorization: authorization ?? `Bearer ${await server.token()}`,
    };
    return (await fetch(server.url + path, { method: 'POST', body, headers })).status;
  }

  it('an indented batch of reads is answered by a worker, one with a change by the supervisor', async () => {
    const reads = JSON.stringify({ requests: [item] }, null, 2);
    expect(await post('/v1.0/$batch', reads)).toBe(200);
    expect(await forwarded('batch')).toBe(0);
    const change = { id: '2', method: 'DELETE', url: '/subscriptions/none' };
    expect(await post('/v1.0/$batch', JSON.stringify({ requests: [item, change] }, null, 2))).toBe(200);
    expect(await forwarded('batch')).toBe(1);
  });

  it('a compressed body is read where it is answered: by a worker, or by the supervisor', async () => {
    const change = { id: '2', method: 'DELETE', url: '/subscriptions/none' };
    const send = async (path: string, body: unknown, chunked: boolean) => {
      const bytes = gzipSync(JSON.stringify(body));
      const response = await fetch(server.url + path, {
        method: 'POST',
        body: chunked ? ReadableStream.from([bytes.subarray(0, 9), bytes.subarray(9)]) : bytes,
        duplex: 'half',
        headers: {
          'content-type': 'application/json',
          'content-encoding': 'gzip',
          authorization: `Bearer ${await server.token()}`,
        },
      });
      return { status: response.status, text: await response.text() };
    };
    for (const chunked of [false, true]) {
      expect((await send('/v1.0/$batch', { requests: [item] }, chunked)).status).toBe(200);
      const changed = await send('/v1.0/$batch', { requests: [item, change] }, chunked);
      expect(changed).toMatchObject({ status: 200, text: /"id":"2","status":404/ });
      const made = await send('/v1.0/subscriptions', { changeType: 'deleted' }, chunked);
      expect(made).toMatchObject({ status: 400, text: /changeType/ });
    }
    const other = await fetch(`${server.url}/v1.0/subscriptions`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-encoding': 'br', authorization: `Bearer ${await server.token()}` },
    });
    expect([other.status, other.headers.get('accept-encoding')]).toEqual([415, 'gzip']);
  });

  it('forwards nothing of a client without a token to the supervisor', async () => {
    const before = await forwarded('change');
    for (const authorization of ['', 'Bearer x', 'Basic x'])
      for (const path of ['/v1.0/$batch', '/v1.0/subscriptions', '/beta/subscriptions/x'])
        expect(await post(path, '{}', authorization)).toBe(401);
    expect(await forwarded('change')).toBe(before);
    expect(await post('/v1.0/subscriptions', '{}')).toBe(400);
    expect(await forwarded('change')).toBe(before + 1);
  });
});
