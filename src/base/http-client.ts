/**
 * The HTTP client behind every request that Rollcall sends: each response is limited in size and time, no redirect is
 * followed, and a failure is one of a few reasons (docs/decisions/0029-one-http-client.md).
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
   * What the caller waits for: the whole `body`, which fails when it is longer than the limit; its `start`, cut at the
   * limit; or the `head` alone. `body` when absent.
   */
  readonly awaits?: 'body' | 'start' | 'head';
  /** In place of the client's own. */
  readonly timeoutMs?: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** By names in lower case; of a repeated header the first. */
  readonly headers: Readonly<Record<string, string>>;
  /** A whole one is unpacked where it came as gzip. */
  readonly body: Buffer;
}

/** Why a request has no response, and what to say where no code does. */
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

/** What the codes mean that a network fails with most. */
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

/** A request without a response. Neither its message nor its code holds anything of what was received. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';
  readonly reason: HttpFailureReason;
  /** Of the system or of the parser: `ECONNREFUSED`. */
  readonly code: string | undefined;

  /** @param says In place of the code: which proxy failed, and how. */
  constructor(reason: HttpFailureReason, code?: string, cause?: unknown, says?: string) {
    super(says ?? textOf(reason, code), { cause });
    this.reason = reason;
    this.code = code;
  }
}

export interface HttpClient {
  /** @throws HttpFailure; or the reason of the signal, once it is aborted */
  send(request: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer>;
  /** Requests that wait for their response. */
  readonly underWay: number;
  /** Ends what is under way and the connections that are kept open. */
  close(): void;
}

/** Resolves a name to all of its addresses, as `dns.lookup` does. */
export type Resolve = (
  hostname: string,
  options: { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface HttpClientOptions {
  /** Measures `timeoutMs`. */
  readonly clock: Clock;
  /** Time for a whole exchange. */
  readonly timeoutMs: number;
  /** Of a body as received and as unpacked. */
  readonly maxBodyBytes: number;
  /** Connections to one server; any number when absent. */
  readonly connections?: number;
  /**
   * Decides for each connection, by the address that it would lead to; every address is allowed when absent. Of a host
   * that a proxy resolves it decides by the host itself, where that is an address.
   */
  readonly mayConnect?: ((address: string) => boolean) | undefined;
  readonly resolve?: Resolve | undefined;
  /** Uses the proxies of the environment where Node is set to use them. */
  readonly usesProxy?: boolean;
  /** Sends a request again when a kept connection ends before the response begins: the server may have closed it first. */
  readonly repeatsOnStaleConnection?: boolean;
}

/** For a connection with its TLS handshake; real time. */
const connectTimeoutMs = 10_000;
/** How long a connection is kept open for the next request, unless the server says less. */
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
 * The response as libraries for OAuth take it.
 *
 * @param names Of the headers to pass on: a library that finds a challenge looks no further.
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

/** The library is loaded with the first request: it takes a third of the time in which a command starts. */
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
    // The clock of the client ends an exchange, not the timers of the library.
    ...{ connections, keepAliveTimeout: idleMs, headersTimeout: 0, bodyTimeout: 0 },
    connect(target: buildConnector.Options, callback: buildConnector.Callback) {
      open(target).then(
        (socket) => {
          socket.on('error', (broken: ConnectionError) => (broken.socket = { bytesRead: socket.bytesRead }));
          callback(null, socket);
        },
        (error: unknown) => callback(error as Error, null), // whatever is thrown there is one
      );
    },
  });
}

/** By origin, the proxy that was asked for a tunnel and has not answered. */
type Tunnelling = Map<string, URL>;

/**
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
  // A literal is connected to without a look-up; a proxy would take a name of its own machine for itself.
  const address = proxy !== undefined && /(^|\.)localhost\.?$/.test(hostname) ? '127.0.0.1' : hostname;
  if (isIP(address) !== 0 && mayConnect?.(address) === false) throw new HttpFailure('addressForbidden');
  if (proxy === undefined) return undefined;
  tunnelling.set(url.origin, proxy);
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  return openTunnel(proxy, { hostname, port }, connectTimeoutMs).finally(() => tunnelling.delete(url.origin));
}

/** Looks a name up and passes on only the addresses that may be connected to: what is checked is what is used. */
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
    /** Ends an exchange that is under way: one that waits for a connection ends when it has one. */
    const cancel = (reason: Error) => {
      end();
      reject(reason);
      controller?.abort(new Error('The request was aborted.'));
    };
    const stop = () => cancel(signal!.reason as Error); // it listens to a signal
    const answer = () => {
      const received = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      // A body follows a head.
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

/** A kept connection ended before the response to its next request began. */
class StaleConnection extends HttpFailure {}

function staleOr(error: Error): HttpFailure {
  const failure = failureOf(error);
  const { socket } = error as ConnectionError;
  const isStale = failure.reason === 'reset' && (socket?.bytesRead ?? 0) > 0;
  return isStale ? new StaleConnection('reset', failure.code, error) : failure;
}

/** As the library makes it where a connection is closed, and as it is made here where one is reset. */
interface ConnectionError extends Error {
  socket?: { readonly bytesRead?: number };
}

/** Node's codes for what the library has codes of its own. */
const systemCodes: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'ECONNRESET',
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_HEADERS_OVERFLOW: 'HPE_HEADER_OVERFLOW',
};

/** The first whose codes match; the network's other codes are `unreachable`. */
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
  // What the parser did not understand stands in its error, without a code.
  if (error instanceof Error && error.name === 'HTTPParserError') return new HttpFailure('malformed');
  const own = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  const code = systemCodes[own ?? ''] ?? own;
  const reason = reasonsByCode.find(([codes]) => codes.test(code ?? ''))?.[1];
  return new HttpFailure(reason ?? 'unreachable', code, error);
}
