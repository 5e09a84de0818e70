/** What goes wrong with workers, and what requests that are sent on keep of their client. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchange, parseAnswer, sendRaw } from '../support/raw-http.ts';
import { aRecord, participants } from '../support/records.ts';
import { rollcall, startHere } from '../support/rollcall.ts';
import { startWorkersServer, type WorkersServer } from '../support/workers.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'rollcall-failures-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const calls = '/v1.0/communications/callRecords';

const authority = ['--authority', 'http://127.0.0.1:9/'];

describe('--workers', () => {
  it.each([
    [['--workers', '1'], '1', false],
    [['--workers', '2'], '1', true],
    [[], '2', true],
  ])(
    'has no effect on dev, which says so when there would be several: %j and %j',
    async (args, variable, says) => {
      const place = ['--port', '0', '--store', 'memory:', '--no-generate'];
      const server = startHere(['dev', ...place, ...args], { environment: { ROLLCALL_WORKERS: variable } });
      await server.said(/listening on/);
      expect(await server.stop()).toBe(0);
      const note = 'dev is one process: --workers 2 has no effect. serve has workers.\n';
      expect(server.stderr().includes(note)).toBe(says);
    },
  );

  it.each(['0', '-1', '257', '1.5', 'two', ''])('refuses %j', async (value) => {
    const { code, stderr } = await rollcall(['serve', `--workers=${value}`]);
    expect([code, stderr]).toEqual([2, '--workers: a whole number from 1 to 256 is expected.\n']);
  });

  it.each([
    ['memory:', ['--workers', '2'], {}],
    ['sqlite::memory:', [], { ROLLCALL_WORKERS: '2' }],
  ])('refuses several for %s, asked by %j and %j', async (store, args, environment) => {
    const { code, stderr } = await rollcall(['serve', ...authority, '--store', store, ...args], {
      environment,
    });
    expect([code, stderr]).toEqual([
      2,
      `--workers: ${store} is there for one process alone. Leave --workers out, or name a store in a file.\n`,
    ]);
  });
});

/** Makes each worker end before it has begun, as one does that cannot load. */
const endsWorkers = `data:text/javascript,if(process.argv[1].endsWith('worker.ts'))process.exit(7)`;

describe('a server whose workers cannot start', () => {
  it('ends with 1 and says so, after five tries', async () => {
    const { code, stdout, stderr } = await rollcall(
      [
        'serve',
        ...authority,
        '--store',
        `sqlite:${join(folder, 'store.db')}`,
        '--port',
        '0',
        '--workers',
        '2',
      ],
      { environment: { NODE_OPTIONS: `--import "${endsWorkers}"` } },
    );
    const lines = stderr.trim().split('\n');
    expect([code, stdout, lines.at(-1)]).toEqual([1, '', 'No worker can start.']);
    expect(
      lines.filter((line) => /^\S+Z warn  Worker \d+ ended with code 7\.$/.test(line)).length,
    ).toBeGreaterThanOrEqual(5);
  });
});

