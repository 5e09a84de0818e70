import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { RequestIds } from './error-response.ts';

/** Returns the request ids: Graph echoes a client's id and generates one when it is absent. */
export function requestIds(headers: IncomingHttpHeaders): RequestIds {
  const requestId = randomUUID();
  const own = headers['client-request-id'];
  const usable = typeof own === 'string' && own.length <= 128 && /^[\x21-\x7e]+$/.test(own);
  return { requestId, clientRequestId: usable ? own : requestId };
}
