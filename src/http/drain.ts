/** Stops a server without losing a request: what was accepted is answered, and clients are told to go. */
import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';

/** How long an idle connection may still deliver a request that was under way when the server was told to stop. */
const graceMs = 300;
const pollMs = 50;
const limitMs = 15_000;

/**
 * Resolves when every connection has ended, or was ended after `limitMs`.
 *
 * @param handed Connections that the server did not take from its own port, but was given.
 */
export async function drain(server: Server, handed: Iterable<Socket> = []): Promise<void> {
  // From here on every answer ends its connection, so that a kept-alive client learns of it by an answer, not a reset.
  server.prependListener('request', (_request, response: ServerResponse) => {
    response.setHeader('Connection', 'close');
  });
  const closed = new Promise<void>((resolve) => {
    // http.Server.close ends idle connections at once; net.Server.close leaves them their grace.
    NetServer.prototype.close.call(server, () => resolve());
  });
  await delay(graceMs);
  const until = Date.now() + limitMs;
  const idle = setInterval(() => {
    if (Date.now() < until) server.closeIdleConnections();
    else server.closeAllConnections();
  }, pollMs);
  const gone = [...handed].map((socket) => (socket.closed ? undefined : once(socket, 'close')));
  await Promise.all([closed, ...gone]);
  clearInterval(idle);
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
