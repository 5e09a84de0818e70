import { type Area, type Json, refused } from './row.ts';

const responses = (body: Json) => body['responses'] as readonly (Json & { readonly body?: Json })[];
const statuses = (body: Json) =>
  responses(body)
    .map(({ id, status }) => `${String(id)}:${String(status)}`)
    .join();
const get = (id: string, url: string, more: object = {}) => ({
  id,
  method: 'GET',
  url: `/communications/callRecords${url}`,
  ...more,
});
const batch = {
  method: 'POST',
  request: '/v1.0/$batch',
  headers: { 'content-type': 'application/json' },
} as const;
const many = (count: number) => ({
  requests: Array.from({ length: count }, (_, i) => get(String(i), '/call')),
});

export const service: Area = {
  title: 'Batches, tokens and the service',
  rows: [
    {
      request: '/v1.0/',
      documented: 'OData: the service document',
      status: 200,
      holds: (body) => body.value!.map(({ name }) => name).join() === 'subscriptions,communications',
    },
    {
      request: '/beta/$metadata',
      headers: { accept: 'application/json' },
      documented: 'OData: CSDL as XML or JSON',
      note: "Public, as Graph's.",
      status: 200,
      holds: (body) => body['$Version'] === '4.01' || body['$Version'] === '4.0',
    },
    {
      ...batch,
      body: { requests: [get('1', '/call?$select=id'), get('2', '/nobody')] },
      documented: 'Each request is answered on its own',
      status: 200,
      holds: (body) => statuses(body) === '1:200,2:404' && responses(body)[0]!.body!['id'] === 'call',
    },
    {
      ...batch,
      body: { requests: [get('b', '/call', { dependsOn: ['a'] }), get('a', '/nobody')] },
      documented: '424 if a dependency failed',
      status: 200,
      holds: (body) => statuses(body) === 'a:404,b:424',
    },
    {
      ...batch,
      body: {
        requests: [
          get('1', '/call/participants_v2?$select=id', { headers: { Prefer: 'odata.maxpagesize=3' } }),
        ],
      },
      documented: 'Headers of each request',
      status: 200,
      holds: (body) => responses(body)[0]!.body!.value!.length === 3,
    },
    {
      ...batch,
      body: { requests: [get('1', '/$count')] },
      documented: 'OData: text is a string',
      status: 200,
      holds: (body) => (responses(body)[0]!.body as unknown) === '3',
    },
    {
      ...batch,
      body: many(20),
      documented: 'At most 20',
      status: 200,
      holds: (body) => responses(body).length === 20,
    },
    {
      ...batch,
      body: many(21),
      documented: 'At most 20',
      status: 400,
      code: 'BadRequest',
      message: 'A batch can contain at most 20 requests; this one has 21.',
    },
    {
      ...batch,
      body: { requests: [get('1', '/call'), get('1', '/call')] },
      documented: 'Ids are unique',
      observed: {
        saw: 'this message for ids that differ in case; status and code not quoted',
        source: 'microsoft-graph-docs#4449',
        date: '2019-04-23',
      },
      status: 400,
      code: 'BadRequest',
      message: 'Request Id 1 has to be unique in a batch.',
    },
    {
      ...batch,
      body: { requests: [get('1', '/call', { dependsOn: ['2'] })] },
      status: 400,
      code: 'BadRequest',
      message: "'1' depends on '2', which is not in the batch.",
    },
    {
      ...batch,
      body: { requests: [{ id: '1', method: 'DELETE', url: '/communications/callRecords/call' }] },
      status: 200,
      note: 'The request gets 405.',
      holds: (body) => statuses(body) === '1:405',
    },
    {
      request: '/v1.0/$batch',
      documented: 'POST only',
      status: 405,
      code: 'Request_BadRequest',
      message: 'A batch is sent with POST.',
    },
    refused('/v1.0/users', "Resource not found for the segment 'users'."),
    {
      request: '…/call',
      headers: { authorization: '' },
      documented: '401',
      related: 'this code, other messages, on other paths (flutter_appauth#575, 2024-12-06)',
      status: 401,
      code: 'InvalidAuthenticationToken',
      message: 'Access token is empty.',
    },
    {
      request: '…/call',
      headers: { authorization: 'Bearer not-a-token' },
      documented: '401',
      related: 'this code and message on other paths (flutter_appauth#575, 2024-12-06)',
      note: '`WWW-Authenticate` has the challenge.',
      status: 401,
      code: 'InvalidAuthenticationToken',
      message:
        "IDX14100: JWT is not well formed, there are no dots (.).\nThe token needs to be in JWS or JWE Compact Serialization Format. (JWS): 'EncodedHeader.EncodedPayload.EncodedSignature'. (JWE): 'EncodedProtectedHeader.EncodedEncryptedKey.EncodedInitializationVector.EncodedCiphertext.EncodedAuthenticationTag'.",
      holds: (_body, headers) => headers.get('www-authenticate')?.startsWith('Bearer realm="", ') === true,
    },
    {
      request: '…/call',
      headers: { authorization: 'expired' },
      documented: '401',
      related: 'this code and message on other paths (mail-archiver#267)',
      status: 401,
      code: 'InvalidAuthenticationToken',
      message: 'Lifetime validation failed, the token is expired.',
    },
    {
      request: '…/call',
      headers: { authorization: 'another audience' },
      documented: '401',
      related: 'this code and message on `/v1.0/me` (microsoft-graph-docs#4752, 2019-06-05)',
      note: 'With Microsoft Entra, `serve` needs a token for your own API.',
      status: 401,
      code: 'InvalidAuthenticationToken',
      message: 'Access token validation failure. Invalid audience.',
    },
    {
      request: '…/call',
      headers: { authorization: 'delegated' },
      documented: 'No delegated permission',
      related: 'this answer of a beta log, cause not stated (docs-contrib#4445, 2020-10-07)',
      status: 403,
      code: 'Forbidden',
      message: '',
    },
    {
      request: '…/call',
      headers: { authorization: 'User.Read.All' },
      documented: 'CallRecords.Read.All',
      related: 'this answer of a beta log, cause not stated (docs-contrib#4445, 2020-10-07)',
      status: 403,
      code: 'Forbidden',
      message: '',
    },
    {
      request: '…/getPstnCalls(fromDateTime=2026-02-02,toDateTime=2026-02-03)',
      headers: { authorization: 'CallRecord-PstnCalls.Read.All' },
      documented: 'CallRecord-PstnCalls.Read.All (pages of 2023) or CallRecords.Read.All',
      status: 200,
    },
    {
      request: '…/call',
      headers: { accept: 'text/html' },
      documented: 'OData: 406',
      status: 406,
      code: 'NotAcceptable',
      message: 'Accept does not allow application/json, the only type of this resource.',
    },
  ],
};

