/** The HTTP server: sockets, limits, headers and encodings around the API's messages. */
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { Fault } from '../../contract/faults.ts';
import {
  asFault,
  errorHeaders,
  errorText,
  isDefect,
  type OnDefect,
  statusOf,
} from '../../graph/error-response.ts';
import { commonHeaders, type Exchange, bodyOf, send } from '../../graph/exchange.ts';
import { type CorsRules, isPreflight, sendPreflight } from './cors.ts';
import type { HostGuard } from './host-guard.ts';
import { trackConnections } from './drain.ts';
import { checkMs, clientLimits, type HttpLimits, maxUrlLength } from '../../graph/limits.ts';
import { ClientGone } from '../../graph/read-body.ts';
import { requestIds } from '../../graph/request-ids.ts';
import { routeOf } from '../../contract/route-template.ts';
import type { RequestLog } from '../observe/request-log.ts';
import { methodLabel, splitTarget } from './request-target.ts';
import { inSpan, isTracing } from '../../base/tracing/tracing.ts';

export interface ServerOptions {
  readonly handle: (exchange: Exchange) => Promise<void> | undefined;
  /** What a 401 says besides: the `WWW-Authenticate` header. */
  readonly challenge: string;
  /** Refuses requests before anything answers them; absent where every host name is good. */
  readonly guard?: HostGuard | undefined;
  /** Headers of every answer to a page of another origin; none where it is not allowed. */
  readonly cors: CorsRules;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly clock: () => Date;
  /** Who sends the requests; clients when absent. */
  readonly senders?: Senders | undefined;
  /** In place of those of the senders: for tests, which do not wait for them. */
  readonly limits?: Partial<HttpLimits> | undefined;
  /** Called with every answer: its route template, its status, and how long it took. */
  readonly onAnswered: (route: string, status: number, seconds: number) => void;
  /** Absent where requests are not logged. */
  readonly requestLog?: RequestLog | undefined;
  readonly onDefect: OnDefect;
}

/** Those who send requests. */
export interface Senders {
  readonly addressOf: (request: IncomingMessage) => string | undefined;
  readonly limits: HttpLimits;
}

const clients: Senders = { addressOf: (request) => request.socket.remoteAddress, limits: clientLimits };

/** Recorded for a request whose client disconnected before the response; no client receives it. */
const clientGone = 499;

/** A server, and the way to answer otherwise from the next request on. */
interface ReplaceableServer {
  readonly server: Server;
  /** Those that have not ended. */
  readonly connections: ReadonlySet<Socket>;
  /** Connections stay; new ones are met with the new certificate. Who sends the requests does not change. */
  readonly replace: (options: ServerOptions) => void;
}

export function createServer(first: ServerOptions): ReplaceableServer {
  let options = first;
  const limits: HttpLimits = { ...(options.senders ?? clients).limits, ...options.limits };
  const settings = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: checkMs,
  };
  const current = new WeakMap<Socket, ServerResponse>();
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    current.set(request.socket, response);
    response.on('timeout', endStalled);
    const served = { request, response, route: routeOf(splitTarget(request.url ?? '/').path) };
    void (isTracing() ? serveTraced(served, options) : serve(served, options));
  };
  const secure =
    options.tls &&
    createHttpsServer(
      { ...settings, ...serverTlsOptions(options.tls), handshakeTimeout: limits.headersMs },
      listener,
    );
  const server = secure ?? createHttpServer(settings, listener);
  server.timeout = limits.stalledMs;
  server.maxConnections = limits.connections;
  // Their bytes are bounded; beyond a count Node would drop some, the token perhaps among them.
  server.maxHeadersCount = 0;
  // Node itself answers 417 to an expectation that it does not know, without the envelope (RFC 9110, section 10.1.1).
  server.on('checkExpectation', listener);
  const connections = trackConnections(server);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const answer = current.get(socket);
    // Where an answer has begun, a second would stand in the middle of it.
    const isAnswering = answer?.headersSent === true && !answer.writableFinished;
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswering) socket.destroy();
    else refuseUnread(error, socket, options);
  });
  return {
    server,
    connections,
    replace(next) {
      if (next.tls !== undefined) secure?.setSecureContext(serverTlsOptions(next.tls));
      options = next;
    },
  };
}

/** A connection on which nothing has moved: it is ended where an answer waits for its client, not where one is made. */
function endStalled(socket: Socket): void {
  if (socket.writableLength > 0) socket.destroy();
}

