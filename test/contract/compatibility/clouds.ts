/** Rows about what national clouds offer, about limits, and about other origins. */
import { type Area, type Json, refused, type Row } from './row.ts';

const cloud = (server: 'usgov' | 'dod' | 'china', path: string, segment?: string) =>
  segment === undefined
    ? { request: path, server, documented: 'Offered', status: 200 }
    : refused(path, `Resource not found for the segment '${segment}'.`, {
        server,
        documented: 'Not offered',
      });

const participantsInCopies = {
  documented: 'Not offered; offered in the copy of 2026-01',
};

const aLog = '…/getPstnCalls(fromDateTime=2026-02-02,toDateTime=2026-02-03)';

/** A request beyond one of Graph's limits. */
function throttled(request: string, limit: string): Row {
  return {
    request,
    server: 'throttled',
    documented: `${limit}, then 429 with \`Retry-After\``,
    status: 429,
    code: 'TooManyRequests',
    message: 'Please retry again later.',
    holds: (body, headers) => {
      const { innerError } = body['error'] as { innerError: Record<string, string> };
      const { code, message, status } = innerError;
      return (
        Number(headers.get('retry-after')) > 0 &&
        [code, message, status].join() === '429,Please retry after,429'
      );
    },
  };
}

export const clouds: Area = {
  title: 'National clouds (`--cloud`) and limits',
  rows: [
    cloud('usgov', '…/call'),
    cloud('usgov', '…/call/sessions'),
    { ...cloud('usgov', '…/call/participants_v2', 'participants_v2'), ...participantsInCopies },
    cloud('dod', '…'),
    { ...cloud('dod', '…/call/participants_v2/x', 'participants_v2'), ...participantsInCopies },
    ...(['usgov', 'dod'] as const).flatMap((server) =>
      ['getPstnCalls', 'getDirectRoutingCalls'].map((name) => ({
        ...cloud(server, `…/${name}(fromDateTime=2026-02-02,toDateTime=2026-02-03)`),
        documented: 'Offered; in pages of 2023 getDirectRoutingCalls was not',
      })),
    ),
    {
      request: '…/call/sessions?$select=isTest',
      server: 'usgov',
      documented: 'The schema of US Government has no isTest',
      departs: 'Served in every cloud',
      status: 200,
    },
    cloud(
      'china',
      '…/getPstnCalls(fromDateTime=2026-02-02,toDateTime=2026-02-03)',
      'getPstnCalls(fromDateTime=2026-02-02,toDateTime=2026-02-03)',
    ),
    cloud('china', '…', 'callRecords'),
    cloud('china', '…/call/sessions', 'sessions'),
    throttled('…/call', '40 requests in 20 s for a record'),
    throttled('…/call/sessions', '40 requests in 20 s for a record with its lists'),
    throttled('…', '40 requests in 20 s for the list'),
    throttled(aLog, '50 requests in 60 s for each log function'),
    {
      method: 'POST',
      request: '/v1.0/$batch',
      server: 'throttled',
      headers: { 'content-type': 'application/json' },
      body: { requests: [{ id: '1', method: 'GET', url: '/communications/callRecords/call' }] },
      documented: 'Each request of a batch counts and gets `Retry-After`',
      status: 200,
      holds: (body) => {
        const [only] = body['responses'] as readonly (Json & { headers: Record<string, string> })[];
        return only?.['status'] === 429 && Number(only.headers['Retry-After']) > 0;
      },
    },
    {
      request: '…/call',
      server: 'cors',
      headers: { origin: 'https://app.example' },
      note: '`--cors-origin https://app.example`',
      status: 200,
      holds: (_body, headers) => headers.get('access-control-allow-origin') === 'https://app.example',
    },
    {
      request: '…/call',
      server: 'cors',
      headers: { origin: 'https://else.example' },
      status: 200,
      holds: (_body, headers) => headers.get('access-control-allow-origin') === null,
    },
    {
      method: 'OPTIONS',
      request: '…/call',
      server: 'cors',
      headers: {
        origin: 'https://app.example',
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization',
      },
      status: 204,
      holds: (_body, headers) => headers.get('access-control-allow-headers') === 'authorization',
    },
    {
      method: 'OPTIONS',
      request: '…/call',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'GET' },
      note: 'Off without `--cors-origin`.',
      status: 405,
      code: 'Request_BadRequest',
      message: 'Requests of pages of this origin are not allowed here.',
    },
  ],
};
