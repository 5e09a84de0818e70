/**
 * The load generator, a separate process: keep-alive connections with one request in flight on each, and a minimal
 * response parser. Reads jobs as JSON lines on standard input and answers each with a line.
 */
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

export interface LoadJob {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** Request targets, used in order from a random start. */
  readonly targets: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** Sent with POST when present. */
  readonly body?: string | undefined;
}

export interface LoadResult {
  readonly requests: number;
  readonly bytes: number;
  readonly perSecond: number;
  /** The fraction of its core that the generator used. */
  readonly clientBusy: number;
  readonly failed: number;
  /** The 99th percentile of response times in milliseconds. */
  readonly p99Ms: number;
}

const lengthMark = Buffer.from('Content-Length: ');
const headEnd = Buffer.from('\r\n\r\n');

async function run({ port, connections, seconds, targets, headers, body }: LoadJob): Promise<LoadResult> {
  const content =
    body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': String(body.length) };
  const head = Object.entries({ Host: `127.0.0.1:${port}`, ...headers, ...content }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const requests = targets.map((target) =>
    Buffer.from(
      `${body === undefined ? 'GET' : 'POST'} ${target} HTTP/1.1\r\n${head.join('')}\r\n${body ?? ''}`,
    ),
  );
  let count = 0;
  let bytes = 0;
  let failed = 0;
  const latencies: number[] = [];
  let next = Math.floor(Math.random() * requests.length);
  const begun = performance.now();
  const until = begun + seconds * 1000;
  const cpu = process.cpuUsage();
  await Promise.all(
    Array.from(
      { length: connections },
      () =>
        new Promise<void>((resolve, reject) => {
          const socket = connect(port, '127.0.0.1');
          socket.setNoDelay(true);
          let rest = 0; // bytes of the body still to come
          let sentAt = 0;
          const send = () => {
            if (performance.now() >= until) {
              socket.end();
              resolve();
              return;
            }
            next = next + 1 === requests.length ? 0 : next + 1;
            sentAt = performance.now();
            socket.write(requests[next]!);
          };
          socket.on('connect', send);
          socket.on('error', reject);
          socket.on('data', (chunk) => {
            bytes += chunk.length;
            if (rest > 0) rest -= chunk.length;
            else {
              const end = chunk.indexOf(headEnd);
              const at = chunk.indexOf(lengthMark);
              if (end < 0 || at < 0)
                throw new Error('An answer whose head came in pieces, or without a length.');
              if (chunk[9] !== 0x32) failed++;
              rest =
                Number.parseInt(
                  chunk.toString('latin1', at + lengthMark.length, at + lengthMark.length + 12),
                  10,
                ) -
                (chunk.length - end - 4);
            }
            if (rest === 0) {
              count++;
              latencies.push(performance.now() - sentAt);
              send();
            }
          });
        }),
    ),
  );
  const elapsed = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    requests: count,
    bytes,
    perSecond: count / elapsed,
    clientBusy: (user + system) / 1e6 / elapsed,
    failed,
    p99Ms: latencies.sort((a, b) => a - b)[Math.floor(latencies.length * 0.99)] ?? 0,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await run(JSON.parse(line) as LoadJob))}\n`);
}
