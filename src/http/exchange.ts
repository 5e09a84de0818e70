/** One request and its answer on the wire. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestIds } from './error-response.ts';

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly ids: RequestIds;
}

export interface Answer {
  readonly status: number;
  /** Names and values by turns. */
  readonly headers: readonly string[];
  readonly parts: readonly Buffer[];
}

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
    'Accept, Accept-Encoding, Authorization, Prefer',
  ];
}

/** Up to this many bytes, joining the parts of a body costs less than handing them over one by one. */
const joinBelow = 16_384;

/** The body in as few parts as pays. */
export function joinSmall(parts: readonly Buffer[]): readonly Buffer[] {
  const length = lengthOf(parts);
  return parts.length > 1 && length < joinBelow ? [Buffer.concat(parts, length)] : parts;
}

/** Sends an answer in one piece. HEAD and 304 get the headers alone. */
export function send({ request, response, ids }: Exchange, { status, headers, parts }: Answer): void {
  const all = commonHeaders(ids);
  all.push(...headers);
  if (status !== 304) all.push('Content-Length', String(lengthOf(parts)));
  response.writeHead(status, all);
  const bodies = request.method === 'HEAD' || status === 304 ? [] : parts;
  if (bodies.length < 2) {
    response.end(bodies[0]);
    return;
  }
  response.cork();
  for (const part of bodies) response.write(part);
  response.end();
  response.uncork();
}

function lengthOf(parts: readonly Buffer[]): number {
  let length = 0;
  for (const part of parts) length += part.length;
  return length;
}
