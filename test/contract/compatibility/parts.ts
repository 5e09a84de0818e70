import { type Area, caseOfIds, fixtures, type Json, refused, sentBySdks, unsupported } from './row.ts';

const context = (body: Json) => String(body['@odata.context']).replace(/^.*#/, '');

export const parts: Area = {
  title: 'Participants, sessions and segments',
  rows: [
    {
      request: '…/call/participants_v2',
      documented: 'Pages of at most 130',
      status: 200,
      holds: (body) =>
        body.value!.length === 130 &&
        context(body) === "communications/callRecords('call')/participants_v2" &&
        '@odata.nextLink' in body,
    },
    {
      request: '…/call/participants_v2?$select=id',
      documented: '`$select`',
      status: 200,
      holds: (body) => Object.keys(body.value![0]!).join() === 'id',
    },
    {
      request: '…/call/participants_v2',
      headers: { prefer: 'odata.maxpagesize=999' },
      documented: 'A larger size may be ignored, clamped, refused',
      note: 'Clamped.',
      status: 200,
      holds: (body, headers) =>
        body.value!.length === 130 && headers.get('preference-applied') === 'odata.maxpagesize=130',
    },
    {
      request: '…/call/participants_v2',
      headers: { prefer: 'omit-values=nulls' },
      documented: 'Removes null or empty values',
      status: 200,
      holds: (body) =>
        !JSON.stringify(body).includes('null') && !('administrativeUnitInfos' in body.value![0]!),
    },
    {
      request: '…/call/sessions',
      headers: { prefer: 'odata.maxpagesize=1, omit-values=nulls' },
      note: '`omit-values` is not documented for sessions; Rollcall applies it everywhere.',
      status: 200,
      holds: (body, headers) =>
        !JSON.stringify(body).includes('null') &&
        headers.get('preference-applied') === 'odata.maxpagesize=1, omit-values=nulls',
    },
    unsupported('…/call/participants_v2?$expand=identity', '$expand', 'Only `$select`'),
    unsupported("…/call/participants_v2?$filter=id eq 'x'", '$filter', 'Only `$select`'),
    unsupported('…/call/participants_v2?$top=1', '$top', 'Only `$select`'),
    {
      request: '…/call/participants_v2/%2B5564981205182',
      related: sentBySdks,
      status: 200,
      holds: (body) => body['id'] === '+5564981205182',
    },
    {
      request: "…('call')/sessions('e523d2ed-2966-4b6b-925b-754a88034cc5')",
      documented: caseOfIds,
      observed: { saw: 'GUIDs in small letters', ...fixtures },
      note: 'A GUID matches in any case; the body has it as received, here in capitals.',
      status: 200,
      holds: (body) => body['id'] === 'E523D2ED-2966-4B6B-925B-754A88034CC5',
    },
    {
      request: "…('call')/participants_v2('%2B5564981205182')",
      documented: 'The canonical form',
      status: 200,
      holds: (body) => body['id'] === '+5564981205182',
    },
    {
      request: '…/call/participants_v2/nobody',
      status: 404,
      code: 'NotFound',
      message: 'No participant of this call has this key.',
    },
    {
      request: '…/call/participants_v2/$count',
      related: sentBySdks,
      status: 200,
      holds: (body) => (body as unknown) === 140,
    },
    {
      request: '…/alone/participants_v2',
      note: 'A list that was not received is marked with `@rollcall.incomplete`. Reconciled, it has the inferred participants.',
      status: 200,
      holds: (body) => body.value!.length === 0 && body['@rollcall.incomplete'] === 'listMissing',
    },
    {
      request: '…/call/sessions',
      documented: 'Pages of at most 60',
      status: 200,
      holds: (body) =>
        body.value!.length === 60 && !('segments' in body.value![0]!) && '@odata.nextLink' in body,
    },
    {
      request: '…/call/sessions?$expand=segments',
      documented: '`$expand=segments`; the example has a shorter context',
      departs: 'The context names what is expanded, as in OData',
      status: 200,
      holds: (body) =>
        context(body) === "communications/callRecords('call')/sessions(segments())" &&
        (body.value![0]!['segments'] as unknown[]).length === 2,
    },
    {
      request: '…/call/sessions?$select=id,caller',
      documented: '`$select`',
      status: 200,
      holds: (body) => Object.keys(body.value![0]!).join() === 'id,caller',
    },
    refused(
      '…/call/sessions?$expand=segments($select=id)',
      "The query option '$select' is not supported in the expansion of 'segments'.",
      { documented: '`$select` on calls and sessions only' },
    ),
    unsupported('…/call/sessions?$top=1', '$top'),
    unsupported('…/call/sessions?$orderby=id', '$orderby'),
    {
      request: '…/call/sessions/session-3',
      related: sentBySdks,
      status: 200,
      holds: (body) => body['id'] === 'session-3' && !('segments' in body),
    },
    {
      request: '…/call/sessions/session-3?$expand=segments',
      status: 200,
      holds: (body) => (body['segments'] as unknown[]).length === 2,
    },
    {
      request: '…/call/sessions/nothing',
      status: 404,
      code: 'NotFound',
      message: 'No session of this call has this key.',
    },
    {
      request: '…/call/sessions/$count',
      status: 200,
      holds: (body) => (body as unknown) === 70,
    },
    {
      request: '…/call/sessions/session-3/segments',
      documented: 'Only through `$expand`',
      related: sentBySdks,
      status: 200,
      holds: (body) => body.value!.map(({ id }) => id).join() === 'segment-3,segment-3-b',
    },
    {
      request: '…/call/sessions/session-3/segments',
      headers: { prefer: 'maxpagesize=1' },
      status: 200,
      holds: (body) => body.value!.length === 1 && '@odata.nextLink' in body,
    },
    {
      request: "…('call')/sessions('session-3')/segments('segment-3-b')",
      status: 200,
      holds: (body) => body['id'] === 'segment-3-b',
    },
    {
      request: '…/call/sessions/session-3/segments/nothing',
      status: 404,
      code: 'NotFound',
      message: 'No segment of this session has this key.',
    },
    {
      request: '…/call/sessions/session-3/segments/$count',
      status: 200,
      holds: (body) => (body as unknown) === 2,
    },
    unsupported(
      '…/call/sessions/session-3/segments?$select=id',
      '$select',
      '`$select` on calls and sessions only',
    ),
  ],
};