/** Whatever its parent is by then. One that has ended may stay as an entry until somebody waits for it. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false; // there is no such process
  }
  return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, { encoding: 'utf8' }));
}

/** One server with two workers for all of these, in their order: at last it is killed. */
describe('a server with workers', () => {
  const corsOrigins = ['https://app.example'];
  let server: WorkersServer;
  beforeAll(
    async () => (server = await startWorkersServer({ args: ['--trust-proxy', '10.0.0.1'], corsOrigins })),
  );
  afterAll(() => server.stop());

  /** @returns the host of the answers to a batch, which the supervisor gives */
  async function hostFor(server: WorkersServer, headers: Record<string, string>): Promise<string> {
    const item = (id: string, method: string, url: string) => ({ id, method, url });
    const requests = [
      item('1', 'GET', '/communications/callRecords'),
      item('2', 'DELETE', '/subscriptions/none'),
    ];
    const answer = await server.send('POST', '/v1.0/$batch', { requests }, headers);
    const { responses } = (await answer.json()) as {
      responses: readonly { id: string; body: Record<string, string> }[];
    };
    const { body } = responses.find(({ id }) => id === '1')!;
    return new URL(body['@odata.context']!).host;
  }

  it('keeps the address of a client when it sends its request on, which nobody else can claim', async () => {
    const forwarded = { 'x-forwarded-host': 'graph.example' };
    const spoofed = { ...forwarded, 'rollcall-client-address': '10.0.0.1' };
    await using trusting = await startWorkersServer({ args: ['--trust-proxy', '127.0.0.1'] });
    const own = new URL(server.url).host;
    expect([
      await hostFor(trusting, forwarded),
      await hostFor(server, forwarded),
      await hostFor(server, spoofed),
    ]).toEqual(['graph.example', own, own]);
  });

  it('answers a request that is sent on as one process does, malformed ones too', async () => {
    await using one = await startWorkersServer({ workers: 1, corsOrigins });
    const two = server;
    for (const each of [one, two]) await each.import([aRecord('call', { participants_v2: participants(3) })]);
    const path = '/rollcall/sign-out';
    const large = 2 ** 20 + 1;
    const requests = [
      `POST ${path} HTTP/1.1\r\nHost: a\r\nHost: b\r\n`,
      `POST ${path} HTTP/1.1\r\nHost: a:99999\r\n`,
      `POST http://graph.example${path} HTTP/1.1\r\nHost: a\r\n`,
      `GET http://graph.example/v1.0/$metadata HTTP/1.1\r\nHost: a\r\n`,
      `PUT ${calls}/call HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n`,
      `DELETE /v1.0/$batch HTTP/1.1\r\nHost: a\r\n`,
      `POST /v1.0/$batch HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n`,
      `POST /v1.0/subscriptions HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n`,
      `POST /v1.0/subscriptions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${large}\r\n`,
      `PATCH ${path}?x=%zz HTTP/1.1\r\nHost: a\r\nX-Latin: caf\xe9\r\n`,
      `OPTIONS /v1.0 HTTP/1.1\r\nHost: a\r\n`,
      `OPTIONS ${calls}/call HTTP/1.1\r\nHost: a\r\nOrigin: ${corsOrigins[0]}\r\nAccess-Control-Request-Method: GET\r\n`,
      `TRACE / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\n`,
      `HEAD /metrics HTTP/1.1\r\nHost: a\r\n`,
      `POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n`,
      `POST /${'x'.repeat(9000)} HTTP/1.1\r\nHost: a\r\n`,
      `POST / HTTP/1.1\r\nHost: a\r\nX-Large: ${'x'.repeat(32_000)}\r\n`,
    ];
    const bodyOf = (head: string) => {
      if (head.includes('chunked')) return '2\r\n{}\r\n0\r\n\r\n';
      return head.includes('Length: 2\r') ? '{}' : head.includes(`Length: ${large}`) ? ' '.repeat(large) : '';
    };
    // Both with a token and without.
    for (const [head, isKnown] of requests.flatMap((text) => [
      [text, true] as const,
      [text, false] as const,
    ])) {
      const ask = async (each: WorkersServer) => {
        const token = isKnown ? `Authorization: Bearer ${await each.token()}\r\n` : '';
        const text = `${head}${token}Connection: close\r\n\r\n${bodyOf(head)}`;
        return comparable(await sendRaw(each.url, Buffer.from(text, 'latin1')));
      };
      expect(await ask(two), `${head.slice(0, 80)} ${isKnown}`).toEqual(await ask(one));
    }
  });

  it('passes the connections that a worker had not taken to another when it dies, with what the client has sent', async () => {
    const [first] = server.workers();
    process.kill(first!, 'SIGSTOP');
    // One of two connections is handed to the worker that does nothing any more.
    const authorization = ['Authorization', `Bearer ${await server.token()}`] as const;
    const answers = [1, 2].map(() => exchange(server.url, 'GET', `${calls}/none`, [authorization]));
    await Promise.race(answers);
    process.kill(first!, 'SIGKILL');
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([404, 404]);
  });

  it('keeps what a worker counted that dies in /metrics, which sums over all workers', async () => {
    const counted = async () => {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      const of = /^rollcall_http_request_duration_seconds_count\{route="\/healthz",status="200"\} (\d+)$/gm;
      return [...text.matchAll(of)].map(([, count]) => Number(count));
    };
    const ask = () => Promise.all(Array.from({ length: 10 }, () => exchange(server.url, 'GET', '/healthz')));
    await ask();
    const seen = [await counted()];
    process.kill(server.workers()[0]!, 'SIGKILL');
    await server.logged(/ended by SIGKILL[^]*ended by SIGKILL/);
    await ask();
    expect([...seen, await counted()]).toEqual([[10], [20]]);
  });

  it('ends its workers with itself when it is killed', async () => {
    await expect.poll(() => server.workers().map(isAlive), { timeout: 30_000 }).toEqual([true, true]);
    const workers = server.workers();
    const exited = once(server.child, 'exit');
    server.child.kill('SIGKILL');
    await exited;
    await expect.poll(() => workers.some(isAlive), { timeout: 30_000 }).toBe(false);
  });
});

/** An answer without what differs from one to the next. */
function comparable(text: string) {
  const { status, headers, body } = parseAnswer(text.replace('HTTP/1.1 100 Continue\r\n\r\n', ''));
  const own = ['date', 'request-id', 'client-request-id', 'content-length'];
  return {
    status,
    headers: Object.entries(headers).filter(([name]) => !own.includes(name.toLowerCase())),
    body: body
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'GUID')
      .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\dZ?/g, 'TIME'),
  };
}
