/** Tests that a server stops at a signal regardless of its clients and workers, and keeps nothing of disconnected clients. */
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createNetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createSelfSignedCertificate } from '../../src/serve/auth/certificate.ts';
import { complaintsIn } from '../support/log.ts';
import { hostileKinds, openHostile } from '../support/endless-bodies.ts';
import { type RunningProcess, startProcess, stop } from '../support/process.ts';
import { childrenOf } from '../support/workers.ts';
import { isSoak } from '../support/often.ts';

/** What is promised, in seconds (docs/operating.md). */
const promised = 20;
const tenant = '11111111-1111-4111-8111-111111111112';

const folder = mkdtempSync(join(tmpdir(), 'stopping-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let stores = 0;
const aStore = () => ['--store', `sqlite:${join(folder, `${stores++}.db`)}`];

const devArgs = (...more: string[]) => [
  'dev',
  ...aStore(),
  '--port',
  '0',
  '--json',
  '--no-generate',
  '--quiet',
  ...more,
];
const serveArgs = (...more: string[]) => [
  ...['serve', ...aStore(), '--port', '0', '--json', '--authority', `http://127.0.0.1:9/${tenant}/v2.0`],
  ...more,
];

const certificate = await createSelfSignedCertificate(['127.0.0.1'], new Date());
const tlsArgs = (['cert', 'key'] as const).flatMap((part) => {
  const path = join(folder, `${part}.pem`);
  writeFileSync(path, certificate[part]);
  return [`--tls-${part}`, path];
});

async function urlOf(server: RunningProcess): Promise<string> {
  const [, url] = await server.said(/"listening":"([^"]+)"/);
  return url!; // the pattern has it
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Descriptors that a process and its workers hold. */
function descriptorsOf(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, one) => sum + readdirSync(`/proc/${one}/fd`).length, 0);
}

/** Expects a server to end at SIGTERM as promised, and to complain of nothing. */
async function endsBeside(server: RunningProcess, hostile: ReturnType<typeof openHostile>): Promise<void> {
  await pause(500); // until it has read what they sent
  const { seconds, ...end } = await stop(server);
  hostile.close();
  expect(end).toEqual({ code: 0, signal: null });
  expect(seconds).toBeLessThan(promised);
  expect(complaintsIn(server.stderr())).toEqual([]);
}