const endpoint = (body: Json) => (body.value?.[0] ?? body)['caller'] as Json;

export const representations: Area = {
  title: 'Representations and preferences',
  rows: [
    {
      request: '…/call/sessions',
      documented: 'A productFamily beyond the sentinel is `unknownFutureValue`',
      status: 200,
      holds: (body) => (endpoint(body)['userAgent'] as Json)['productFamily'] === 'unknownFutureValue',
    },
    {
      request: '…/call/sessions',
      headers: { prefer: 'include-unknown-enum-members' },
      documented: 'Shows its name',
      status: 200,
      holds: (body, headers) =>
        (endpoint(body)['userAgent'] as Json)['productFamily'] === 'azureCommunicationServices' &&
        headers.get('preference-applied') === 'include-unknown-enum-members',
    },
    {
      request: '…/call/sessions?$expand=segments',
      headers: { accept: 'application/json;odata.metadata=none' },
      documented: 'OData: next link and count only',
      status: 200,
      holds: (body) =>
        !JSON.stringify(body).replace('"@odata.nextLink"', '').includes('@odata.') &&
        '@odata.nextLink' in body,
    },
    {
      request: '…/call',
      headers: { accept: 'application/json;odata.metadata=full' },
      documented: 'OData: all control information',
      status: 200,
      holds: (body) =>
        body['@odata.type'] === '#microsoft.graph.callRecords.callRecord' &&
        body['@odata.id'] === "communications/callRecords('call')",
    },
    {
      request: '…/call/sessions/session-1/segments',
      headers: { accept: 'application/json;IEEE754Compatible=true' },
      documented: 'OData: 64-bit integers are strings',
      status: 200,
      holds: (body) => JSON.stringify(body).includes('"packetUtilization":"4294967295"'),
    },
    { request: '…/call?$format=json', documented: 'OData', status: 200 },
    {
      request: '…/call',
      headers: { prefer: 'odata.maxpagesize=x, respond-async, omit-values=all' },
      documented: 'RFC 7240: unknown preferences are ignored',
      status: 200,
      holds: (_body, headers) => headers.get('preference-applied') === null,
    },
    {
      request: '…/call',
      headers: { prefer: 'rollcall.as-of=1' },
      note: 'The call in that version, or at a time.',
      status: 200,
      holds: (_body, headers) => headers.get('preference-applied') === 'rollcall.as-of=1',
    },
    {
      request: '…/call',
      headers: { prefer: 'rollcall.as-of=2020-01-01T00:00:00Z' },
      note: 'Before the call was stored.',
      status: 404,
      code: 'NotFound',
      message: '',
    },
    {
      request: '…',
      headers: { prefer: 'rollcall.as-of=1' },
      note: 'Ignored: a list has no version.',
      status: 200,
      holds: (_body, headers) => headers.get('preference-applied') === null,
    },
    {
      request: '…/call/participants_v2',
      headers: { prefer: 'rollcall.participants=reconciled' },
      note: 'The received list and inferred participants; `as-received`: the received list.',
      status: 200,
      holds: (_body, headers) => headers.get('preference-applied') === 'rollcall.participants=reconciled',
    },
    {
      request: '…/call/sessions?$expand=segments',
      headers: { 'accept-encoding': 'gzip' },
      documented: '`request-id`; `client-request-id` as sent',
      observed: {
        saw: 'gzip, `x-ms-ags-diagnostic`, and `client-request-id` equal to `request-id` if not sent, of a log',
        source: 'msgraph-sdk-python#285',
        date: '2023-08-03',
      },
      related: '`OData-Version: 4.0` and `Cache-Control: no-cache` on other paths',
      status: 200,
      holds: (_body, headers) =>
        headers.get('content-encoding') === 'gzip' &&
        headers.get('x-ms-ags-diagnostic')?.startsWith('{"ServerInfo":{') === true &&
        headers.get('client-request-id') === headers.get('request-id') &&
        headers.get('odata-version') === '4.0' &&
        headers.get('content-type') ===
          'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
    },
    {
      request: '…/call',
      headers: { accept: 'application/json;q=1' },
      related: 'older SDKs send it',
      status: 200,
    },
    {
      request: '…/call',
      headers: { 'client-request-id': 'mine' },
      documented: 'Echoed',
      status: 200,
      holds: (_body, headers) =>
        headers.get('client-request-id') === 'mine' &&
        /^[0-9a-f-]{36}$/.test(headers.get('request-id') ?? ''),
    },
    {
      request: '…/call?$expand=sessions',
      documented: '`organizer`, `participants`, `identity` end on 2026-06-30 or 2026-11-06',
      note: '`--deprecated as-before`',
      status: 200,
      holds: (body) =>
        body['organizer'] !== null &&
        ((body['sessions'] as Json[])[0]!['caller'] as Json)['identity'] !== null,
    },
    {
      request: '…/call?$expand=sessions',
      server: 'empty',
      documented: '`organizer`, `participants`, `identity` end on 2026-06-30 or 2026-11-06',
      note: '`--deprecated empty`',
      status: 200,
      holds: (body) =>
        body['organizer'] === null &&
        JSON.stringify(body['participants']) === '[]' &&
        ((body['sessions'] as Json[])[0]!['caller'] as Json)['identity'] === null,
    },
    {
      request: '…/call?$expand=sessions',
      server: 'absent',
      documented: '`organizer`, `participants`, `identity` end on 2026-06-30 or 2026-11-06',
      note: '`--deprecated absent`',
      status: 200,
      holds: (body) =>
        !('organizer' in body) &&
        !('participants' in body) &&
        !('identity' in ((body['sessions'] as Json[])[0]!['caller'] as Json)),
    },
  ],
};
