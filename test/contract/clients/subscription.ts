/**
 * subscription.ts ORIGIN TOKEN ENDPOINT: Microsoft's JavaScript client subscribes, reads, renews, reauthorizes and
 * unsubscribes; what it was given each time is printed.
 */
import { Client, GraphError } from '@microsoft/microsoft-graph-client';
import type { Subscription } from '@microsoft/microsoft-graph-types';

const [, , origin = '', token = '', endpoint = ''] = process.argv;
const client = Client.initWithMiddleware({
  authProvider: { getAccessToken: () => Promise.resolve(token) },
  baseUrl: `${origin}/`,
  customHosts: new Set(['localhost']),
});
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

// The client's own typing of a response is any.
const made = (await client.api('/subscriptions').post({
  changeType: 'created,updated',
  notificationUrl: `${endpoint}/hook`,
  lifecycleNotificationUrl: `${endpoint}/life`,
  resource: '/communications/callRecords',
  expirationDateTime: inMinutes(60),
  clientState: 'state',
} satisfies Subscription)) as Subscription;
const path = `/subscriptions/${made.id}`;
const listed = (await client.api('/subscriptions').get()) as { value: Subscription[] };
const expirationDateTime = inMinutes(4000);
const renewed = (await client.api(path).patch({ expirationDateTime } satisfies Subscription)) as Subscription;
const reauthorized = (await client.api(`${path}/reauthorize`).post({})) as unknown;
const read = (await client.api(path).version('beta').get()) as Subscription;
const deleted = (await client.api(path).delete()) as unknown;
const gone: unknown = await client
  .api(path)
  .get()
  .catch((error: unknown) => {
    if (!(error instanceof GraphError)) throw error;
    return { statusCode: error.statusCode, code: error.code, message: error.message };
  });
console.log(
  JSON.stringify({
    made,
    listed: listed.value.map(({ id }) => id),
    // As a moment: trailing zeros of a second are not written back.
    isRenewed: Date.parse(renewed.expirationDateTime ?? '') === Date.parse(expirationDateTime),
    reauthorized: reauthorized ?? null,
    readId: read.id,
    deleted: deleted ?? null,
    gone,
  }),
);
