/**
 * Sends requests to upstream's call-records API within the rate limits, and converts each failure to an
 * UpstreamFailure.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { graphTemplate } from '../../contract/graph-template.ts';
import type { LimitedRequest } from '../../contract/throttling-limits.ts';
import { inSpan, isTracing, traceHeaders } from '../../base/tracing/tracing.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../base/http-client.ts';
import { asObject, jsonObject } from '../../base/json.ts';
import { UpstreamFailure } from './failure.ts';
import type { Tokens } from './tokens.ts';
import { trimEnd } from '../../base/trim-end.ts';

interface UpstreamClientOptions {
  /** The URL before the version: `https://graph.microsoft.com`. */
  readonly upstream: URL;
  readonly connection: HttpClient;
  readonly tokens: Tokens;
  readonly budget: RateLimiter;
  readonly clock: Clock;
  /** Called before each request except those for tokens. */
  readonly onRequest: () => void;
}

/** The longest `Retry-After` that is honored. */
const maxRetryAfterMs = 3600_000;

export class UpstreamClient {
  readonly #options: UpstreamClientOptions;
  readonly #root: string;
  readonly #isNear: boolean;

  constructor(options: UpstreamClientOptions) {
    this.#options = options;
    this.#root = trimEnd(options.upstream.href, '/');
    this.#isNear = isLoopback(options.upstream.hostname);
  }

  /** Sends a GET. @param path The path after the root: `v1.0/communications/callRecords`. */
  get(path: string, request: LimitedRequest, signal: AbortSignal): Promise<Buffer> {
    return this.#body('GET', `${this.#root}/${path}`, request, signal);
  }

  /**
   * Follows a next link. @param link As upstream sent it. @throws UpstreamFailure `notUnderstood` when it leads to
   * another host, which must not get the token
   */
  follow(link: string, request: LimitedRequest, signal: AbortSignal): Promise<Buffer> {
    const url = URL.canParse(link, this.#root) ? new URL(link, this.#root) : undefined;
    if (url?.origin !== this.#options.upstream.origin)
      throw new UpstreamFailure('notUnderstood', { detail: 'a next link leads to another server' });
    return this.#body('GET', url.href, request, signal);
  }

  /** Sends a request. @returns The body of the response, empty when it has none. */
  async send(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body: object | undefined,
    signal: AbortSignal,
  ): Promise<Buffer> {
    return this.#body(method, `${this.#root}/${path}`, { of: 'other' }, signal, body);
  }

  async #body(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    request: LimitedRequest,
    signal: AbortSignal,
    body?: object,
  ): Promise<Buffer> {
    for (let isFirst = true; ; isFirst = false) {
      const token = await this.#options.tokens.get(signal);
      const answer = await this.#exchange(method, url, token, request, signal, body);
      if (answer.status >= 200 && answer.status < 300) return answer.body;
      // The token may have been revoked before its expiry: one retry with a new one.
      if (answer.status === 401) this.#options.tokens.refused(token);
      if (answer.status !== 401 || !isFirst) throw this.#failureOf(answer);
    }
  }

  async #exchange(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    token: string,
    request: LimitedRequest,
    signal: AbortSignal,
    body: object | undefined,
  ): Promise<HttpAnswer> {
    const answered = await this.#options.budget.admit(request, signal);
    this.#options.onRequest();
    try {
      const headers = {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        // On this machine, decompression costs more than it saves.
        'accept-encoding': this.#isNear ? 'identity' : 'gzip',
        // Enum members past the sentinel are sent by name only on request.
        ...(request.of !== 'list' && { prefer: 'include-unknown-enum-members' }),
        'client-request-id': randomUUID(),
        'user-agent': 'Rollcall',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      };
      const text = body === undefined ? undefined : JSON.stringify(body);
      return await this.#send({ method, url: new URL(url), headers, body: text }, signal);
    } finally {
      answered();
    }
  }

  /** Sends a request in a span that follows the HTTP semantic conventions, without the URL: it contains keys. */
  #send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const { connection, upstream } = this.#options;
    if (!isTracing()) return connection.send(request, signal);
    const { method, url } = request;
    const template = graphTemplate(url.pathname.slice(trimEnd(upstream.pathname, '/').length));
    const attributes = {
      'http.request.method': method,
      'url.template': template,
      'server.address': url.hostname,
      'server.port': Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
    };
    return inSpan({ name: `${method} ${template}`, kind: 'client', attributes }, async (span) => {
      const answer = await connection.send(
        { ...request, headers: { ...request.headers, ...traceHeaders() } },
        signal,
      );
      span?.set('http.response.status_code', answer.status);
      if (answer.status >= 400) span?.failed(String(answer.status));
      return answer;
    });
  }

  #failureOf({ status, headers, body }: HttpAnswer): UpstreamFailure {
    const { code, message } = errorOf(body);
    const facts = {
      detail: code === undefined ? `status ${status}` : `status ${status}, ${code}`,
      refusal: { status, message },
      retryAfterMs: this.#retryAfterMs(headers['retry-after']),
    };
    if (status === 401) return new UpstreamFailure('credentialsRefused', facts);
    if (status === 403) return new UpstreamFailure('permissionMissing', facts);
    if (status === 404 || status === 410) return new UpstreamFailure('notFound', facts);
    if (status === 429) return new UpstreamFailure('throttled', facts);
    if (status === 408 || status >= 500) return new UpstreamFailure('upstreamDown', facts);
    return new UpstreamFailure('notUnderstood', facts);
  }

  /** Parses `Retry-After`: seconds, possibly fractional, or a date (RFC 9110, section 10.2.3). */
  #retryAfterMs(value: string | undefined): number | undefined {
    if (value === undefined) return undefined;
    const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
    const ms =
      seconds === undefined ? Date.parse(value) - this.#options.clock.now().getTime() : seconds * 1000;
    return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), maxRetryAfterMs);
  }
}

/** Returns the error of a response. Its code may be logged if it is a word; its message never. */
function errorOf(body: Buffer): { readonly code: string | undefined; readonly message: string } {
  const { code, message } = asObject(jsonObject(body)?.['error']) ?? {};
  return {
    code: typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : undefined,
    message: typeof message === 'string' ? message : '',
  };
}

/** Returns true for plain http to another machine, which can be read in transit. */
export function isPlainHttpElsewhere({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && !isLoopback(hostname);
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
