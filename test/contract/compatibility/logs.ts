import { type Area, type Json, refused, unsupported } from './row.ts';

const logs = (name: string, from: string, to: string, version = 'v1.0') =>
  `${version === 'v1.0' ? '…' : `/${version}/communications/callRecords`}/${name}(fromDateTime=${from},toDateTime=${to})`;
const context = (body: Json) => String(body['@odata.context']).replace(/^.*#/, '');
const is = (type: string, rows: number) => (body: Json) =>
  context(body) === `Collection(microsoft.graph.callRecords.${type})` &&
  body['@odata.count'] === rows &&
  body.value!.length === rows;

export const logFunctions: Area = {
  title: 'Logs and reports',
  rows: [
    {
      request: logs('getPstnCalls', '2026-02-01', '2026-02-02'),
      documented: '1,000 a page, `@odata.count` of the page, next link with `$skip`',
      status: 200,
      holds: (body) =>
        is('pstnCallLogRow', 1000)(body) && String(body['@odata.nextLink']).endsWith('?$skip=1000'),
    },
    {
      request: `${logs('getPstnCalls', '2026-02-01', '2026-02-02')}?$skip=1000`,
      documented: 'Next links are written so',
      status: 200,
      holds: is('pstnCallLogRow', 1),
    },
    {
      request: logs('getPstnCalls', '2026-02-02', '2026-02-10'),
      documented: '`toDateTime` inclusive',
      status: 200,
      holds: is('pstnCallLogRow', 1),
    },
    {
      request: logs('getPstnCalls', '2026-02-02', '2026-02-09T23:59:59.9999999Z'),
      documented: '`toDateTime` inclusive',
      observed: { saw: 'seven digits work', source: 'microsoft-graph-docs#12668', date: '2021-05-10' },
      status: 200,
      holds: is('pstnCallLogRow', 0),
    },
    {
      request: logs('microsoft.graph.callRecords.getPstnCalls', '2026-02-02T00%3A00%3A00Z', '2026-02-11'),
      related: 'The SDKs send it',
      status: 200,
      holds: is('pstnCallLogRow', 1),
    },
    {
      request: `${logs('getPstnCalls', '@from', '@to')}?@from=2026-02-02&@to=2026-02-11T00%3A00%3A00Z`,
      documented: 'OData: parameter aliases',
      status: 200,
      holds: is('pstnCallLogRow', 1),
    },
    refused(
      `${logs('getPstnCalls', '@from', '@to')}?@from=2026-02-02`,
      "The parameter alias '@to' has no value.",
      { documented: 'OData: it stands for null', departs: 'A range needs both ends' },
    ),
    {
      request: logs('getPstnCalls', '2026-02-02', '2026-02-11'),
      headers: { prefer: 'odata.maxpagesize=1, omit-values=nulls, include-unknown-enum-members' },
      documented: 'No preference',
      note: 'Ignored, and not in `Preference-Applied`.',
      status: 200,
      holds: (_body, headers) => headers.get('preference-applied') === null,
    },
    {
      request: logs('getPstnCalls', '2026-02-02', '2026-02-11'),
      documented: '`otherPartyCountryCode` in beta only',
      status: 200,
      holds: (body) => !('otherPartyCountryCode' in body.value![0]!) && !('@odata.type' in body.value![0]!),
    },
    {
      request: logs('getPstnCalls', '2026-02-02', '2026-02-11', 'beta'),
      documented: '`otherPartyCountryCode` in beta only',
      status: 200,
      holds: (body) => body.value![0]!['otherPartyCountryCode'] === 'US',
    },
    {
      request: logs('getDirectRoutingCalls', '2026-02-02', '2026-02-10'),
      documented: '`toDateTime` exclusive',
      status: 200,
      holds: is('directRoutingLogRow', 0),
    },
    {
      request: logs('getDirectRoutingCalls', '2026-02-10', '2026-02-11'),
      documented: '`fromDateTime` inclusive; obfuscated numbers in some countries',
      note: 'Numbers as received.',
      status: 200,
      holds: (body) =>
        is('directRoutingLogRow', 1)(body) && body.value![0]!['callerNumber'] === '+12345678***',
    },
    {
      request: logs('getSmsLog', '2026-02-02', '2026-02-10', 'beta'),
      documented: '`toDateTime` inclusive; beta only',
      status: 200,
      holds: is('smsLogRow', 1),
    },
    {
      request: logs('getPstnBlockedUsersLog', '2026-02-02', '2026-02-10', 'beta'),
      documented: '`Blocked` in the example, `blocked` in the type',
      note: 'As received.',
      status: 200,
      holds: (body) =>
        is('pstnBlockedUsersLogRow', 1)(body) && body.value![0]!['userBlockMode'] === 'Blocked',
    },
    {
      request: logs('getPstnOnlineMeetingDialoutReport', '2026-02-02', '2026-02-10', 'beta'),
      documented: 'Rows are sums and have no time',
      note: 'Returns all rows, whatever the range.',
      status: 200,
      holds: is('pstnOnlineMeetingDialoutReport', 1),
    },
    refused(
      logs('getSmsLog', '2026-02-02', '2026-02-10'),
      "Resource not found for the segment 'getSmsLog(fromDateTime=2026-02-02,toDateTime=2026-02-10)'.",
      { documented: 'Beta only' },
    ),
    refused(
      logs('getPstnCalls', '', ''),
      "Expression expected at position 13 in 'fromDateTime=,toDateTime='.",
      { observed: { saw: 'this answer', source: 'msgraph-sdk-python#285', date: '2023-08-03' } },
    ),
    refused(
      logs('getPstnCalls', '2026-02-02', 'soon'),
      "The parameter 'toDateTime' is not a date, nor a date and time with a zone, at position 35 in 'fromDateTime=2026-02-02,toDateTime=soon'.",
    ),
    refused('…/getPstnCalls(fromDateTime=2026-02-02)', "The parameter 'toDateTime' is missing."),
    refused('…/getPstnCalls(from=2026-02-02,to=2026-02-03)', "The function has no parameter 'from'.", {
      documented: 'One next link is written so',
      departs: 'All requests in the examples have other names',
    }),
    refused(logs('getPstnCalls', '2026-02-03', '2026-02-02'), 'The range ends before it begins.'),
    {
      request: logs('getPstnCalls', '2026-01-01', '2026-04-01T00:00:01Z'),
      documented: 'At most 90 days',
      observed: {
        saw: '406, code and message not quoted',
        source: 'microsoft-graph-docs#10883',
        date: '2020-12-02',
      },
      status: 406,
      code: 'NotAcceptable',
      message: 'The range is longer than 90 days.',
    },
    {
      request: logs('getPstnCalls', '2026-01-01', '2026-04-01'),
      documented: 'At most 90 days',
      status: 200,
    },
    {
      request: `${logs('getDirectRoutingCalls', '2026-02-10', '2026-02-11')}?$filter=id eq 'x'`,
      observed: { saw: 'silently ignored', source: 'microsoft-graph-docs#12668', date: '2021-05-10' },
      note: 'Ignored, with a `Warning`.',
      status: 200,
      holds: (body, headers) =>
        body.value!.length === 1 && headers.get('warning') === '299 - "Ignored: $filter"',
    },
    unsupported(`${logs('getPstnCalls', '2026-02-01', '2026-02-02')}?$top=5`, '$top'),
    unsupported(`${logs('getPstnCalls', '2026-02-01', '2026-02-02')}?$select=id`, '$select'),
    refused(
      `${logs('getPstnCalls', '2026-02-01', '2026-02-02')}?$skip=x`,
      "Invalid value 'x' for $skip query option found. The $skip query option requires a non-negative integer value.",
    ),
  ],
};
