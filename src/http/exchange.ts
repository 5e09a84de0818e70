import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestIds } from './error-response.ts';

/** What a handler is given besides the request: who asks, in terms of the answer's headers. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly ids: RequestIds;
}

/** How this server names itself where Graph names its machine. */
const diagnostic = JSON.stringify({
  ServerInfo: { DataCenter: 'Rollcall', Slice: 'E', Ring: '1', ScaleUnit: '000', RoleInstance: 'ROLLCALL' },
});

/** Headers of every answer, as Graph sends them. */
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
