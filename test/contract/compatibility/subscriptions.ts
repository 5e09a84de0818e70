/** Rows about subscriptions that are refused before a webhook is asked; subscribing.ts has the others. */
import type { Area, Row } from './row.ts';

const path = '/v1.0/subscriptions';
const json = { 'content-type': 'application/json' };
export const documentedBody = {
  changeType: 'updated',
  notificationUrl: 'https://webhook.azurewebsites.net/api/resourceNotifications',
  resource: '/communications/callRecords',
  expirationDateTime: '2100-01-01T00:00:00Z',
};

function refusedBody(more: object, message: string, row: Partial<Row> = {}): Row {
  return {
    method: 'POST',
    request: path,
    headers: json,
    body: more,
    likeBody: documentedBody,
    status: 400,
    code: 'ValidationError',
    message,
    ...row,
  };
}

/** The filter first: the page shows how a body begins. */
function filter(text: string) {
  const { changeType, notificationUrl, expirationDateTime } = documentedBody;
  const resource = `/communications/callRecords?$filter=${text}`;
  return { resource, changeType, notificationUrl, expirationDateTime };
}
/** The filter is taken: it is for the time that the subscription would last that it is refused. */
function takenFilter(text: string): Row {
  return refusedBody(filter(text), 'Subscription expiration can only be 4230 minutes in the future.', {
    code: 'ExtensionError',
    documented:
      '`participants` filtered by `id` with `eq`, `in` and `or` (changenotifications-for-callrecords)',
    note: 'The filter is taken; the time is refused.',
  });
}
const theFilter = "participants/any(p:p/id eq '{id}'), with eq, in and or";

const missing = {
  related: 'This answer to DELETE (msgraph-sdk-php#221, 2019-08-16).',
  status: 404,
  code: 'ResourceNotFound',
  message: 'The object was not found.',
};

