/** Implements the HTTP server: sockets, limits, headers and encodings around the API's messages. */
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
  requestIds,
  statusOf,
} from '../../graph/error-response.ts';
import { commonHeaders, type Exchange, bodyOf, type Route, send } from '../../graph/exchange.ts';
import { type CorsRules, isPreflight, sendPreflight } from './cors.ts';
import type { HostGuard } from './host-guard.ts';
import { trackConnections } from './drain.ts';
import { checkMs, clientLimits, type HttpLimits, maxUrlLength } from '../../graph/limits.ts';
import { ClientGone } from '../../graph/read-body.ts';
import type { RequestLog } from '../observe/request-log.ts';
import { methodLabel, type RequestTarget, splitTarget } from './request-target.ts';
import { inSpan, isTracing } from '../../base/tracing/tracing.ts';

export interface ServedRoute extends Route {
  /** Answers a request. @throws Fault */
  readonly answer: (exchange: Exchange) => Promise<void> | undefined;
}

export interface ServerOptions {
  /** Returns the route of a request; called once per request. */
  readonly routeOf: (target: RequestTarget) => ServedRoute;
  /** The `WWW-Authenticate` header of a 401. */
  readonly challenge: string;
  /** Rejects requests before their route answers; absent when every host name is allowed. */
  readonly guard?: HostGuard | undefined;
  /** Returns the CORS headers for an origin; none when it is not allowed. */
  readonly cors: CorsRules;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly clock: () => Date;
  /** Who sends the requests; clients when absent. */
  readonly senders?: Senders | undefined;
  /** Overrides the senders' limits in tests. */
  readonly limits?: Partial<HttpLimits> | undefined;
  /** Called with each response: its route template, status and duration. */
  readonly onAnswered: (route: string, status: number, seconds: number) => void;
  readonly requestLog?: RequestLog | undefined;
  readonly onDefect: OnDefect;
}

/** Who sends the requests: clients, or workers that forward them. */
export interface Senders {
  readonly addressOf: (request: IncomingMessage) => string | undefined;
  readonly limits: HttpLimits;
}

const clients: Senders = { addressOf: (request) => request.socket.remoteAddress, limits: clientLimits };

/** Recorded for a request whose client disconnected before the response; no client receives it. */
const clientGone = 499;

/** A server whose options can be replaced from the next request on. */
interface ReplaceableServer {
  readonly server: Server;
  readonly connections: ReadonlySet<Socket>;
  /** Replaces the options. Open connections stay; new ones get the new certificate. `senders` cannot change. */
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
    const served = { request, response, route: options.routeOf(splitTarget(request.url ?? '/')) };
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
  // The limit is on header bytes. With a limit on their number, Node would drop headers, even Authorization.
  server.maxHeadersCount = 0;
  // Node answers an unknown expectation with a 417 without the envelope (RFC 9110, section 10.1.1).
  server.on('checkExpectation', listener);
  const connections = trackConnections(server);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const answer = current.get(socket);
    // A second response would be written into the one that has begun.
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

/** Closes a stalled connection whose client does not read the response. */
function endStalled(socket: Socket): void {
  if (socket.writableLength > 0) socket.destroy();
}

/** Serves a request in a span that follows the HTTP semantic conventions, without the path: it contains keys. */
function serveTraced(served: Served, options: ServerOptions): Promise<void> {
  const {
    request,
    route: { template },
  } = served;
  const method = methodLabel(request.method);
  const attributes = {
    'http.request.method': method,
    'http.route': template,
    'url.scheme': 'encrypted' in request.socket ? 'https' : 'http',
    'network.protocol.version': request.httpVersion,
  };
  const name = `${method === '_OTHER' ? 'HTTP' : method} ${template}`;
  return inSpan({ name, kind: 'server', attributes, from: request.headers }, async (span) => {
    const status = await serve(served, options);
    span?.set('http.response.status_code', status);
    if (status >= 500) span?.failed(String(status));
  });
}

interface Served {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly route: ServedRoute;
}

/** Serves a request. @returns The status of the response, or 499 when there is none. */
async function serve({ request, response, route }: Served, options: ServerOptions): Promise<number> {
  const begun = performance.now();
  const { requestLog } = options;
  const { socket } = request;
  const sentBefore = requestLog === undefined ? 0 : socket.bytesWritten;
  const ids = requestIds(request.headers);
  const clientAddress = (options.senders ?? clients).addressOf(request);
  const headers = options.cors(request.headers.origin);
  const exchange = { request, response, ids, route, clientAddress, headers };
  let failed: number | undefined;
  try {
    if ((request.url ?? '').length > maxUrlLength) {
      throw new Fault('uriTooLong', `The URL is longer than ${maxUrlLength} characters.`);
    }
    options.guard?.(exchange);
    if (isPreflight(request)) sendPreflight(exchange);
    else await route.answer(exchange);
  } catch (error) {
    if (error instanceof ClientGone) response.destroy();
    else {
      const fault = asFault(error);
      if (isDefect(fault)) options.onDefect(error, { requestId: ids.requestId });
      if (response.headersSent) {
        failed = statusOf(fault.fault);
        response.destroy(); // the headers are sent: the client sees a truncated answer
      } else if (!isGone(response)) sendFault(exchange, fault, options);
    }
  }
  const goneStatus = () => refusedSockets.get(socket) ?? clientGone;
  const status = failed ?? (isGone(response) ? goneStatus() : response.statusCode);
  const seconds = (performance.now() - begun) / 1000;
  options.onAnswered(route.template, status, seconds);
  requestLog?.(exchange, { status, seconds, bytes: socket.bytesWritten - sentBefore });
  return status;
}

/** Returns true when the connection closed before the response was complete. */
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

/** Connections that were rejected in the middle of a request, with the status. */
const refusedSockets = new WeakMap<Socket, number>();
/** How long a rejected client may take to read the error. */
const refusedMs = 2000;

/** Answers a request that Node's parser rejected with the usual error envelope, and closes the connection. */
function refuseUnread(error: NodeJS.ErrnoException, socket: Socket, options: ServerOptions): void {
  const fault = unreadFault(error.code);
  const status = statusOf(fault.fault);
  // A client that half-closes in the middle of a request counts as disconnected, but may still read the response.
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
  // Do not wait for a client that keeps its side open.
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

/** Cipher suites of RFC 9325, section 4.2, and of TLS 1.3. */
const ciphers = [
  ...['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
  ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ...['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ...['ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305'],
].join(':');

/** Adds TLS 1.2 as the minimum version and allows only ciphers with forward secrecy. */
function serverTlsOptions<T extends { readonly cert: string; readonly key: string }>(
  certificate: T,
): T & SecureContextOptions {
  return { ...certificate, ciphers, minVersion: 'TLSv1.2', honorCipherOrder: true };
}
