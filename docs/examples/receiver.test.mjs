/**
 * Tests the receiver against `rollcall dev`: sends a notification twice while the call cannot be read, lets half an hour
 * pass, and adds a second version. It empties the store of the server at ROLLCALL_URL.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createReceiver } from './receiver.mjs';

const graph = process.env.ROLLCALL_URL ?? 'http://127.0.0.1:7655';
const tenant = '11111111-1111-4111-8111-111111111111';

async function post(path, body, headers = {}) {
  const answer = await fetch(graph + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer.status === 204 ? undefined : answer.json();
}

const issued = await fetch(`${graph}/${tenant}/oauth2/v2.0/token`, {
  method: 'POST',
  body: new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: '22222222-2222-4222-8222-222222222222',
    client_secret: 'rollcall-dev-secret',
    scope: 'https://graph.microsoft.com/.default',
  }),
});
const { access_token: token } = await issued.json();

const { server, records } = createReceiver({ graph, token, clientState: 'a secret' });
server.listen(0, '127.0.0.1');
await once(server, 'listening');

await post('/rollcall/dev/reset', {});
const { now } = await post('/rollcall/dev/clock', { advance: 0 });
await post(
  '/v1.0/subscriptions',
  {
    changeType: 'created,updated',
    notificationUrl: `http://127.0.0.1:${server.address().port}/notify`,
    resource: 'communications/callRecords',
    expirationDateTime: new Date(Date.parse(now) + 86_400_000).toISOString(),
    clientState: 'a secret',
  },
  { authorization: `Bearer ${token}` },
);

await post('/rollcall/dev/faults', [
  { match: { changeType: 'created' }, times: 1, effect: { notification: 'duplicated' } },
  { match: { callId: 'call-1' }, for: 'PT10M', effect: { status: 404 } },
]);
await post('/rollcall/dev/callRecords', {
  id: 'call-1',
  version: 1,
  startDateTime: '2026-11-02T11:00:00Z',
  endDateTime: '2026-11-02T11:30:00Z',
});

// The clock answers when all deliveries that are due by then have ended.
await post('/rollcall/dev/clock', { advance: 'PT1M' });
assert.equal(records.size, 0);
await post('/rollcall/dev/clock', { advance: 'PT30M' });
assert.equal(records.get('call-1').version, 1);

await post('/rollcall/dev/callRecords/call-1/versions', {});
await post('/rollcall/dev/clock', { advance: 'PT1M' });
assert.equal(records.get('call-1').version, 2);

server.closeAllConnections();
server.close();
console.log('receiver: passed');