/** One span a request, by the semantic conventions of HTTP but for the path itself: it holds keys. */
function serveTraced(served: Served, options: ServerOptions): Promise<void> {
  const { request, route } = served;
  const method = methodLabel(request.method);
  const attributes = {
    'http.request.method': method,
    'http.route': route,
    'url.scheme': 'encrypted' in request.socket ? 'https' : 'http',
    'network.protocol.version': request.httpVersion,
  };
  const name = `${method === '_OTHER' ? 'HTTP' : method} ${route}`;
  return inSpan({ name, kind: 'server', attributes, from: request.headers }, async (span) => {
    const status = await serve(served, options);
    span?.set('http.response.status_code', status);
    if (status >= 500) span?.failed(String(status));
  });
}

interface Served {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The template of its path. */
  readonly route: string;
}

/** @returns The status that it was answered with, or that it is counted by. */
async function serve({ request, response, route }: Served, options: ServerOptions): Promise<number> {
  const begun = performance.now();
  const { requestLog } = options;
  const { socket } = request;
  const sentBefore = requestLog === undefined ? 0 : socket.bytesWritten;
  const ids = requestIds(request.headers);
  const clientAddress = (options.senders ?? clients).addressOf(request);
  const exchange = { request, response, ids, clientAddress, headers: options.cors(request.headers.origin) };
  let failed: number | undefined;
  try {
    if ((request.url ?? '').length > maxUrlLength) {
      throw new Fault('uriTooLong', `The URL is longer than ${maxUrlLength} characters.`);
    }
    options.guard?.(exchange);
    if (isPreflight(request)) sendPreflight(exchange);
    else await options.handle(exchange);
  } catch (error) {
    if (error instanceof ClientGone) response.destroy();
    else {
      const fault = asFault(error);
      if (isDefect(fault)) options.onDefect(error, { requestId: ids.requestId });
      if (response.headersSent) {
        failed = statusOf(fault.fault);
        response.destroy(); // too late for an envelope: the client sees a cut answer
      } else if (!isGone(response)) sendFault(exchange, fault, options);
    }
  }
  const goneStatus = () => refusedSockets.get(socket) ?? clientGone;
  const status = failed ?? (isGone(response) ? goneStatus() : response.statusCode);
  const seconds = (performance.now() - begun) / 1000;
  options.onAnswered(route, status, seconds);
  requestLog?.(exchange, { route, status, seconds, bytes: socket.bytesWritten - sentBefore });
  return status;
}

/** True when the connection ended before the answer did. */
function isGone(response: ServerResponse): boolean {
  return response.destroyed && !response.writableFinished;
}

function sendFault(exchange: Exchange, fault: Fault, options: ServerOptions): void {
  send(exchange, {
    status: statusOf(fault.fault),
    headers: errorHeaders(fault, options.challenge),
    body: bodyOf(Buffer.from(errorText(fault, exchange.ids, options.clock()))),
  });
}

/** Connections that were refused in the middle of a request, and the status of the refusal. */
const refusedSockets = new WeakMap<Socket, number>();
/** How long a rejected client has to read the error. */
const refusedMs = 2000;

/** Answers what Node's parser refused before the request was whole: the same envelope, then the end. */
function refuseUnread(error: NodeJS.ErrnoException, socket: Socket, options: ServerOptions): void {
  const fault = unreadFault(error.code);
  const status = statusOf(fault.fault);
  // A client that ends in the middle has gone, though it may still read why it was not answered.
  if (error.code !== 'HPE_INVALID_EOF_STATE') refusedSockets.set(socket, status);
  const ids = requestIds({});
  const body = errorText(fault, ids, options.clock());
  const headers = commonHeaders(ids);
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`];
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]!}: ${headers[i + 1]!}`);
  lines.push(
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  );
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
  // A client that does not end its side is not waited for.
  const timer = setTimeout(() => socket.destroy(), refusedMs);
  socket.once('close', () => clearTimeout(timer));
}

function unreadFault(code: string | undefined): Fault {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new Fault(
      'headersTooLarge',
      `The request line and headers are larger than ${clientLimits.headerBytes} bytes.`,
    );
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new Fault('requestTimeout', 'The request did not arrive whole in time.');
  }
  return new Fault('malformedRequest', 'The request is not HTTP/1.1.');
}

/** RFC 9325, section 4.2, and those of TLS 1.3. */
const ciphers = [
  ...['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
  ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ...['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ...['ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305'],
].join(':');

/** Adds TLS 1.2 as the oldest version, and only ciphers with forward secrecy. */
function serverTlsOptions<T extends { readonly cert: string; readonly key: string }>(
  certificate: T,
): T & SecureContextOptions {
  return { ...certificate, ciphers, minVersion: 'TLSv1.2', honorCipherOrder: true };
}
