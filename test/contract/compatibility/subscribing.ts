/** Rows about subscriptions for which a webhook is asked. */
import type { Area, Json, Row } from './row.ts';
import { documentedBody } from './subscriptions.ts';

const path = '/v1.0/subscriptions';
const headers = { 'content-type': 'application/json' };
const body = {
  ...documentedBody,
  notificationUrl: '{endpoint}/hook',
  expirationDateTime: '{in 60 minutes}',
  clientState: 'secret',
};
const filtered = `${documentedBody.resource}?$filter=participants/any(p:p/id eq '821809f5-0000-0000-0000-3b5136c0e777')`;
const context = (answer: Json) => String(answer['@odata.context']).replace(/^.*#/, '');

const made = (more: object, row: Partial<Row>): Row => ({
  method: 'POST',
  request: path,
  headers,
  body: { ...body, ...more },
  likeBody: body,
  status: 201,
  ...row,
});
const changed = (change: object, row: Partial<Row>): Row => ({
  method: 'PATCH',
  request: `${path}/{id}`,
  headers,
  body: change,
  subscribed: body,
  status: 200,
  ...row,
});
const inUse = {
  subscribed: body,
  status: 409,
  code: 'ObjectIdentifierInUse',
  message: 'Subscription Id {id} already exists for the requested combination',
};

export const subscribing: Area = {
  title: 'Creating and changing subscriptions',
  rows: [
    made(
      {},
      {
        documented: '201 with the subscription',
        note: 'The webhook is validated first and has 10 seconds.',
        holds: (answer, received) =>
          context(answer) === 'subscriptions/$entity' &&
          answer['resource'] === documentedBody.resource &&
          answer['clientState'] === 'secret' &&
          received.get('location')?.endsWith(`/v1.0/subscriptions/${String(answer['id'])}`) === true,
      },
    ),
    made(
      { resource: 'communications/callRecords' },
      {
        documented: 'With or without leading slash, echoed as sent',
        holds: (answer) => answer['resource'] === 'communications/callRecords',
      },
    ),
    made(
      { resource: filtered },
      {
        documented: 'Filtered by participants since 2024-11, echoed as sent',
        holds: (answer) => answer['resource'] === filtered,
      },
    ),
    made(
      { resource: filtered },
      { subscribed: body, documented: 'The filter is part of the resource: no duplicate' },
    ),
    made({ changeType: 'created,updated' }, { documented: 'Both, comma-separated' }),
    made(
      { lifecycleNotificationUrl: '{endpoint}/life' },
      {
        documented: 'A second webhook, also validated',
        holds: (answer) => String(answer['lifecycleNotificationUrl']).endsWith('/life'),
      },
    ),
    made(
      { notificationUrl: '{endpoint}/wrong' },
      {
        documented: '400 if the webhook does not answer with the token',
        status: 400,
        code: 'ValidationError',
        message:
          'Subscription validation request failed. The answer must be the decoded validation token, as text/plain.',
      },
    ),
    made(
      {},
      {
        ...inUse,
        documented: '409 for the same application, changeType and resource',
        related: 'this code and message for another resource (2023-09-26)',
      },
    ),
    made(
      { resource: 'Communications/CallRecords', clientState: 'other', notificationUrl: '{endpoint}/other' },
      { ...inUse, note: 'Slash and letter case do not matter.' },
    ),
    made({ changeType: 'created' }, { subscribed: body, documented: 'Another changeType: no duplicate' }),
    changed(
      { expirationDateTime: '{in 90 minutes}' },
      { documented: '200', holds: (answer) => answer['clientState'] === 'secret' },
    ),
    changed(
      { notificationUrl: '{endpoint}/moved' },
      {
        documented: '`notificationUrl` may change',
        note: 'The new webhook is validated.',
        holds: (answer) => String(answer['notificationUrl']).endsWith('/moved'),
      },
    ),
    changed(
      { notificationUrl: '{endpoint}/moved', expirationDateTime: '{in 90 minutes}' },
      { documented: 'One or both' },
    ),
    changed(
      {
        ...documentedBody,
        notificationUrl: '{endpoint}/hook',
        expirationDateTime: '{in 90 minutes}',
        clientState: 'secret',
      },
      { note: 'Clients may send the whole object; unchanged members are accepted.' },
    ),
    changed(
      { changeType: 'created' },
      {
        status: 400,
        code: 'ValidationError',
        message:
          "The property 'changeType' cannot be changed: only expirationDateTime and notificationUrl can.",
      },
    ),
    changed(
      { lifecycleNotificationUrl: '{endpoint}/life' },
      {
        documented: 'Cannot be added later',
        status: 400,
        code: 'ValidationError',
        message:
          "The property 'lifecycleNotificationUrl' cannot be changed: only expirationDateTime and notificationUrl can.",
      },
    ),
    changed(
      { notificationUrl: '{endpoint}/wrong' },
      {
        status: 400,
        code: 'ValidationError',
        message:
          'Subscription validation request failed. The answer must be the decoded validation token, as text/plain.',
      },
    ),
    {
      request: `${path}/{id}`,
      subscribed: body,
      documented: '200',
      note: '`clientState` is null.',
      status: 200,
      holds: (answer) => answer['clientState'] === null,
    },
    {
      method: 'POST',
      request: `${path}/{id}/reauthorize`,
      subscribed: body,
      documented: '204',
      status: 204,
    },
    { method: 'DELETE', request: `${path}/{id}`, subscribed: body, documented: '204', status: 204 },
  ],
};
