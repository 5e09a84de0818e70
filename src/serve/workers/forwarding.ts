/** Forwards requests from a worker to the supervisor over HTTP, unchanged. */
import { Agent, type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { finished } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Fault } from '../../contract/faults.ts';
import type { Exchange } from '../../graph/exchange.ts';
import { workerLimits } from '../../graph/limits.ts';
import { endAnswer, unreadBody } from '../../graph/unread-body.ts';
import { traceHeaders } from '../../base/tracing/tracing.ts';
import type { Senders } from '../http/server.ts';

export type Forward = (exchange: Exchange) => Promise<void>;

const addressHeader = 'rollcall-client-address';
/** Hop-by-hop headers (RFC 9110, section 7.6.1), and those that forwarding sets itself. */
const ownOfConnection: ReadonlySet<string> = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'te', 'trailer', 'upgrade'],
  ...['expect', addressHeader],
]);

/** Settings for requests on the private socket, which only workers can open. */
export const workersAsSenders: Senders = {
  addressOf({ headers }) {
    const address = headers[addressHeader];
    return typeof address === 'string' && address !== '' ? address : undefined;
  },
  limits: workerLimits,
};

/** How long a worker waits for the supervisor's response: the longest delay that `dev` can inject. */
const answerMs = 600_000;
/** Shorter than the supervisor's timeout for idle connections. */
const idleMs = 30_000;

/** Creates the forwarding. @param path The path of the private socket. */
export function createForward(path: string): Forward {
  const agent = new Agent({ keepAlive: true, timeout: idleMs });
  return (exchange) =>
    new Promise((resolve, reject) => {
      const { request, response, body } = exchange;
      // Replaces the client's trace headers when tracing is on: the supervisor's span is a child of the worker's.
      const trace = traceHeaders();
      const onward = httpRequest({
        socketPath: path,
        agent,
        method: request.method ?? 'GET',
        path: request.url ?? '/',
        headers: [
          ...withoutOwn(request.rawHeaders, { ...trace, ...(body && aboutBody) }),
          ...Object.entries(trace).flat(),
          ...bodyHeaders(request, body),
          ...[addressHeader, exchange.clientAddress ?? ''],
        ],
      });
      const waiting = setTimeout(
        () => onward.destroy(new Error('The supervisor does not answer.')),
        answerMs,
      );
      onward.on('response', (answer) => {
        clearTimeout(waiting);
        // The supervisor responds before it has read the whole request only to reject it.
        request.unpipe(onward);
        answerWith(answer, exchange, onward);
      });
      onward.on('error', (error: NodeJS.ErrnoException) => {
        if (response.headersSent || response.destroyed) return;
        if (error.code === 'ECONNRESET') request.socket.destroy();
        else reject(new Fault('unavailable', 'The service is busy. Try again.', { cause: error }));
      });
      onward.on('close', () => clearTimeout(waiting));
      response.on('close', () => {
        // The client has disconnected: streams that wait for its response or the rest of its request must end.
        onward.destroy();
        resolve();
      });
      if (body === undefined) sendBody(request, onward);
      else onward.end(body);
    });
}

/** Streams the body; when the client aborts it, the forwarded request is aborted too. */
function sendBody(request: IncomingMessage, onward: ClientRequest): void {
  request.pipe(onward);
  finished(request, { writable: false }, (error) => {
    if (error !== undefined && error !== null) onward.destroy();
  });
}

/** Sends the supervisor's response to the client. When either side aborts, the other is aborted. */
function answerWith(answer: IncomingMessage, { request, response }: Exchange, onward: ClientRequest): void {
  const headers = withoutOwn(answer.rawHeaders);
  const unread = unreadBody(request);
  if (unread === 'long') headers.push('Connection', 'close');
  response.writeHead(answer.statusCode!, answer.statusMessage, headers); // a response has a status
  pipeline(answer, response, { end: false })
    .then(
      () => endAnswer(request, response, unread),
      // The supervisor aborted the response, so the client sees the same; or the client has disconnected.
      () => response.destroy(),
    )
    // An unfinished request is not awaited: its connection to the supervisor is not reused.
    .finally(() => onward.writableFinished || onward.destroy());
}

/** Headers that describe the body as sent, which are wrong after it was read and decompressed. */
const aboutBody = { 'content-encoding': true, 'content-length': true };

function bodyHeaders({ headers }: IncomingMessage, body: Buffer | undefined): string[] {
  if (body !== undefined) return ['Content-Length', String(body.length)];
  return headers['transfer-encoding'] === undefined ? [] : ['Transfer-Encoding', 'chunked'];
}

/** Removes headers. @param replaced Lower-case names of headers that get another value. */
function withoutOwn(rawHeaders: readonly string[], replaced: object = {}): string[] {
  const kept: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    if (!ownOfConnection.has(name) && !Object.hasOwn(replaced, name))
      kept.push(rawHeaders[i]!, rawHeaders[i + 1]!);
  }
  return kept;
}
