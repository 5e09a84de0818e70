import {
  type Area,
  callType,
  caseOfIds,
  fixtures,
  type Json,
  refused,
  sentBySdks,
  unsupported,
} from './row.ts';

const list = (body: Json, name: string) => body[name] as readonly Json[];
const context = (body: Json) => String(body['@odata.context']).replace(/^.*#/, '');
const selectFailed = 'Parsing OData Select and Expand failed:';

export const call: Area = {
  title: 'One call',
  rows: [
    {
      request: '…/call',
      documented: 'The call with `organizer_v2`, and `participants_v2@odata.context` without the list',
      observed: { saw: '`id` first, nulls written', ...fixtures },
      status: 200,
      holds: (body) =>
        context(body) === 'communications/callRecords/$entity' &&
        context({ '@odata.context': body['organizer_v2@odata.context'] }) ===
          "communications/callRecords('call')/organizer_v2/$entity" &&
        'organizer_v2' in body &&
        'participants_v2@odata.context' in body &&
        !('participants_v2' in body) &&
        !('sessions' in body) &&
        body['joinWebUrl'] === null,
    },
    {
      request: "…('call')",
      documented: 'The canonical form',
      status: 200,
      holds: (body) => body['id'] === 'call',
    },
    {
      request: "…('o''neil')",
      documented: 'OData: an inner quote is doubled',
      status: 200,
      holds: (body) => body['id'] === "o'neil",
    },
    {
      request: '…/CALL',
      documented: caseOfIds,
      note: 'Only GUIDs match in any case.',
      status: 404,
      code: 'NotFound',
      message: '',
    },
    {
      request: '…/nobody',
      documented: '404 if unknown or over 30 days old',
      observed: {
        saw: '`NotFound`, empty message, status not quoted',
        source: 'microsoft-graph-docs#11739',
        date: '2021-02-23',
      },
      status: 404,
      code: 'NotFound',
      message: '',
      note: '`innerError` has `date` without zone, `request-id`, `client-request-id`.',
      holds: (body) => {
        const { innerError } = body['error'] as { innerError: Record<string, string> };
        const { date = '', ...ids } = innerError;
        return (
          /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(date) && 'request-id' in ids && 'client-request-id' in ids
        );
      },
    },
    {
      request: '…/call',
      server: 'forgetful',
      documented: 'Deleted after 30 days',
      observed: {
        saw: 'this message for ids of PSTN calls, status and code not quoted',
        source: 'microsoft-graph-docs#14031',
        date: '2021-08-30',
      },
      note: '`dev --retention-days 30`',
      status: 404,
      code: 'NotFound',
      message:
        'Could not find the requested call record. Records about calls or online meetings that started more than 30 days ago are not available.',
    },
    {
      request: '…/call',
      server: 'late',
      documented: 'Records appear up to 150 minutes late',
      note: '`dev --late-minutes 150`',
      status: 404,
      code: 'NotFound',
      message: '',
    },
    {
      request: '…/call',
      headers: { prefer: 'omit-values=nulls' },
      documented: 'Removes null or empty values',
      status: 200,
      holds: (body, headers) =>
        !JSON.stringify(body).includes('null') && headers.get('preference-applied') === 'omit-values=nulls',
    },
    {
      request: '…/call?$select=id,type',
      documented: '`$select`',
      observed: { saw: '`$select` drops `organizer_v2`', ...fixtures },
      status: 200,
      holds: (body) => Object.keys(body).join() === '@odata.context,id,type',
    },
    {
      request: '…/call?$expand=participants_v2',
      documented: 'At most 130, then `participants_v2@odata.nextLink`',
      status: 200,
      holds: (body) =>
        list(body, 'participants_v2').length === 130 &&
        context(body) === 'communications/callRecords(participants_v2())/$entity' &&
        String(body['participants_v2@odata.nextLink']).includes('/call/participants_v2?$skiptoken='),
    },
    {
      request: '…/call?$expand=sessions',
      documented: 'At most 60, then `sessions@odata.nextLink`',
      status: 200,
      holds: (body) =>
        list(body, 'sessions').length === 60 &&
        !('segments' in list(body, 'sessions')[0]!) &&
        String(body['sessions@odata.nextLink']).includes('/call/sessions?$skiptoken='),
    },
    {
      request: '…/call?$expand=sessions($expand=segments)',
      documented: '`$expand=sessions($expand=segments)`',
      status: 200,
      holds: (body) =>
        list(list(body, 'sessions')[0]!, 'segments').length === 2 &&
        context(body) === 'communications/callRecords(sessions(segments()))/$entity' &&
        String(body['sessions@odata.nextLink']).includes('/sessions?$expand=segments&$skiptoken='),
    },
    {
      request: '…/call?$expand=sessions($select=id;$expand=segments)',
      documented: '`$select` on calls and sessions',
      status: 200,
      holds: (body) => Object.keys(list(body, 'sessions')[0]!).join() === 'id,segments',
    },
    {
      request: '…/call?$select=id&$expand=participants_v2',
      observed: { saw: '`id` and `participants_v2` only', ...fixtures },
      status: 200,
      holds: (body) =>
        Object.keys(body)
          .filter((name) => !name.includes('@'))
          .join() === 'id,participants_v2',
    },
    {
      request: '…/call?$expand=participants_v2',
      headers: { prefer: 'odata.maxpagesize=7' },
      documented: 'Applies to expanded collections',
      status: 200,
      holds: (body, headers) =>
        list(body, 'participants_v2').length === 7 &&
        headers.get('preference-applied') === 'odata.maxpagesize=7',
    },
    refused('…/call?$expand=sessions,participants_v2', 'A request can expand only one relationship.', {
      documented: 'A single relationship',
      related: 'CLI for Microsoft 365 sends two requests',
    }),
    refused(
      '…/call?$expand=participants_v2($select=id)',
      "The query option '$select' is not supported in the expansion of 'participants_v2'.",
      { documented: '`$select` on calls and sessions only' },
    ),
    refused(
      '…/call?$expand=sessions($top=1)',
      "The query option '$top' is not supported in the expansion of 'sessions'.",
    ),
    refused(
      '…/call?$expand=sessions($filter=isTest eq true)',
      "The query option '$filter' is not supported in the expansion of 'sessions'.",
    ),
    refused('…/call?$expand=organizer_v2', "'organizer_v2' cannot be expanded here.", {
      documented: 'Expanded automatically (AutoExpand)',
    }),
    refused('…/call?$expand=sessions/$ref', "'sessions' cannot be expanded here."),
    refused('…/call?$expand=*', "'*' cannot be expanded here."),
    refused(
      '…/call?$expand=type',
      `${selectFailed} Property 'type' on type '${callType}' is not a navigation property. Only navigation properties can be expanded.`,
    ),
    refused(
      '…/call?$expand=nothing',
      `${selectFailed} Could not find a property named 'nothing' on type '${callType}'.`,
    ),
    refused('…/call?$expand=sessions(', `${selectFailed} Syntax error at position 9 in 'sessions('.`),
    unsupported('…/call?$filter=version eq 1', '$filter'),
    {
      request: '…/call',
      headers: { 'if-none-match': '*' },
      status: 304,
      note: 'Each answer about one call has a weak ETag.',
    },
    { method: 'HEAD', request: '…/call', status: 200, note: 'The headers of GET.' },
    {
      method: 'DELETE',
      request: '…/call',
      documented: 'Only GET',
      status: 405,
      code: 'Request_BadRequest',
      message: 'Specified HTTP method is not allowed for the request target.',
    },
    refused('…/call/version', "Resource not found for the segment 'version'.", {
      related: 'Such words on other paths',
    }),
    refused('…/call/$value', "Resource not found for the segment '$value'."),
    refused('…/call/participants_v2/$ref', "Resource not found for the segment '$ref'."),
    refused('…/call/nothing', "Resource not found for the segment 'nothing'."),
    {
      request: '…/call/organizer_v2',
      related: sentBySdks,
      status: 200,
      holds: (body) => body['id'] === 'participant-0',
    },
    {
      request: '…/alone/organizer_v2',
      documented: 'OData: 204 for null',
      status: 204,
    },
  ],
};