export const subscriptions: Area = {
  title: 'Subscriptions',
  rows: [
    {
      request: path,
      documented: 'Subscriptions of the application',
      observed: {
        saw: '`clientState` is null in them',
        source: 'microsoft-graph-docs#4807',
        date: '2019-06-11',
      },
      note: 'Those of the application alone; `clientState` is null in what is read, and told to POST and PATCH.',
      status: 200,
      holds: (body) => body.value?.length === 0,
    },
    {
      method: 'POST',
      request: path,
      headers: json,
      body: documentedBody,
      documented: '4,230 minutes at most',
      related: '`ExtensionError` with this message, of mail (docs-contrib#7726, 2018-08-20).',
      status: 400,
      code: 'ExtensionError',
      message: 'Subscription expiration can only be 4230 minutes in the future.',
    },
    refusedBody(
      { ...documentedBody, expirationDateTime: '2020-01-01T00:00:00Z' },
      'Subscription expiration must be in the future.',
      {
        documented: 'Less than 45 minutes becomes 45',
        note: 'The past is refused; less than 45 minutes becomes 45.',
      },
    ),
    refusedBody(
      { ...documentedBody, changeType: 'deleted' },
      "The change type 'deleted' is not supported for call records: created and updated are.",
      { documented: '`created` and `updated`' },
    ),
    refusedBody(
      { ...documentedBody, resource: '/communications/callRecords/getDirectRoutingCalls' },
      "The resource '/communications/callRecords/getDirectRoutingCalls' is not supported for change notifications: communications/callRecords is.",
      {
        documented: '`communications/callRecords`',
        observed: { saw: 'accepted, and never fires', source: 'docs-contrib#4455', date: '2020' },
        departs: 'Refused: a subscription that never fires helps nobody.',
      },
    ),
    takenFilter("participants/any(p:p/id eq '821809f5-0000-0000-0000-3b5136c0e777')"),
    takenFilter("participants/any(p:p/id in ('a','b'))"),
    takenFilter("participants/any(x:x/id%20eq%20'a'%20or%20x/id%20eq%20'b')"),
    refusedBody(
      filter("participants_v2/any(p:p/id eq 'a')"),
      `The filter 'participants_v2/any(p:p/id eq 'a')' is not supported for change notifications: ${theFilter}, is.`,
      { documented: 'The filter is on `participants`' },
    ),
    refusedBody(
      filter("participants/any(p:p/id ne 'a')"),
      `The filter 'p/id ne 'a'' is not supported for change notifications: ${theFilter}, is.`,
      { documented: 'Only `eq`, `in` and `or`' },
    ),
    refusedBody(
      filter("participants/any(p:p/id eq 'a')&$select=id"),
      `The query option '$select' is not supported in the resource: only $filter is, as ${theFilter}.`,
    ),
    refusedBody(
      filter("participants/any(p:p/id eq 'a'"),
      "Invalid filter clause: Syntax error at position 30 in 'participants/any(p:p/id eq 'a''.",
    ),
    refusedBody(
      { ...documentedBody, includeResourceData: true },
      'Resource data is not supported for change notifications of call records.',
      { documented: 'callRecord is not in the list of resources with resource data' },
    ),
    ...(
      [
        [
          'EventHub:https://vault.vault.azure.net/secrets/hub?tenantId=contoso.example',
          'Azure Event Hubs (EventHub:)',
        ],
        [
          'EventGrid:?azuresubscriptionid=1&resourcegroup=r&partnertopic=t&location=l',
          'Azure Event Grid (EventGrid:)',
        ],
      ] as const
    ).map(([notificationUrl, channel]) =>
      refusedBody(
        { ...documentedBody, notificationUrl },
        `The property 'notificationUrl' names ${channel}, which this server does not deliver to. Name an https URL that receives notifications by POST.`,
        {
          documented: 'Graph delivers there, too',
          departs: 'Refused by name: Rollcall delivers to webhooks alone.',
        },
      ),
    ),
    refusedBody(
      { ...documentedBody, clientState: 'x'.repeat(129) },
      "The property 'clientState' is longer than 128 characters.",
      { documented: '128 characters at most' },
    ),
    refusedBody(
      { ...documentedBody, latestSupportedTlsVersion: 'v1_3' },
      'Invalid property value for LatestSupportedTlsVersion',
      {
        documented: '`v1_0` to `v1_3`',
        observed: { saw: 'this refusal', source: 'aspnetcore-webhooks-sample#400', date: '2025-02-24' },
      },
    ),
    refusedBody(
      { ...documentedBody, secret: 1 },
      "The property 'secret' does not exist on type 'microsoft.graph.subscription'. Make sure to only use property names that are defined by the type.",
      { related: 'Such words, of another resource (microsoft-graph-docs#8063, 2020).', code: 'BadRequest' },
    ),
    {
      method: 'POST',
      request: path,
      headers: { ...json, authorization: 'User.Read.All' },
      body: documentedBody,
      documented: 'CallRecords.Read.All, application',
      observed: {
        saw: 'this answer, after the endpoint was validated',
        source: 'microsoft-graph-docs#11245',
        date: '2021-01-11',
      },
      note: 'Before anything is sent: who may not subscribe makes Rollcall send nothing.',
      status: 403,
      code: 'ExtensionError',
      message:
        'Operation: Create; Exception: [Status Code: Forbidden; Reason: The request is not authorized for this user or application.]',
    },
    { request: `${path}/none`, ...missing },
    {
      method: 'DELETE',
      request: `${path}('none')`,
      status: 404,
      code: 'ResourceNotFound',
      message: 'The object was not found.',
      observed: { saw: 'this answer', source: 'msgraph-sdk-php#221', date: '2019-08-16' },
    },
    {
      method: 'PATCH',
      request: `${path}/none`,
      headers: json,
      body: { expirationDateTime: '2100-01-01T00:00:00Z' },
      ...missing,
    },
    { method: 'POST', request: `${path}/none/reauthorize`, ...missing },
    {
      method: 'PUT',
      request: path,
      documented: 'POST and GET',
      status: 405,
      code: 'Request_BadRequest',
      message: 'Specified HTTP method is not allowed for the request target.',
    },
    {
      request: path,
      server: 'china',
      documented: 'the subscriptions of every cloud; call records are not in China',
      status: 400,
      code: 'BadRequest',
      message: "Resource not found for the segment 'subscriptions'.",
    },
  ],
};
