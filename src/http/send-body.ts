import { commonHeaders, type Exchange } from './exchange.ts';

export interface Answer {
  readonly status: number;
  readonly contentType?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly parts: readonly Buffer[];
}

/** Sends an answer in one piece: its parts corked, never joined. HEAD gets the headers alone. */
export function sendBody({ request, response, ids }: Exchange, answer: Answer): void {
  const { status, contentType, parts } = answer;
  const headers = commonHeaders(ids);
  if (contentType !== undefined) headers.push('Content-Type', contentType);
  for (const [name, value] of answer.headers ?? []) headers.push(name, value);
  if (status !== 304) {
    let length = 0;
    for (const part of parts) length += part.length;
    headers.push('Content-Length', String(length));
  }
  response.writeHead(status, headers);
  if (request.method === 'HEAD' || status === 304 || parts.length === 0) {
    response.end();
    return;
  }
  if (parts.length === 1) {
    response.end(parts[0]);
    return;
  }
  response.cork();
  for (const part of parts) response.write(part);
  response.end();
  response.uncork();
}
