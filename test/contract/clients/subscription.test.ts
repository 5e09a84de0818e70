/** Microsoft's JavaScript client subscribes to a running server, renews and unsubscribes. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startReceiver } from '../../support/receiver.ts';
import { type ClientServer, startClientServer } from './client-server.ts';

let clients: ClientServer;
beforeAll(async () => {
  clients = await startClientServer();
});
afterAll(() => clients[Symbol.asyncDispose]());

it('subscribes, renews, reauthorizes and unsubscribes', async () => {
  await using receiver = await startReceiver();
  const found = (await clients.run('subscription.ts', await clients.server.token(), receiver.url)) as {
    made: Record<string, unknown>;
  };
  const { id } = found.made;
  expect(found.made).toMatchObject({
    resource: '/communications/callRecords',
    changeType: 'created,updated',
    notificationUrl: `${receiver.url}/hook`,
    lifecycleNotificationUrl: `${receiver.url}/life`,
    clientState: 'state',
  });
  expect(found).toEqual({
    made: found.made,
    listed: [id],
    isRenewed: true,
    reauthorized: null,
    readId: id,
    deleted: null,
    gone: { statusCode: 404, code: 'ResourceNotFound', message: 'The object was not found.' },
  });
  expect(receiver.validations).toHaveLength(2);
});
