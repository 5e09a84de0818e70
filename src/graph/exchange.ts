/** Represents one request and its response on the wire. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestIds } from './error-response.ts';
import { endAnswer, unreadBody } from './unread-body.ts';

/** The route of a request, resolved once from its path. */
export interface Route {
  /** `/v1.0/communications/callRecords/{}`, or `other`: for logs, metrics and traces. */
  readonly template: string;
  /** True when only the supervisor can answer, in a server with workers. */
  readonly isForSupervisor?: boolean;
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly ids: RequestIds;
  readonly route: Route;
  /** The peer address of the connection. */
  readonly clientAddress: string | undefined;
  /** The body when it was read already; absent when it has yet to be read. */
  readonly body?: Buffer;
  /** Headers that every response to this request gets, names and values alternating. */
  readonly headers: readonly string[];
  /** Replaces `send` when the emulator injects a fault into the response. */
  readonly sendInstead?: (answer: Answer) => void;
}

export interface Answer {
  readonly status: number;
  /** Names and values alternating. */
  readonly headers: readonly string[];
  readonly body: AnswerBody;
  /** True for a file: only the listed headers are sent, without Graph's common headers. */
  readonly isFile?: true;
}

/**
 * The body of a response. A small body is a latin1 string with one character per byte: Node sends it with the headers
 * in one write. A large body stays in parts, because joining them costs more than writing each.
 */
export type AnswerBody = string | readonly Buffer[];

/** The value of `x-ms-ags-diagnostic`, where Graph names its machine. */
const diagnostic = JSON.stringify({
  ServerInfo: { DataCenter: 'Rollcall', Slice: 'E', Ring: '1', ScaleUnit: '000', RoleInstance: 'ROLLCALL' },
});

/** Returns the headers that Graph sends with every response, names and values alternating. */
export function commonHeaders(ids: RequestIds): string[] {
  return [
    'request-id',
    ids.requestId,
    'client-request-id',
    ids.clientRequestId,
    'x-ms-ags-diagnostic',
    diagnostic,
    'OData-Version',
    '4.0',
    'Cache-Control',
    'no-cache',
    'Vary',
    'Accept, Accept-Encoding, Authorization, Cookie, Prefer',
  ];
}

/** Below this many bytes a string is faster than buffers (docs/performance.md). */
const stringBelow = 16_384;

export function bodyOf(...parts: readonly Buffer[]): AnswerBody {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return length < stringBelow ? parts.map((part) => part.toString('latin1')).join('') : parts;
}

export function bytesIn(body: AnswerBody): Buffer {
  return typeof body === 'string' ? Buffer.from(body, 'latin1') : Buffer.concat(body);
}

/** Sends a response in one piece. HEAD, 204 and 304 send headers only. */
export function send(exchange: Exchange, answer: Answer): void {
  if (exchange.sendInstead !== undefined) {
    exchange.sendInstead(answer);
    return;
  }
  const { request, response } = exchange;
  const { status, body } = answer;
  const hasBody = request.method !== 'HEAD' && !isBodiless(status);
  const headers = headersOf(exchange, answer);
  const unread = unreadBody(request);
  if (unread === 'long') headers.push('Connection', 'close');
  response.writeHead(status, headers);
  if (unread !== 'none') {
    if (!hasBody) response.flushHeaders();
    else if (typeof body === 'string') response.write(body, 'latin1');
    else for (const part of body) response.write(part);
    endAnswer(request, response, unread);
  } else if (!hasBody) response.end();
  else if (typeof body === 'string') response.end(body, 'latin1');
  else {
    response.cork();
    for (const part of body) response.write(part);
    response.end();
    response.uncork();
  }
}

/** Returns all headers of a response, names and values alternating. */
export function headersOf(exchange: Exchange, { status, headers, body, isFile }: Answer): string[] {
  const all = isFile === true ? [] : commonHeaders(exchange.ids);
  all.push(...headers, ...exchange.headers);
  if (!isBodiless(status)) all.push('Content-Length', String(lengthOf(body)));
  return all;
}

function isBodiless(status: number): boolean {
  return status === 304 || status === 204;
}

function lengthOf(body: AnswerBody): number {
  if (typeof body === 'string') return body.length;
  let length = 0;
  for (const part of body) length += part.length;
  return length;
}
