/** The HTTP client against servers that answer too much, too little, or not at all: each failure has its reason. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { generate } from 'selfsigned';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import {
  createHttpClient,
  fetchResponseOf,
  type HttpClient,
  type HttpClientOptions,
  HttpFailure,
  type HttpRequest,
} from '../../src/base/http-client.ts';

const limit = 1000;
const never = 600_000;
const opened: (HttpClient | Server | TcpServer)[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) {
    if ('closeAllConnections' in one) one.closeAllConnections();
    one.close();
  }
});

function clientOf(options: Partial<HttpClientOptions> = {}): HttpClient {
  const client = createHttpClient({
    clock: systemClock,
    timeoutMs: never,
    maxBodyBytes: limit,
    ...options,
  });
  opened.push(client);
  return client;
}

async function listen<T extends Server | TcpServer>(server: T): Promise<{ server: T; url: URL }> {
  opened.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/path?query`) };
}

const get = (url: URL, awaits: HttpRequest['awaits'] = 'body') =>
  ({ method: 'GET', url, headers: {}, awaits }) as const;

async function failureOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
    return 'answered';
  } catch (error) {
    if (error instanceof HttpFailure) return `${error.reason} ${error.code ?? '-'}`;
    throw error;
  }
}

describe('a body without an end', () => {
  const endless: RequestListener = (_request, response) => {
    const piece = Buffer.alloc(300, 'x');
    const write = () => {
      while (!response.destroyed && response.write(piece));
    };
    response.on('drain', write);
    write();
  };

  it.each([
    ['body', 'tooLarge'],
    ['start', limit],
    ['head', 0],
  ] as const)(
    'is read up to the limit by who awaits its %s, and its connection ends',
    async (awaits, read) => {
      const { server, url } = await listen(createServer(endless));
      const closed = new Promise<void>((resolve) => {
        server.once('connection', (socket) =>
          socket.on('error', () => undefined).once('close', () => resolve()),
        );
      });
      const answer = clientOf().send(get(url, awaits));
      if (read === 'tooLarge') expect(await failureOf(answer)).toBe('tooLarge -');
      else expect((await answer).body).toEqual(Buffer.alloc(read, 'x'));
      await closed;
    },
  );
});

describe('a response that is none', () => {
  it.each([
    ['headers without an end', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(20_000)}`, 'tooLarge HPE_HEADER_OVERFLOW'],
    ['something else than HTTP', 'SSH-2.0-OpenSSH_9.9\r\n', 'malformed -'],
    ['half a head', 'HTTP/1.1 200 OK\r\n', 'reset ECONNRESET'],
    ['half a body', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf', 'reset ECONNRESET'],
    ['gzip that is none', 'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\nplain', 'malformed Z_DATA_ERROR'],
  ])('%s', async (_what, text, failure) => {
    const { url } = await listen(
      createTcpServer((socket) => {
        socket.on('error', () => socket.destroy());
        socket.once('data', () => socket.end(text));
      }),
    );
    expect(await failureOf(clientOf().send(get(url)))).toBe(failure);
  });

  it('has a status that no library takes', () => {
    const answer = { status: 700, headers: {}, body: Buffer.alloc(0) };
    expect(() => fetchResponseOf(answer)).toThrow(HttpFailure);
  });
});

it('unpacks a whole body alone', async () => {
  const { url } = await listen(
    createServer((_request, response) =>
      response.writeHead(202, { 'content-encoding': 'gzip' }).end('plain'),
    ),
  );
  const client = clientOf();
  expect(await client.send(get(url, 'head'))).toMatchObject({ status: 202, body: Buffer.alloc(0) });
  expect((await client.send(get(url, 'start'))).body.toString()).toBe('plain');
});

describe('a server that is not reached', () => {
  it('refuses the connection', async () => {
    expect(await failureOf(clientOf().send(get(new URL('http://127.0.0.1:1/'))))).toBe(
      'unreachable ECONNREFUSED',
    );
  });

  it('has a name without an address', async () => {
    const client = clientOf({
      mayConnect: () => true,
      resolve: (_name, _options, callback) =>
        callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), []),
    });
    expect(await failureOf(client.send(get(new URL('http://nowhere.example/'))))).toBe('dns ENOTFOUND');
  });

  it('has a certificate that is not trusted, until Node trusts it', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }]);
    const { url } = await listen(
      createHttpsServer({ cert, key }, (_request, response) => response.end('ok')),
    );
    const secure = get(new URL(`https://localhost:${url.port}/`));
    expect(await failureOf(clientOf().send(secure))).toBe('tls DEPTH_ZERO_SELF_SIGNED_CERT');
    const trusted = getCACertificates();
    setDefaultCACertificates([...trusted, cert]);
    onTestFinished(() => setDefaultCACertificates(trusted));
    expect((await clientOf().send(secure)).body.toString()).toBe('ok');
  });
});

describe('a kept connection that ends with its next request', () => {
  async function closing() {
    let requests = 0;
    // The second request ends its connection; the third comes on another.
    const { url } = await listen(
      createServer((_request, response) => (++requests === 2 ? response.destroy() : response.end('ok'))),
    );
    return { url, requests: () => requests };
  }

  it('has the request repeated once where the client is told to', async () => {
    const { url, requests } = await closing();
    const client = clientOf({ repeatsOnStaleConnection: true });
    for (let i = 0; i < 2; i++) {
      expect((await client.send(get(url))).body.toString()).toBe('ok');
      await turn(); // a connection is free in the turn after
    }
    expect(requests()).toBe(3);
  });

  it('is a failure otherwise', async () => {
    const { url, requests } = await closing();
    const client = clientOf();
    await client.send(get(url));
    await turn();
    expect(await failureOf(client.send(get(url)))).toBe('reset ECONNRESET');
    expect(requests()).toBe(2);
  });

  it('is no reason to repeat a request on a new connection', async () => {
    let requests = 0;
    const { url } = await listen(
      createServer((_request, response) => {
        requests++;
        response.destroy();
      }),
    );
    expect(await failureOf(clientOf({ repeatsOnStaleConnection: true }).send(get(url)))).toBe(
      'reset ECONNRESET',
    );
    expect(requests).toBe(1);
  });
});
