import { type Area, type Json, refused, unsupported } from './row.ts';

const ids = (body: Json) => body.value!.map(({ id }) => id).join();
const sessions = (body: Json) => body['sessions'] as readonly Json[] | undefined;
const hasSegments = (body: Json) => sessions(body)!.every((session) => 'segments' in session);
const noPrefix = '`$` is optional on v1.0 for APIs that the documentation does not name';
/** The page says once what it is. */
const announced = 'Announcement of 2016';
const batch = {
  method: 'POST',
  request: '/v1.0/$batch',
  body: { requests: [{ id: '1', method: 'GET', url: '/communications/callRecords/call' }] },
  related:
    'the Go SDK compresses bodies, and repeats them plain after 415; Graph has answered 400 (msgraph-sdk-design#71, 2022-01-11)',
} as const;

/** Option names, dates and bodies as SDKs and people write them, where the examples of the documentation write others. */
export const requests: Area = {
  title: 'Requests as clients send them',
  rows: [
    {
      request: '…/call?$Expand=sessions(%24expand%3Dsegments)',
      documented: 'OData 4.01: any letter case',
      observed: {
        saw: 'sessions and segments; the PowerShell SDK adds the `$`',
        source: 'msgraph-sdk-powershell#1885',
        date: '2023-04-03',
      },
      status: 200,
      holds: hasSegments,
    },
    {
      request: '…/call?Expand=sessions(%24expand%3Dsegments)',
      related: `${noPrefix}; from a log of the PowerShell SDK (msgraph-sdk-powershell#1885)`,
      status: 200,
      holds: hasSegments,
    },
    {
      request: '…/call?expand=sessions',
      related: `${noPrefix}; works on paths of files (microsoft-graph-docs#9418, #19879, 2020, 2023)`,
      status: 200,
      holds: (body) => sessions(body)!.length === 60 && !hasSegments(body),
    },
    {
      request: '…/call?expand=sessions(select=id;expand=segments)',
      documented: `${announced}: nested options too`,
      status: 200,
      holds: (body) => Object.keys(sessions(body)![0]!).join() === 'id,segments',
    },
    {
      request: '/beta/communications/callRecords?select=id&filter=startDateTime ge 2026-03-03',
      documented: '`$` is optional on beta',
      status: 200,
      holds: (body) => ids(body) === 'alone' && Object.keys(body.value![0]!).join() === 'id',
    },
    {
      request: '…?Select=id&filter=startDateTime ge 2026-03-03',
      related: `${noPrefix}; refused on \`/v1.0/users\` (microsoft-graph-docs#4488, 2019-04-29)`,
      note: 'As on beta.',
      status: 200,
      holds: (body) => ids(body) === 'alone' && Object.keys(body.value![0]!).join() === 'id',
    },
    { ...unsupported('…?top=5', '$top'), note: 'As with `$`.' },
    refused('…/call?$expand=sessions&expand=sessions', "The query option '$expand' is given twice.", {
      documented: `${announced}: both spellings are 400`,
    }),
    {
      request: '…/call?apply=x&deltatoken=y&mine=z',
      documented: 'OData: unknown names without `$` are ignored',
      note: 'A `Warning` names those that are options with `$`.',
      status: 200,
      holds: (_body, headers) => headers.get('warning') === '299 - "Ignored: apply, deltatoken"',
    },
    {
      request: '…?$filter=startDateTime ge 2026-03-02 and startDateTime lt 2026-03-03',
      documented: 'A draft of the page (beta, 2023) has dates',
      note: 'A date means its start in UTC.',
      status: 200,
      holds: (body) => ids(body) === "call,o'neil",
    },
    refused(
      '…?$filter=startDateTime ge 2026-02-30',
      "Invalid filter clause: '2026-02-30' is not a valid date or time at position 17 in 'startDateTime ge 2026-02-30'.",
    ),
    refused(
      "…?$filter=startDateTime ge datetime'2026-03-02'",
      "The filter 'startDateTime ge datetime'2026-03-02'' is not supported: this list can be filtered by startDateTime with lt, le, gt, ge, and by participants_v2/any(p:p/id eq 'id').",
      { documented: 'OData 4: no prefix' },
    ),
    {
      request: '…/call',
      headers: { accept: 'json' },
      note: 'A header without a media range is ignored.',
      status: 200,
    },
    {
      request: '…/call',
      headers: { prefer: 'IdType="ImmutableId", odata.maxpagesize="', consistencylevel: 'eventual' },
      documented: 'RFC 7240: unknown preferences are ignored',
      related: 'headers for other APIs of Graph',
      status: 200,
    },
    {
      ...batch,
      headers: { 'content-type': 'application/json' },
      body: {
        requests: [
          {
            id: '1',
            method: 'GET',
            url: 'communications/callRecords/call',
            headers: { 'Content-Length': 0, ConsistencyLevel: null, Prefer: ['omit-values=nulls'] },
          },
        ],
      },
      related: 'scripts send numbers, null and lists for strings',
      note: 'A list is read as in HTTP; null means no header.',
      status: 200,
      holds: (body) => {
        const [item] = body['responses'] as readonly { status: number; headers: Record<string, string> }[];
        return item!.status === 200 && item!.headers['Preference-Applied'] === 'omit-values=nulls';
      },
    },
    {
      ...batch,
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      documented: 'RFC 9110, section 8.4',
      status: 200,
      holds: (body) => (body['responses'] as readonly Json[])[0]!['status'] === 200,
    },
    {
      ...batch,
      headers: { 'content-type': 'application/json', 'content-encoding': 'br' },
      documented: 'RFC 9110, section 15.5.16: 415, with `Accept-Encoding`',
      status: 415,
      code: 'UnsupportedMediaType',
      message:
        "The content coding of the body is not supported. Send it with 'Content-Encoding: gzip' or without compression.",
      holds: (_body, headers) => headers.get('accept-encoding') === 'gzip',
    },
  ],
};
