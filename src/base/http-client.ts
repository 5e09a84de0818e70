/**
 * The HTTP client for every request that Rollcall sends: it limits the size and time of each response, follows no
 * redirect, and reports a failure with one of a few reasons (docs/decisions/0029-one-http-client.md).
 */
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { buildConnector, Dispatcher } from 'undici';
import type { Clock } from './clock.ts';
import { openTunnel, proxyEnvironment, ProxyError, proxyFor, silentProxy } from './proxy.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /**
   * The part of the response to wait for: the whole `body`, which fails when it exceeds the limit; its `start`, cut at
   * the limit; or the `head` alone. The default is `body`.
   */
  readonly awaits?: 'body' | 'start' | 'head';
  readonly timeoutMs?: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Keyed by lower-case name; the first value of a repeated header. */
  readonly headers: Readonly<Record<string, string>>;
  /** A whole body is unpacked if it was sent as gzip. */
  readonly body: Buffer;
}

/** Why a request has no response, with the message when there is no error code. */
const reasons = {
  timedOut: 'no response in time',
  unreachable: 'no connection',
  reset: 'the connection was lost',
  dns: 'no such host',
  tls: 'no TLS connection',
  tooLarge: 'the response is too long',
  malformed: 'the response is not HTTP',
  addressForbidden: 'connections to this address are not allowed',
  proxy: 'the proxy refused the connection',
} as const;

export type HttpFailureReason = keyof typeof reasons;

/** Messages for the most frequent network error codes. */
const codes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  EAI_AGAIN: 'the host name cannot be resolved at the moment',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'the certificate is self-signed; NODE_EXTRA_CA_CERTS names certificates to trust',
  SELF_SIGNED_CERT_IN_CHAIN:
    'the issuer of the certificate is not trusted; NODE_EXTRA_CA_CERTS names certificates to trust',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the issuer of the certificate is not known; NODE_EXTRA_CA_CERTS names certificates to trust',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'the issuer of the certificate is not known; NODE_EXTRA_CA_CERTS names certificates to trust',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name',
};

function textOf(reason: HttpFailureReason, code: string | undefined): string {
  return code === undefined ? reasons[reason] : `${codes[code] ?? reasons[reason]}, ${code}`;
}

/** Thrown when a request gets no response. Neither message nor code holds received data. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';
  readonly reason: HttpFailureReason;
  /** The code of the system or of the parser: `ECONNREFUSED`. */
  readonly code: string | undefined;

  /** Creates the failure. @param says Replaces the code in the message: which proxy failed, and how. */
  constructor(reason: HttpFailureReason, code?: string, cause?: unknown, says?: string) {
    super(says ?? textOf(reason, code), { cause });
    this.reason = reason;
    this.code = code;
  }
}

