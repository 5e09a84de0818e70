/**
 * Tests the collector against `rollcall dev`: injects each kind of odd answer into three pages of participants, and expects
 * all 300, or the reason. It empties the store of the server at ROLLCALL_URL.
 */
import assert from 'node:assert/strict';
import { collectParticipants } from './collector.mjs';

const graph = process.env.ROLLCALL_URL ?? 'http://127.0.0.1:7655';
const tenant = '11111111-1111-4111-8111-111111111111';

async function ask(method, path, body) {
  const answer = await fetch(`${graph}/rollcall/dev/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
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

await ask('POST', 'reset', {});
await ask('POST', 'callRecords', {
  id: 'call-1',
  version: 1,
  startDateTime: '2026-11-02T11:00:00Z',
  endDateTime: '2026-11-02T11:30:00Z',
  participants_v2: Array.from({ length: 300 }, (_, i) => ({
    id: `person-${i}`,
    identity: { user: { id: `person-${i}`, displayName: `Person ${i}` } },
  })),
});

const endpoint = 'communications/callRecords/{id}/participants_v2';

async function collected(odd, page = 2) {
  await ask('DELETE', 'faults');
  await ask('POST', 'faults', {
    match: { callId: 'call-1', endpoint, page },
    times: 1000,
    effect: { odd },
  });
  const result = await collectParticipants({ graph, token, callId: 'call-1' });
  const { value: faults } = await ask('GET', 'faults');
  assert.ok(faults[0].met > 0, `${odd}: no answer was odd`);
  return result;
}

for (const odd of [
  ...['nullId', 'missingId', 'duplicateEntry', 'nullItem', 'surrogate', 'wrongType'],
  ...['overlappingPages', 'emptyPage', 'byteOrderMark'],
]) {
  const { participants, problem } = await collected(odd);
  assert.deepEqual([odd, participants.length, problem], [odd, 300, undefined]);
}

// The last page is the third.
assert.equal((await collected('emptyLink', 3)).participants.length, 300);
assert.equal((await collected('repeatedLink')).problem, 'a link was repeated');

// The call changes during each attempt.
assert.equal((await collected('newVersion')).problem, 'the call changed at every attempt');
await ask('DELETE', 'faults');
await ask('POST', 'faults', { match: { page: 2 }, times: 1, effect: { odd: 'newVersion' } });
const { version, participants, problem } = await collectParticipants({ graph, token, callId: 'call-1' });
assert.deepEqual([participants.length, problem], [300, undefined]);
assert.equal(version, (await collectParticipants({ graph, token, callId: 'call-1' })).version);
console.log('collector: passed');
