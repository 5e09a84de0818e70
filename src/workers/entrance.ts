/**
 * The one port of a server with workers. The supervisor accepts each connection and hands it to the worker that holds
 * the fewest (docs/decisions/0012-workers.md): the port stays open whatever becomes of a worker, and a connection that
 * a worker had not taken when it died is handed to another, with all that the client has sent.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { WorkerProcess } from './worker-process.ts';

/** Connections that wait for a worker; beyond them, clients are refused. */
const mostWaiting = 4096;

export interface Entrance {
  readonly port: number;
  /** Hands over what waits, after a worker has become ready. */
  handOver(): void;
  /** Takes back what a worker had not taken. */
  again(sockets: readonly Socket[]): void;
  close(): void;
}

/** @param workers Those that take connections, asked each time. */
export async function openEntrance(
  host: string,
  port: number,
  workers: () => readonly WorkerProcess[],
): Promise<Entrance> {
  let waiting: Socket[] = [];
  const give = (socket: Socket) => {
    const worker = leastBusy(workers());
    if (worker !== undefined) worker.give(socket);
    else if (waiting.length < mostWaiting) waiting.push(socket);
    else socket.destroy();
  };
  // Nothing is read here: what the client sends waits in the socket for the worker.
  const server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    give(socket);
  });
  const handOver = () => {
    const all = waiting;
    waiting = [];
    for (const socket of all) give(socket);
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  // A descriptor too few is a connection refused, not the end of the server.
  server.on('error', () => undefined);
  return {
    port: (server.address() as AddressInfo).port, // it listens on a port
    handOver,
    again(sockets) {
      waiting.push(...sockets);
      handOver();
    },
    close() {
      server.close();
    },
  };
}

function leastBusy(workers: readonly WorkerProcess[]): WorkerProcess | undefined {
  let least: WorkerProcess | undefined;
  for (const worker of workers) if (least === undefined || worker.open < least.open) least = worker;
  return least;
}