export interface HttpClient {
  /** Sends a request. @throws HttpFailure; or the reason of the signal, once it is aborted */
  send(request: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer>;
  /** Number of requests without a response so far. */
  readonly underWay: number;
  /** Aborts requests in progress and closes idle connections. */
  close(): void;
}

/** Resolves a name to all its addresses, as `dns.lookup` does. */
export type Resolve = (
  hostname: string,
  options: { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface HttpClientOptions {
  /** Measures `timeoutMs`. */
  readonly clock: Clock;
  /** Milliseconds for a whole exchange. */
  readonly timeoutMs: number;
  /** Maximum size of a body, both as received and unpacked. */
  readonly maxBodyBytes: number;
  /** Maximum connections to one server; unlimited when absent. */
  readonly connections?: number;
  /**
   * Decides for each connection, by its destination address, whether it is allowed; all are when absent. For a host
   * that a proxy resolves, it is called with the host if that is an address.
   */
  readonly mayConnect?: ((address: string) => boolean) | undefined;
  readonly resolve?: Resolve | undefined;
  /** Uses the proxies of the environment if Node is configured to. */
  readonly usesProxy?: boolean;
  /**
   * Sends a request again when a kept connection ends before the response begins, because the server may have closed it
   * first.
   */
  readonly repeatsOnStaleConnection?: boolean;
}

/** Limit for connecting and the TLS handshake, in real time. */
const connectTimeoutMs = 10_000;
/** How long an idle connection stays open, unless the server states a shorter time. */
const idleMs = 30_000;

export function createHttpClient(options: HttpClientOptions): HttpClient {
  let opening: Promise<Dispatcher> | undefined;
  const tunnelling: Tunnelling = new Map();
  let underWay = 0;
  return {
    get underWay() {
      return underWay;
    },
    async send(request, signal) {
      underWay++;
      try {
        const dispatcher = await (opening ??= openDispatcher(options, tunnelling));
        const parts = { ...options, dispatcher, tunnelling };
        return await exchange(parts, request, signal).catch((error: unknown) => {
          if (options.repeatsOnStaleConnection !== true || !(error instanceof StaleConnection)) throw error;
          return exchange(parts, request, signal);
        });
      } finally {
        underWay--;
      }
    },
    close() {
      void opening?.then((dispatcher) => dispatcher.destroy());
    },
  };
}

/**
 * Returns the response in the form that OAuth libraries expect.
 *
 * @param names Headers to pass on: a library that finds a challenge reads nothing else.
 */
export function fetchResponseOf(
  { status, headers, body }: HttpAnswer,
  names: readonly string[] = ['content-type'],
): Response {
  if (status > 599) throw new HttpFailure('malformed');
  return new Response(body.length === 0 ? null : new Uint8Array(body), {
    status,
    headers: Object.entries(headers).filter(([name]) => names.includes(name)),
  });
}

/**
 * Opens the dispatcher. The library is imported with the first request, because importing takes a third of a command's
 * startup time.
 */
async function openDispatcher(options: HttpClientOptions, tunnelling: Tunnelling): Promise<Dispatcher> {
  const { Agent, buildConnector } = await import('undici');
  const { connections = null, mayConnect, resolve = systemLookup } = options;
  const connect = buildConnector({
    timeout: connectTimeoutMs,
    ...(mayConnect && { lookup: checkedLookup(mayConnect, resolve) }),
  });
  const open = async (target: buildConnector.Options): Promise<Socket> => {
    const { protocol, host, hostname, port } = target;
    const tunnel = await tunnelTo(new URL(`${protocol}//${host ?? hostname}`), options, tunnelling);
    if (tunnel !== undefined && protocol !== 'https:') return tunnel;
    return new Promise((done, failed) =>
      connect({ ...target, port, ...(tunnel && { httpSocket: tunnel }) }, (error, socket) =>
        error === null ? done(socket) : failed(error),
      ),
    );
  };
  return new Agent({
    // The client's clock limits an exchange, not the timers of the library.
    ...{ connections, keepAliveTimeout: idleMs, headersTimeout: 0, bodyTimeout: 0 },
    connect(target: buildConnector.Options, callback: buildConnector.Callback) {
      open(target).then(
        (socket) => {
          socket.on('error', (broken: ConnectionError) => (broken.socket = { bytesRead: socket.bytesRead }));
          callback(null, socket);
        },
        (error: unknown) => callback(error as Error, null), // everything thrown there is an Error
      );
    },
  });
}

/** The proxy that was asked for a tunnel and has not answered, by origin. */
type Tunnelling = Map<string, URL>;

/**
 * Returns the proxy for a host.
 *
 * @returns `undefined` for a host that is reached directly, which is looked up here.
 * @throws HttpFailure `addressForbidden`, or ProxyError
 */
async function tunnelTo(
  url: URL,
  { mayConnect, usesProxy }: HttpClientOptions,
  tunnelling: Tunnelling,
): Promise<Socket | undefined> {
  const environment = usesProxy === true ? proxyEnvironment() : undefined;
  const proxy = environment && proxyFor(url, environment);
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  // The proxy would resolve a localhost name to its own machine, so an address is used.
  const address = proxy !== undefined && /(^|\.)localhost\.?$/.test(hostname) ? '127.0.0.1' : hostname;
  if (isIP(address) !== 0 && mayConnect?.(address) === false) throw new HttpFailure('addressForbidden');
  if (proxy === undefined) return undefined;
  tunnelling.set(url.origin, proxy);
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  return openTunnel(proxy, { hostname, port }, connectTimeoutMs).finally(() => tunnelling.delete(url.origin));
}

/**
 * Looks up a name and returns only the allowed addresses, so that the checked address is the one that is connected to.
 */
function checkedLookup(mayConnect: (address: string) => boolean, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const [first, ...rest] = addresses.filter(({ address }) => mayConnect(address));
      if (first === undefined) callback(new HttpFailure('addressForbidden'), []);
      else if (options.all === true) callback(null, [first, ...rest]);
      else callback(null, first.address, first.family);
    });
  };
}

interface ExchangeParts extends HttpClientOptions {
  readonly dispatcher: Dispatcher;
  readonly tunnelling: Tunnelling;
}

