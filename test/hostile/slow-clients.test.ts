/** Tests that time limits are accurate to the second, with and without workers, and that disconnects are not errors. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { drain } from '../../src/serve/http/drain.ts';
import { WorkerPool } from '../../src/serve/workers/pool.ts';
import { largeBytes, limitedServer } from '../support/limited-worker.ts';

const limits = { headersMs: 1500, requestMs: 2500, idleMs: 1000, stalledMs: 3000, connections: 20 };
/** A machine under load is late; a limit that did not hold would be later still. */
const lateMs = 10_000;

const folder = mkdtempSync(join(tmpdir(), 'rollcall-slow-'));
const worker = new URL('../support/limited-worker.ts', import.meta.url);
const answered: number[] = [];
const alone = limitedServer(limits, (_route, status) => answered.push(status));
const pool = new WorkerPool({
  count: 2,
  fork: () => fork(worker, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }),
  clock: systemClock,
  log: () => undefined,
});
const ports: Record<string, number> = {};
beforeAll(async () => {
  alone.server.listen(0, '127.0.0.1');
  await once(alone.server, 'listening');
  ports['one process'] = (alone.server.address() as AddressInfo).port;
  ports['two workers'] = await pool.listen('127.0.0.1', 0);
  await pool.start({ privatePath: join(folder, 'supervisor.sock'), configuration: limits });
}, 60_000);
afterAll(async () => {
  await pool.stop();
  await drain(alone.server, alone.connections, 0);
  rmSync(folder, { recursive: true });
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Client {
  /** The first status that was answered. */
  readonly status: number | undefined;
  readonly afterMs: number;
}

/** @param drip Sent again and again. */
async function client(port: number, first: string, drip = ''): Promise<Client> {
  const socket = connect({ port, host: '127.0.0.1' });
  const begunMs = performance.now();
  let text = '';
  socket.on('data', (piece: Buffer) => (text += piece.toString('latin1').slice(0, 100)));
  socket.on('error', () => undefined);
  if (first !== '') socket.write(first);
  const timer = setInterval(() => drip !== '' && socket.writable && socket.write(drip), 100);
  await once(socket, 'close');
  clearInterval(timer);
  const [, status] = /^HTTP\/1\.1 (\d+)/.exec(text) ?? [];
  return { status: status === undefined ? undefined : Number(status), afterMs: performance.now() - begunMs };
}

const post = 'POST / HTTP/1.1\r\nHost: x\r\n';

// At once: most of it waits for time limits.
describe.concurrent.each(['one process', 'two workers'])('with %s', (name) => {
  it.each([
    ['that say nothing', '', '', 408, limits.headersMs],
    ['that stop in their headers', 'GET / HTTP/1.1\r\nHost: x\r\nX-', '', 408, limits.headersMs],
    ['whose headers drip', 'GET / HTTP/1.1\r\nHost: x\r\nX-', 'x', 408, limits.headersMs],
    ['that stop in a body', `${post}Content-Length: 100\r\n\r\n{`, '', 408, limits.requestMs],
    ['whose body drips', `${post}Content-Length: 900\r\n\r\n{`, ' ', 408, limits.requestMs],
    ['whose chunks drip', `${post}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n \r\n', 408, limits.requestMs],
    ['that ask for nothing more', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', '', 200, limits.idleMs],
  ])('clients %s are left in time', { timeout: 60_000 }, async (_what, first, drip, status, limitMs) => {
    const ended = await client(ports[name]!, first, drip);
    expect(ended.status).toBe(status);
    // A request is counted from its first byte, which is sent a moment after the connection is begun.
    expect(ended.afterMs).toBeGreaterThan(limitMs - 100);
    expect(ended.afterMs).toBeLessThan(limitMs + lateMs);
  });

  it('clients that do not read their answer are left', { timeout: 60_000 }, async () => {
    const socket = connect({ port: ports[name]!, host: '127.0.0.1' }).pause();
    socket.write('GET /large HTTP/1.1\r\nHost: x\r\n\r\n');
    // Node looks twice before it takes a connection for one that stands still.
    await pause(2 * limits.stalledMs + 2500);
    // It gets what was on its way, and then the end.
    let bytes = 0;
    socket.on('data', (piece: Buffer) => (bytes += piece.length)).on('error', () => undefined);
    socket.resume();
    await once(socket, 'close');
    expect(bytes).toBeLessThan(largeBytes);
  });

  it('a body that is too long is refused before it is sent, and its client has the answer', async () => {
    const [declared, chunked] = await Promise.all([
      client(ports[name]!, `${post}Content-Length: 100000\r\n\r\n`),
      client(ports[name]!, `${post}Transfer-Encoding: chunked\r\n\r\n`, `400\r\n${'x'.repeat(1024)}\r\n`),
    ]);
    expect([declared.status, chunked.status]).toEqual([413, 413]);
  });
});

it('connections beyond those of a process are closed', async () => {
  const open = Array.from({ length: 30 }, () => connect({ port: ports['one process']!, host: '127.0.0.1' }));
  for (const socket of open) socket.on('error', () => undefined).resume();
  const closed = () => open.filter((socket) => socket.closed).length;
  while (closed() < 10) await pause(20);
  expect(alone.connections.size).toBeLessThanOrEqual(limits.connections);
  for (const socket of open) socket.destroy();
});

it('a client that goes away in the middle of its body is counted as 499, one that is too slow as 408', async () => {
  while (alone.connections.size > 0) await pause(20);
  answered.length = 0;
  const socket = connect({ port: ports['one process']!, host: '127.0.0.1' });
  socket.write(`${post}Content-Length: 100\r\n\r\n{`);
  await once(socket, 'connect');
  setTimeout(() => socket.resetAndDestroy(), 300);
  await client(ports['one process']!, `${post}Content-Length: 100\r\n\r\n{`);
  while (answered.length < 2) await pause(20);
  expect(answered).toEqual([499, 408]);
});
