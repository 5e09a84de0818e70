/** One request and its answer on the wire. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestIds } from './error-response.ts';
import { endAnswer, unreadBody } from './unread-body.ts';

/** Where a request goes: resolved once, from its path. */
export interface Route {
  /** For the log, metrics, traces and faults: `/v1.0/communications/callRecords/{}`, or `other` for an unknown path. */
  readonly template: string;
  /** Only the supervisor can answer it, where workers answer requests. */
  readonly isForSupervisor?: boolean;
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly ids: RequestIds;
  readonly route: Route;
  /** Address that the connection came from. */
  readonly clientAddress: string | undefined;
  /** The body where it was read already; absent where it is still to come. */
  readonly body?: Buffer;
  /** Headers of the answer whatever it is, names and values by turns. */
  readonly headers: readonly string[];
  /** Takes the place of `send`, where a fault is played on the answer. */
  readonly sendInstead?: (answer: Answer) => void;
}

export interface Answer {
  readonly status: number;
  /** Names and values by turns. */
  readonly headers: readonly string[];
  readonly body: AnswerBody;
  /** A file: its headers are all it has, where others have those of Graph besides. */
  readonly isFile?: true;
}

/**
 * A small body is a latin1 string whose characters are its bytes: Node sends it with the headers in one write. A large
 * one stays in its parts, for joining them would cost more than handing them over.
 */
export type AnswerBody = string | readonly Buffer[];

/** How this server names itself where Graph names its machine. */
const diagnostic = JSON.stringify({
  ServerInfo: { DataCenter: 'Rollcall', Slice: 'E', Ring: '1', ScaleUnit: '000', RoleInstance: 'ROLLCALL' },
});

/** Headers of every answer, as Graph sends them, names and values by turns. */
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

/** Up to this many bytes, a string beats buffers (docs/performance.md). */
const stringBelow = 16_384;

export function bodyOf(...parts: readonly Buffer[]): AnswerBody {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return length < stringBelow ? parts.map((part) => part.toString('latin1')).join('') : parts;
}

/** Sends an answer in one piece. HEAD, 204 and 304 get the headers alone. */
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

/** Every header of an answer, names and values by turns. */
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
