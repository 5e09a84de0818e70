/** Stops a server without losing a request: it answers accepted requests and asks clients to close their connections. */
import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { stopTimes } from '../../base/stopping.ts';

/** How long an idle connection may still deliver a request that was in transit when the server began to stop. */
const graceMs = 300;
const pollMs = 50;

/** Resolves when every connection has ended, or was cut after `limitMs`; `http.Server` does not track TLS handshakes. */
export async function drain(
  server: Server,
  connections: Iterable<Socket>,
  limitMs: number = stopTimes.requestsMs,
): Promise<void> {
  // From here on every response ends its connection: a client with a kept-alive connection gets a response, not a
  // reset.
  server.prependListener('request', (_request, response: ServerResponse) => {
    response.setHeader('Connection', 'close');
  });
  const closed = new Promise<void>((resolve) => {
    // http.Server.close ends idle connections at once; net.Server.close leaves them open for the grace period.
    NetServer.prototype.close.call(server, () => resolve());
  });
  const until = performance.now() + limitMs;
  await delay(Math.min(graceMs, limitMs));
  const poll = setInterval(() => {
    if (performance.now() < until) server.closeIdleConnections();
    else for (const socket of connections) socket.destroy();
  }, pollMs);
  const gone = [...connections].map((socket) => (socket.closed ? undefined : once(socket, 'close')));
  await Promise.all([closed, ...gone]);
  clearInterval(poll);
}

export function trackConnections(server: Server): ReadonlySet<Socket> {
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  return connections;
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
