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
import { Fault } from '../faults.ts';
import { asFault, errorHeaders, errorText, isDefect, type OnDefect, statusOf } from './error-response.ts';
import { commonHeaders, type Exchange, bodyOf, send } from './exchange.ts';
import { type CorsRules, isPreflight, sendPreflight } from './cors.ts';
import type { HostGuard } from './host-guard.ts';
import { requestIds } from './request-ids.ts';
import { routeOf } from '../model/route-template.ts';
import type { RequestLog } from './request-log.ts';
import { methodLabel, splitTarget } from './request-target.ts';
import { inSpan, isTracing } from '../tracing/tracing.ts';

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
  /** Called with every answer: its route template, its status, and how long it took. */
  readonly onAnswered: (route: string, status: number, seconds: number) => void;
  /** Absent where requests are not logged. */
  readonly requestLog?: RequestLog | undefined;
  readonly onDefect: OnDefect;
}

/** Those who send requests. */
export interface Senders {
  readonly addressOf: (request: IncomingMessage) => string | undefined;
  /** They keep to the limits of time themselves. */
  readonly areTrusted: boolean;
}

const clients: Senders = { addressOf: (request) => request.socket.remoteAddress, areTrusted: false };

/** Graph refuses longer URLs and headers; these bounds keep a hostile client from costing more. */
const maxUrlLength = 8192;
const maxHeaderBytes = 32_768;
const headersTimeoutMs = 15_000;
const requestTimeoutMs = 30_000;
const keepAliveTimeoutMs = 65_000;

/** A server, and the way to answer otherwise from the next request on. */
export interface ReplaceableServer {
  readonly server: Server;
  /** Connections stay; new ones are met with the new certificate. Who sends the requests does not change. */
  readonly replace: (options: ServerOptions) => void;
}

export function createServer(first: ServerOptions): ReplaceableServer {
  let options = first;
  const { areTrusted } = options.senders ?? clients;
  const limits = areTrusted
    ? { maxHeaderSize: 2 * maxHeaderBytes, headersTimeout: 0, requestTimeout: 0 }
    : { maxHeaderSize: maxHeaderBytes, headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs };
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const served = { request, response, route: routeOf(splitTarget(request.url ?? '/').path) };
    void (isTracing() ? serveTraced(served, options) : serve(served, options));
  };
  const secure = options.tls && createHttpsServer({ ...limits, ...options.tls }, listener);
  const server = secure ?? createHttpServer(limits, listener);
  server.keepAliveTimeout = areTrusted ? 0 : keepAliveTimeoutMs;
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) =>
    refuseUnread(error, socket, options),
  );
  return {
    server,
    replace(next) {
      if (next.tls !== undefined) secure?.setSecureContext(next.tls);
      options = next;
    },
  };
}

/** One span a request, by the semantic conventions of HTTP but for the path itself: it holds keys. */
function serveTraced(served: Served, options: ServerOptions): Promise<void> {
  const { request, response, route } = served;
  const method = methodLabel(request.method);
  const attributes = {
    'http.request.method': method,
    'http.route': route,
    'url.scheme': 'encrypted' in request.socket ? 'https' : 'http',
    'network.protocol.version': request.httpVersion,
  };
  const name = `${method === '_OTHER' ? 'HTTP' : method} ${route}`;
  return inSpan({ name, kind: 'server', attributes, from: request.headers }, async (span) => {
    await serve(served, options);
    span?.set('http.response.status_code', response.statusCode);
    if (response.statusCode >= 500) span?.failed(String(response.statusCode));
  });
}

interface Served {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The template of its path. */
  readonly route: string;
}

async function serve({ request, response, route }: Served, options: ServerOptions): Promise<void> {
  const begun = performance.now();
  const { requestLog } = options;
  const { socket } = request;
  const sentBefore = requestLog === undefined ? 0 : socket.bytesWritten;
  const ids = requestIds(request.headers);
  const clientAddress = (options.senders ?? clients).addressOf(request);
  const exchange = { request, response, ids, clientAddress, headers: options.cors(request.headers.origin) };
  try {
    if ((request.url ?? '').length > maxUrlLength) {
      throw new Fault('uriTooLong', `The URL is longer than ${maxUrlLength} characters.`);
    }
    options.guard?.(exchange);
    if (isPreflight(request)) sendPreflight(exchange);
    else await options.handle(exchange);
  } catch (error) {
    const fault = asFault(error);
    if (isDefect(fault)) options.onDefect(error, { requestId: ids.requestId });
    if (response.headersSent)
      response.destroy(); // too late for an envelope: the client sees a cut answer
    else sendFault(exchange, fault, options);
  }
  const seconds = (performance.now() - begun) / 1000;
  options.onAnswered(route, response.statusCode, seconds);
  requestLog?.(exchange, { route, seconds, bytes: socket.bytesWritten - sentBefore });
}

function sendFault(exchange: Exchange, fault: Fault, options: ServerOptions): void {
  send(exchange, {
    status: statusOf(fault.fault),
    headers: errorHeaders(fault, options.challenge),
    body: bodyOf(Buffer.from(errorText(fault, exchange.ids, options.clock()))),
  });
}

/** Answers what Node's parser refused before there was a request: the same envelope, then the end. */
function refuseUnread(error: NodeJS.ErrnoException, socket: Socket, options: ServerOptions): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const fault = unreadFault(error.code);
  const status = statusOf(fault.fault);
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
}

function unreadFault(code: string | undefined): Fault {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new Fault(
      'headersTooLarge',
      `The request line and headers are larger than ${maxHeaderBytes} bytes.`,
    );
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new Fault('requestTimeout', 'The request did not arrive whole in time.');
  }
  return new Fault('malformedRequest', 'The request is not HTTP/1.1.');
}
