/** A worker's way to the supervisor: what it may not answer alone goes there over HTTP, whole and as it came. */
import { Agent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Fault } from '../faults.ts';
import type { Exchange } from '../http/exchange.ts';
import { traceHeaders } from '../tracing/tracing.ts';
import type { Senders } from '../http/server.ts';

export type Forward = (exchange: Exchange) => Promise<void>;

/** Says whose the connection is that a request came on. */
const addressHeader = 'rollcall-client-address';
/** Of one connection alone (RFC 9110, section 7.6.1), or said anew on the way. */
const ownOfConnection: ReadonlySet<string> = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'te', 'trailer', 'upgrade'],
  ...['expect', addressHeader],
]);

/** What the supervisor makes of the requests that come on the private socket: nobody but workers can open it. */
export const workersAsSenders: Senders = {
  addressOf({ headers }) {
    const address = headers[addressHeader];
    return typeof address === 'string' && address !== '' ? address : undefined;
  },
  areTrusted: true,
};

/** @param path Of the private socket. */
export function createForward(path: string): Forward {
  const agent = new Agent({ keepAlive: true });
  return (exchange) =>
    new Promise((resolve, reject) => {
      const { request, response, body } = exchange;
      // In the place of the client's own, where it is traced: what the supervisor does is part of what is done here.
      const trace = traceHeaders();
      const onward = httpRequest({
        socketPath: path,
        agent,
        method: request.method ?? 'GET',
        path: request.url ?? '/',
        headers: [
          ...withoutOwn(request.rawHeaders, trace),
          ...Object.entries(trace).flat(),
          ...(isChunked(request) ? ['Transfer-Encoding', 'chunked'] : []),
          ...[addressHeader, exchange.clientAddress ?? ''],
        ],
      });
      onward.on('response', (answer) => {
        response.writeHead(answer.statusCode!, answer.statusMessage, withoutOwn(answer.rawHeaders)); // a response has one
        answer.pipe(response);
        // The supervisor cut it off: the client sees the same.
        answer.on('error', () => response.destroy());
      });
      onward.on('error', (error: NodeJS.ErrnoException) => {
        if (response.headersSent || response.destroyed) return;
        if (error.code === 'ECONNRESET') request.socket.destroy();
        else reject(new Fault('unavailable', 'The service is busy. Try again.', { cause: error }));
      });
      response.on('close', () => {
        // Whoever has gone is not answered, and what waits for an answer is to know.
        if (!response.writableFinished) onward.destroy();
        resolve();
      });
      if (body === undefined) request.pipe(onward);
      else onward.end(body);
    });
}

function isChunked({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined;
}

/** @param replaced Headers, in small letters, that something else is said for. */
function withoutOwn(rawHeaders: readonly string[], replaced: object = {}): string[] {
  const kept: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    if (!ownOfConnection.has(name) && !Object.hasOwn(replaced, name))
      kept.push(rawHeaders[i]!, rawHeaders[i + 1]!);
  }
  return kept;
}