describe.concurrent('SIGTERM', { timeout: 120_000 }, () => {
  it.each<readonly [string, string, string[]]>([
    // `dev` reads bodies of any client; `serve` rejects them before.
    ['dev', '499', devArgs()],
    ['serve with workers', '401', serveArgs('--workers', '2')],
  ])(
    'ends %s while hostile clients are connected, and those that left leave no descriptor, log line or 500 behind',
    async (_name, status, args) => {
      await using server = startProcess(args);
      const url = await urlOf(server);
      await (await fetch(`${url}/metrics`)).text();
      const before = descriptorsOf(server.child.pid!);
      const left = openHostile(url, { count: 5 });
      await pause(1000);
      left.close();
      // `fetch` above and below keeps a separate connection.
      while (descriptorsOf(server.child.pid!) > before) await pause(100);
      const metrics = await (await fetch(`${url}/metrics`)).text();
      expect([...metrics.matchAll(/status="5\d\d"/g)]).toEqual([]);
      expect(metrics).toMatch(
        new RegExp(`rollcall_http_request_duration_seconds_count\\{[^}]*status="${status}"\\} [1-9]`),
      );
      expect(Object.keys(left.counts).sort()).toEqual([...hostileKinds].sort());
      await endsBeside(server, openHostile(url, { count: 2 }));
    },
  );

  it.each([1, 2])(
    'ends serve over TLS with --workers %i while hostile clients are connected',
    async (workers) => {
      await using server = startProcess(serveArgs('--workers', String(workers), ...tlsArgs));
      await endsBeside(server, openHostile(await urlOf(server), { count: 4 }));
    },
  );

  it('ends sync while its listener and its port for health have such clients', async () => {
    const never = createNetServer().listen(0, '127.0.0.1'); // upstream takes requests and answers none
    await once(never, 'listening');
    const port = (of: ReturnType<typeof createNetServer>) => (of.address() as AddressInfo).port;
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const own = port(probe);
    probe.close();
    await using server = startProcess([
      ...['sync', ...aStore(), '--upstream', `http://127.0.0.1:${port(never)}`, '--tenant', tenant],
      ...['--port', String(own), '--notification-url', `http://127.0.0.1:${own}/`, '--health-port', '0'],
    ]);
    const [health] = await server.said(/http:\/\/127\.0\.0\.1:\d+/);
    await pause(500);
    const hostile = [health, `http://127.0.0.1:${own}`].map((url) => openHostile(url, { count: 4 }));
    await pause(500);
    const { seconds, ...end } = await stop(server);
    for (const one of hostile) one.close();
    never.close();
    expect(end).toEqual({ code: 0, signal: null });
    expect(seconds).toBeLessThan(promised);
  });

  it('ends a server of which one worker is stopped and the other never returns to its event loop', async () => {
    // It waits, as a loop without an end would, but without the processor.
    const turning = `data:text/javascript,if(process.argv[1].endsWith('worker.ts'))process.on('SIGUSR2',()=>Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0))`;
    const environment = { NODE_OPTIONS: `--import "${turning}"` };
    await using server = startProcess(serveArgs('--workers', '2'), { environment });
    const url = await urlOf(server);
    const [first, second] = childrenOf(server.child.pid!);
    process.kill(first!, 'SIGSTOP');
    process.kill(second!, 'SIGUSR2');
    // Connections that no worker takes.
    const hostile = openHostile(url, { count: 2, kinds: ['silent', 'stalledUpload'] });
    await pause(500);
    const { seconds, ...end } = await stop(server);
    hostile.close();
    expect(end).toEqual({ code: 0, signal: null });
    expect(seconds).toBeLessThan(promised);
    for (const pid of [first!, second!]) expect(existsSync(`/proc/${pid}/fd/0`)).toBe(false);
  });

  it('ends a server that listens and whose workers never become ready', async () => {
    const never = `data:text/javascript,if(process.argv[1].endsWith('worker.ts'))await new Promise(()=>setInterval(()=>{},1e6))`;
    const own = createNetServer().listen(0, '127.0.0.1');
    await once(own, 'listening');
    const { port } = own.address() as AddressInfo;
    own.close();
    const args = serveArgs('--workers', '2').map((arg, i, all) =>
      all[i - 1] === '--port' ? String(port) : arg,
    );
    await using server = startProcess(args, { environment: { NODE_OPTIONS: `--import "${never}"` } });
    const hostile = await connected(() =>
      openHostile(`http://127.0.0.1:${port}`, { count: 3, kinds: ['silent'] }),
    );
    const { seconds, ...end } = await stop(server);
    hostile.close();
    expect(end).toEqual({ code: 0, signal: null });
    expect(seconds).toBeLessThan(promised);
  });

  it.each(isSoak ? (['SIGTERM', 'SIGINT'] as const) : (['SIGTERM'] as const))(
    'twice (%s, SIGTERM) ends it at once, its workers and its folder too',
    async (first) => {
      const temporary = mkdtempSync(join(folder, 'tmp-'));
      await using server = startProcess(serveArgs('--workers', '2'), {
        environment: { TMPDIR: temporary },
      });
      const url = await urlOf(server);
      const workers = childrenOf(server.child.pid!);
      const hostile = openHostile(url, { count: 2, kinds: ['stalledUpload', 'endlessChunks'] });
      await pause(500);
      process.kill(workers[0]!, 'SIGSTOP');
      server.child.kill(first);
      await pause(500);
      expect(server.child.exitCode).toBeNull();
      const { seconds, ...end } = await stop(server, 'SIGTERM');
      hostile.close();
      expect(end).toEqual({ code: 143, signal: null });
      expect(seconds).toBeLessThan(5);
      expect(readdirSync(temporary).filter((name) => name.startsWith('rollcall-'))).toEqual([]);
      while (workers.some(isAlive)) await pause(20);
    },
  );
});

/** Tries until the server listens. */
async function connected(
  open: () => ReturnType<typeof openHostile>,
): Promise<ReturnType<typeof openHostile>> {
  for (;;) {
    const tried = open();
    await pause(300);
    if (tried.open() > 0) return tried;
  }
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false; // it is gone
  }
}
