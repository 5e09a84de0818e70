/** Rows about areas of Graph that Rollcall does not have: `dev` answers 501, `serve` as Graph does for an unknown segment. */
import { type Area, type Json, refused, type Row } from './row.ts';

/** @param area In the table of src/contract/graph-areas.ts. */
function unemulated(request: string, area: string, row: Partial<Row> = {}): Row {
  return {
    request,
    server: 'emulator',
    documented: 'In the metadata of Graph',
    departs: 'The answer has `Rollcall-Not-Emulated`',
    status: 501,
    code: 'NotImplemented',
    message: `This emulator does not emulate '${area}' of Microsoft Graph. The response does not show what Graph does.`,
    holds: (_body, headers) => headers.get('rollcall-not-emulated') === area,
    ...row,
  };
}

export const unemulatedAreas: Area = {
  title: 'Areas of Graph that are not emulated',
  rows: [
    unemulated('/v1.0/users', 'users'),
    unemulated('/beta/me/onlineMeetings', 'me'),
    unemulated("/v1.0/groups('x')/members?$top=5", 'groups', { method: 'POST', body: {} }),
    unemulated('/v1.0/communications/adhocCalls', 'communications/adhocCalls'),
    unemulated('/v1.0/communications/onlineMeetings/x', 'communications/onlineMeetings', {
      method: 'DELETE',
    }),
    unemulated('/beta/communications/calls', 'communications/calls', { method: 'PUT' }),
    unemulated('/v1.0/communications/presences', 'communications/presences', { method: 'PATCH', body: {} }),
    unemulated('/beta/riskyUsers', 'riskyUsers'),
    {
      method: 'POST',
      request: '/v1.0/$batch',
      server: 'emulator',
      headers: { 'content-type': 'application/json' },
      body: { requests: [{ id: '1', method: 'GET', url: '/users' }] },
      note: 'The request in the batch gets 501.',
      status: 200,
      holds: (body) => {
        const [only] = body['responses'] as readonly (Json & { headers: Record<string, string> })[];
        return only?.['status'] === 501 && only.headers['Rollcall-Not-Emulated'] === 'users';
      },
    },
    {
      request: '/v1.0/users',
      server: 'emulator',
      headers: { authorization: '' },
      status: 401,
      code: 'InvalidAuthenticationToken',
      message: 'Access token is empty.',
    },
    refused('/v1.0/riskyUsers', "Resource not found for the segment 'riskyUsers'.", {
      server: 'emulator',
      documented: 'Beta only',
    }),
    refused('/v1.0/nothing', "Resource not found for the segment 'nothing'.", { server: 'emulator' }),
    refused('/v1.0/communications/nothing', "Resource not found for the segment 'nothing'.", {
      server: 'emulator',
    }),
    refused('/v1.0/communications/onlineMeetings', "Resource not found for the segment 'onlineMeetings'.", {
      documented: 'In the metadata of Graph',
      departs: '`serve` answers as for an unknown segment',
    }),
  ],
};
