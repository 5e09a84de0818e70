/** HTTP to upstream: how it ends when upstream does not play along, and that connections are used again. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { createMovableClock, systemClock } from '../../src/base/clock.ts';
import type { HttpClient } from '../../src/base/http-client.ts';
import { UpstreamFailure } from '../../src/collect/sync/failure.ts';
import { createUpstreamHttp } from '../../src/collect/sync/upstream-http.ts';

const never = new AbortController().signal;
let server: Server | undefined;
let connection: HttpClient | undefined;
afterEach(() => {
  connection?.close();
  server?.closeAllConnections();
  server?.close();
});

async function listen(listener: RequestListener): Promise<URL> {
  server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

const get = (url: URL) => ({ method: 'GET' as const, url, headers: {} });

async function reasonOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
    return 'answered';
  } catch (error) {
    if (error instanceof UpstreamFailure) return error.reason;
    throw error;
  }
}

it('waits two minutes for an answer, by its clock', async () => {
  const clock = createMovableClock(new Date(0));
  connection = createUpstreamHttp(clock, 2);
  const url = await listen(() => undefined);
  const answer = reasonOf(connection.send(get(url), never));
  await once(server!, 'request');
  clock.advance(119_999);
  expect(connection.underWay).toBe(1);
  clock.advance(1);
  expect(await answer).toBe('timedOut');
  expect(connection.underWay).toBe(0);
});

it('uses a connection again, also after the time of its first request has passed', async () => {
  const clock = createMovableClock(new Date(0));
  connection = createUpstreamHttp(clock, 1);
  let connections = 0;
  const url = await listen((_, response) => void response.end('text'));
  server!.on('connection', () => connections++);
  for (let i = 0; i < 5; i++) {
    expect((await connection.send(get(url), never)).body.toString()).toBe('text');
    clock.advance(150_000);
  }
  expect(connections).toBe(1);
});

it('unpacks what is packed, and takes no more than it can hold', async () => {
  connection = createUpstreamHttp(systemClock, 2);
  const url = await listen(({ url: path }, response) => {
    const text = path === '/long' ? Buffer.alloc(65 * 2 ** 20) : Buffer.from('text');
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(text));
  });
  expect((await connection.send(get(url), never)).body.toString()).toBe('text');
  expect(await reasonOf(connection.send(get(new URL('/long', url)), never))).toBe('notUnderstood');
});

it('follows no redirection: a token goes where it was sent and nowhere else', async () => {
  connection = createUpstreamHttp(systemClock, 2);
  const url = await listen((_, response) => void response.writeHead(302, { location: '/elsewhere' }).end());
  expect((await connection.send(get(url), never)).status).toBe(302);
});

it('tells a connection that broke from one that was never made', async () => {
  connection = createUpstreamHttp(systemClock, 2);
  const url = await listen((_, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('half');
    setImmediate(() => response.destroy());
  });
  expect(await reasonOf(connection.send(get(url), never))).toBe('cut');
  const closed = once(server!, 'close');
  server!.close();
  await closed;
  expect(await reasonOf(connection.send(get(url), never))).toBe('upstreamDown');
});

it('ends at once when it is told to', async () => {
  connection = createUpstreamHttp(systemClock, 2);
  const url = await listen(() => undefined);
  const stopped = new AbortController();
  const answer = connection.send(get(url), stopped.signal);
  await once(server!, 'request');
  stopped.abort(new Error('stopped'));
  await expect(answer).rejects.toThrow('stopped');
});
