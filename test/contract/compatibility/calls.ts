import {
  type Area,
  callType,
  caseOfIds,
  fixtures,
  type Json,
  refused,
  type Row,
  sentBySdks,
  unsupported,
} from './row.ts';

const ids = (body: Json) => body.value!.map(({ id }) => id).join();
const filtered = (filter: string, expected: string, documented: string, more: Partial<Row> = {}): Row => ({
  request: `…?$filter=${filter}`,
  documented,
  status: 200,
  note: `Returns ${expected.replace(',', ' and ') || 'no call'}.`,
  holds: (body) => ids(body) === expected,
  ...more,
});
const notOffered =
  "is not supported: this list can be filtered by startDateTime with lt, le, gt, ge, and by participants_v2/any(p:p/id eq 'id').";

const onStart = '`$filter` on startDateTime with lt, le, gt, ge';

export const calls: Area = {
  title: 'The list of calls',
  rows: [
    {
      request: '…',
      documented: 'Calls of 30 days, 60 a page',
      observed: {
        saw: 'ascending startDateTime, `participants` empty, `organizer_v2` filled',
        ...fixtures,
      },
      note: 'Sorted by start, then arrival. All pages show the state of the first.',
      status: 200,
      holds: (body) =>
        ids(body) === "call,o'neil,alone" &&
        String(body['@odata.context']).endsWith('/v1.0/$metadata#communications/callRecords') &&
        (body.value![0]!['participants'] as unknown[]).length === 0 &&
        body.value![0]!['organizer_v2'] !== null,
    },
    {
      request: '…?$select=id,startDateTime',
      documented: '`$select`',
      status: 200,
      holds: (body) =>
        Object.keys(body.value![0]!).join() === 'id,startDateTime' &&
        String(body['@odata.context']).endsWith('#communications/callRecords(id,startDateTime)'),
    },
    filtered('startDateTime ge 2026-03-02T11:00:00.1234567Z', "o'neil,alone", onStart),
    filtered('startDateTime gt 2026-03-02T11:00:00.1234567Z', 'alone', onStart),
    filtered('startDateTime le 2026-03-02T10:00:00Z', 'call', onStart),
    filtered('startDateTime lt 2026-03-02T10:00:00.0Z', '', onStart),
    filtered(
      'startDateTime ge 2026-03-02T12:00:00%2B02:00 and startDateTime lt 2026-03-03T00:00:00.000Z',
      "call,o'neil",
      'Clauses joined by `and`',
      {
        related: 'CLI for Microsoft 365 sends milliseconds',
      },
    ),
    filtered(
      "participants_v2/any(p:p/id eq 'participant-1')",
      'call',
      '`$filter` on the id of a participant',
    ),
    filtered("participants_v2/any(p:p/id eq 'e523D2ED-2966-4b6b-925b-754a88034cc5')", "o'neil", caseOfIds, {
      note: 'A GUID matches in any case.',
    }),
    filtered(
      "(participants_v2/any( who : (who/id eq '%2B5564981205182') ))",
      'call',
      "Exactly `participants_v2/any(p:p/id eq '…')`",
      {
        note: 'Any variable, parentheses and spacing.',
      },
    ),
    filtered(
      "participants_v2/any(p:p/id eq 'participant-0') and startDateTime gt 2026-03-02T10:30:00Z",
      "o'neil",
      'Clauses joined by `and`',
      {
        related: 'CLI for Microsoft 365 sends it',
      },
    ),
    refused(
      '…?$filter=startDateTime eq 2026-03-02T10:00:00Z',
      `The filter 'startDateTime eq 2026-03-02T10:00:00Z' ${notOffered}`,
      { documented: 'Only lt, le, gt, ge' },
    ),
    refused(
      '…?$filter=startDateTime ge 2026-03-02T10:00:00Z or startDateTime lt 2026-03-01T00:00:00Z',
      `The filter 'startDateTime ge 2026-03-02T10:00:00Z or startDateTime lt 2026-03-01T00:00:00Z' ${notOffered}`,
      { documented: 'Only `and`' },
    ),
    refused(
      '…?$filter=not (startDateTime lt 2026-03-02T10:00:00Z)',
      `The filter 'not (startDateTime lt 2026-03-02T10:00:00Z)' ${notOffered}`,
    ),
    refused(
      '…?$filter=startDateTime ge @from&@from=2026-03-02T10:00:00Z',
      `The filter 'startDateTime ge @from' ${notOffered}`,
      { documented: 'Literals only' },
    ),
    refused('…?$filter=startDateTime ge now()', `The filter 'startDateTime ge now()' ${notOffered}`, {
      documented: 'Literals only',
    }),
    refused(
      "…?$filter=type eq 'groupCall'",
      "The property 'type' cannot be used in the query option '$filter'.",
      { documented: 'Only startDateTime and participants' },
    ),
    refused(
      "…?$filter=nothing eq 'x'",
      `Invalid filter clause: Could not find a property named 'nothing' on type '${callType}'.`,
      { related: 'Such words on other paths' },
    ),
    refused(
      '…?$filter=startDateTime gt',
      "Invalid filter clause: Syntax error at position 16 in 'startDateTime gt'.",
    ),
    refused(
      "…?$filter=startDateTime gt '2026-03-02'",
      "A binary operator with incompatible types was detected. Found operand types 'Edm.DateTimeOffset' and 'Edm.String' for the operator 'gt'.",
    ),
    refused(
      '…?$filter=participants_v2/any(p:p/id eq 1)',
      "A binary operator with incompatible types was detected. Found operand types 'Edm.String' and 'Edm.Int32' for the operator 'eq'.",
    ),
    unsupported('…?$expand=sessions', '$expand', 'Not available on the list'),
    unsupported('…?$orderby=startDateTime', '$orderby'),
    unsupported('…?$top=5', '$top'),
    unsupported('…?$skip=5', '$skip'),
    unsupported('…?$search="x"', '$search'),
    unsupported('…?$count=true', '$count'),
    unsupported('…?$id=callRecords(1)', '$id', 'OData: with `$entity` only'),
    refused(
      '…?$top=-1',
      "Invalid value '-1' for $top query option found. The $top query option requires a non-negative integer value.",
    ),
    refused(
      '…?$orderby=startDateTime sideways',
      "Invalid orderby clause: Syntax error at position 14 in 'startDateTime sideways'.",
    ),
    refused(
      '…?$select=nothing',
      `Parsing OData Select and Expand failed: Could not find a property named 'nothing' on type '${callType}'.`,
      { related: 'these words on other paths (microsoft-graph-docs-contrib#4529, 2020-09-20)' },
    ),
    {
      request: '…?$top=5',
      server: 'loose',
      documented: 'Some requests ignore unsupported options',
      note: '`dev --loose` ignores it with a `Warning`.',
      status: 200,
      holds: (body, headers) =>
        body.value!.length === 3 && headers.get('warning') === '299 - "Ignored: $top"',
    },
    {
      request: '…/$count',
      related: sentBySdks,
      status: 200,
      note: '`3` as text/plain. `$filter` applies.',
      holds: (body) => (body as unknown) === 3,
    },
    {
      request: '…',
      headers: { prefer: 'odata.maxpagesize=2' },
      documented: '`@odata.nextLink`, opaque',
      status: 200,
      note: 'The token is sealed for tenant and filter.',
      holds: (body, headers) =>
        body.value!.length === 2 &&
        /\?\$skiptoken=[\w-]+$/.test(String(body['@odata.nextLink'])) &&
        headers.get('preference-applied') === 'odata.maxpagesize=2',
    },
    {
      request: '…?$select=id&$filter=startDateTime ge 2026-03-01T00:00:00Z',
      headers: { prefer: 'odata.maxpagesize=1' },
      documented: 'Next links repeat the query options',
      status: 200,
      holds: (body) =>
        decodeURIComponent(String(body['@odata.nextLink'])).includes(
          '/callRecords?$select=id&$filter=startDateTime ge 2026-03-01T00:00:00Z&$skiptoken=',
        ),
    },
    refused(
      '…?$skiptoken=abc',
      'The skip token is not valid for this collection. Request the first page again.',
    ),
    {
      method: 'POST',
      request: '…',
      documented: 'Only GET',
      related: 'this code and message on another path (microsoft-graph-docs#119, 2016-04-07)',
      status: 405,
      code: 'Request_BadRequest',
      message: 'Specified HTTP method is not allowed for the request target.',
    },
  ],
};
