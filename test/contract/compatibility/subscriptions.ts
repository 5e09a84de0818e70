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
/** The filter is accepted; the row is refused for its expiration. */
function acceptedFilter(text: string): Row {
  return refusedBody(filter(text), 'Subscription expiration can only be 4230 minutes in the future.', {
    code: 'ExtensionError',
    documented: '`participants` by `id` with `eq`, `in` and `or`',
    note: 'Only the expiration is refused.',
  });
}
const theFilter = "participants/any(p:p/id eq '{id}'), with eq, in and or";

const missing = {
  related: 'this answer to DELETE (msgraph-sdk-php#221, 2019-08-16)',
  status: 404,
  code: 'ResourceNotFound',
  message: 'The object was not found.',
};

export const subscriptions: Area = {
  title: 'Subscriptions',
  rows: [
    {
      request: path,
      documented: 'Those of the application',
      observed: {
        saw: '`clientState` is null',
        source: 'microsoft-graph-docs#4807',
        date: '2019-06-11',
      },
      note: 'POST and PATCH return `clientState`.',
      status: 200,
      holds: (body) => body.value?.length === 0,
    },
    {
      method: 'POST',
      request: path,
      headers: json,
      body: documentedBody,
      documented: 'At most 4,230 minutes',
      related: 'this answer for mail (docs-contrib#7726, 2018-08-20)',
      status: 400,
      code: 'ExtensionError',
      message: 'Subscription expiration can only be 4230 minutes in the future.',
    },
    refusedBody(
      { ...documentedBody, expirationDateTime: '2020-01-01T00:00:00Z' },
      'Subscription expiration must be in the future.',
      {
        documented: 'Less than 45 minutes becomes 45',
        note: 'Only the past is refused.',
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
        departs: 'Such a subscription never fires',
      },
    ),
    acceptedFilter("participants/any(p:p/id eq '821809f5-0000-0000-0000-3b5136c0e777')"),
    acceptedFilter("participants/any(p:p/id in ('a','b'))"),
    acceptedFilter("participants/any(x:x/id%20eq%20'a'%20or%20x/id%20eq%20'b')"),
    refusedBody(
      filter("participants_v2/any(p:p/id eq 'a')"),
      `The filter 'participants_v2/any(p:p/id eq 'a')' is not supported for change notifications: ${theFilter}, is.`,
      { documented: 'On `participants`' },
    ),
    refusedBody(
      filter("participants/any(p:p/id ne 'a')"),
      `The filter 'p/id ne 'a'' is not supported for change notifications: ${theFilter}, is.`,
      { documented: 'Only `eq`, `in` and `or`' },
    ),
    refusedBody(
      filter("participants/any(p:p/id eq 'a')&$select=id"),
      `The query option '$select' is not supported in the resource: only $filter is supported, as ${theFilter}.`,
    ),
    refusedBody(
      filter("participants/any(p:p/id eq 'a'"),
      "Invalid filter clause: Syntax error at position 30 in 'participants/any(p:p/id eq 'a''.",
    ),
    refusedBody(
      { ...documentedBody, includeResourceData: true },
      'Resource data is not supported for change notifications of call records.',
      { documented: '`callRecord` is not listed for resource data' },
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
        `The property 'notificationUrl' names ${channel}, to which this server does not deliver. Set an https URL that receives notifications by POST.`,
        {
          documented: 'Graph delivers there',
          departs: 'Rollcall delivers to webhooks only',
        },
      ),
    ),
    refusedBody(
      { ...documentedBody, clientState: 'x'.repeat(129) },
      "The property 'clientState' is longer than 128 characters.",
      { documented: 'At most 128 characters' },
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
      { related: 'such words for another resource (microsoft-graph-docs#8063, 2020)', code: 'BadRequest' },
    ),
    {
      method: 'POST',
      request: path,
      headers: { ...json, authorization: 'User.Read.All' },
      body: documentedBody,
      documented: 'Application permission CallRecords.Read.All',
      observed: {
        saw: 'this answer, after validating the endpoint',
        source: 'microsoft-graph-docs#11245',
        date: '2021-01-11',
      },
      note: 'Refused before the endpoint is validated.',
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
      documented: 'In every cloud; call records not in China',
      status: 400,
      code: 'BadRequest',
      message: "Resource not found for the segment 'subscriptions'.",
    },
  ],
};