function exchange(
  { dispatcher, tunnelling, clock, maxBodyBytes, ...client }: ExchangeParts,
  { method, url, headers, body, awaits = 'body', ...request }: HttpRequest,
  signal: AbortSignal | undefined,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    let controller: Dispatcher.DispatchController | undefined;
    let head: Pick<HttpAnswer, 'status' | 'headers'> | undefined;
    const chunks: Buffer[] = [];
    let length = 0;
    const over = new AbortController();
    const end = () => {
      over.abort(null);
      signal?.removeEventListener('abort', stop);
    };
    /** Aborts an exchange; one that waits for a connection is aborted when it gets one. */
    const cancel = (reason: Error) => {
      end();
      reject(reason);
      controller?.abort(new Error('The request was aborted.'));
    };
    const stop = () => cancel(signal!.reason as Error); // called only by a signal
    const answer = () => {
      const received = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      // A body has a head before it.
      const isPacked = awaits === 'body' && length > 0 && head!.headers['content-encoding'] === 'gzip';
      try {
        const maxOutputLength = maxBodyBytes;
        resolve({ ...head!, body: isPacked ? gunzipSync(received, { maxOutputLength }) : received });
      } catch (error) {
        reject(failureOf(error));
      }
    };
    signal?.addEventListener('abort', stop, { once: true });
    void clock.sleep(request.timeoutMs ?? client.timeoutMs, over.signal).then(() => {
      if (over.signal.aborted) return;
      const proxy = tunnelling.get(url.origin);
      cancel(proxy === undefined ? new HttpFailure('timedOut') : failureOf(silentProxy(proxy)));
    });
    const target = { origin: url.origin, path: url.pathname + url.search };
    dispatcher.dispatch(
      { ...target, method, headers, body: body ?? null },
      {
        onRequestStart(started) {
          controller = started;
          if (over.signal.aborted) started.abort(new Error('The request was aborted.'));
        },
        onResponseStart(_controller, status, received) {
          if (status < 200) return;
          head = { status, headers: firstOfEach(received) };
          if (awaits === 'head') answer();
        },
        onResponseData(_controller, chunk) {
          length += chunk.length;
          if (awaits !== 'head') chunks.push(chunk);
          if (length <= maxBodyBytes) return;
          if (awaits === 'start') {
            chunks.push(chunks.pop()!.subarray(0, maxBodyBytes - length));
            answer();
          }
          cancel(new HttpFailure('tooLarge'));
        },
        onResponseEnd() {
          end();
          answer();
        },
        onResponseError(_controller, error) {
          end();
          reject(head === undefined ? staleOr(error) : failureOf(error));
        },
      },
    );
  });
}

function firstOfEach(received: Readonly<NodeJS.Dict<string | string[]>>): Readonly<Record<string, string>> {
  const first: Record<string, string> = {};
  for (const [name, value] of Object.entries(received)) {
    const text = Array.isArray(value) ? value[0] : value;
    if (text !== undefined) first[name] = text;
  }
  return first;
}

/** Thrown when a kept connection ended before the response to its next request began. */
class StaleConnection extends HttpFailure {}

function staleOr(error: Error): HttpFailure {
  const failure = failureOf(error);
  const { socket } = error as ConnectionError;
  const isStale = failure.reason === 'reset' && (socket?.bytesRead ?? 0) > 0;
  return isStale ? new StaleConnection('reset', failure.code, error) : failure;
}

/** An error with the code of the library for a closed connection, or of Node for a reset one. */
interface ConnectionError extends Error {
  socket?: { readonly bytesRead?: number };
}

const systemCodes: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'ECONNRESET',
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_HEADERS_OVERFLOW: 'HPE_HEADER_OVERFLOW',
};

/** Maps codes to reasons; the first match counts. Other network codes are `unreachable`. */
const reasonsByCode: readonly (readonly [RegExp, HttpFailureReason])[] = [
  [/^ETIMEDOUT$/, 'timedOut'],
  [/^(ECONNRESET|EPIPE)$/, 'reset'],
  [/^(ENOTFOUND|EAI_)/, 'dns'],
  [/CERT|SIGNED|^ERR_(TLS|SSL)|^EPROTO$/, 'tls'],
  [/^(HPE_HEADER_OVERFLOW|ERR_BUFFER_TOO_LARGE)$/, 'tooLarge'],
  [/^(Z_|ERR_ZLIB|ERR_BUFFER)/, 'malformed'],
];

function failureOf(error: unknown): HttpFailure {
  if (error instanceof HttpFailure) return error;
  if (error instanceof ProxyError) return new HttpFailure('proxy', undefined, error, error.message);
  // The parser's error has no code, and its message quotes the response.
  if (error instanceof Error && error.name === 'HTTPParserError') return new HttpFailure('malformed');
  const own = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  const code = systemCodes[own ?? ''] ?? own;
  const reason = reasonsByCode.find(([codes]) => codes.test(code ?? ''))?.[1];
  return new HttpFailure(reason ?? 'unreachable', code, error);
}
