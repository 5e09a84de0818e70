/**
 * Accepts connections on the port of a server with workers. The supervisor passes each to the worker with the fewest
 * (docs/decisions/0012-workers.md): the port stays open when a worker ends, and a connection that the worker had not
 * accepted goes to another one, with everything the client has sent.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { clientLimits } from '../../graph/limits.ts';
import type { WorkerProcess } from './worker-process.ts';

/** Maximum connections that wait for a worker; further ones are closed. */
const mostWaiting = 4096;
/** How long a connection waits until a worker accepts it: as long as its headers may take. */
const longestWaitMs = clientLimits.headersMs;

export interface Acceptor {
  readonly port: number;
  /** Passes waiting connections on after a worker has become ready. */
  handOver(): void;
  /** Passes on connections that a worker had not accepted. */
  again(sockets: readonly Socket[]): void;
  /** Closes the port and waiting connections. */
  close(): void;
}

/** Opens the port. @param workers Returns the workers that accept connections. */
export async function openAcceptor(
  host: string,
  port: number,
  workers: () => readonly WorkerProcess[],
): Promise<Acceptor> {
  const waiting = new Set<Socket>();
  let isClosed = false;
  const give = (socket: Socket) => {
    if (socket.destroyed) return;
    socket.setTimeout(longestWaitMs);
    const worker = leastBusy(workers());
    const isFull =
      worker === undefined ? waiting.size >= mostWaiting : worker.open >= clientLimits.connections;
    if (isClosed || isFull) socket.destroy();
    else if (worker !== undefined) worker.give(socket);
    else waiting.add(socket);
  };
  // The supervisor reads nothing: data waits in the socket for the worker.
  const server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    // When a worker ends, its connections may go to another: see WorkerProcess.
    socket.on('timeout', () => {
      if (waiting.has(socket)) socket.destroy();
    });
    socket.once('close', () => waiting.delete(socket));
    give(socket);
  });
  const handOver = () => {
    const all = [...waiting];
    waiting.clear();
    for (const socket of all) give(socket);
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  // Without free file descriptors, a connection is refused and the server continues.
  server.on('error', () => undefined);
  return {
    port: (server.address() as AddressInfo).port, // it listens on a port
    handOver,
    again(sockets) {
      for (const socket of sockets) waiting.add(socket);
      handOver();
    },
    close() {
      isClosed = true;
      server.close();
      for (const socket of waiting) socket.destroy();
    },
  };
}

function leastBusy(workers: readonly WorkerProcess[]): WorkerProcess | undefined {
  let least: WorkerProcess | undefined;
  for (const worker of workers) if (least === undefined || worker.open < least.open) least = worker;
  return least;
}
