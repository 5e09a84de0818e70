import { describe, expect, it } from 'vitest';
import { challenged, entryOf, notified, settled } from './subscription-decisions.ts';

const listener = { subscriptionNo: 3, changeType: 'created,updated', since: 0, endpointNo: 7 };
const first = { edition: 1, version: 1n, startTicks: 5n };
const call = { callId: 'call', endTicks: 9n };
const written = { endpoint_no: 7, subscription_no: 3, call_id: 'call', end_ticks: 9n };
const at = { caused_ms: 1000, due_ms: 1000 };
const row = {
  ...{ tenantId: 't', id: 's', applicationId: 'a', resource: '/r', changeType: 'created' },
  ...{ notificationUrl: 'https://n', lifecycleNotificationUrl: 'https://l', clientState: undefined },
  ...{ latestSupportedTlsVersion: 'v1_2', expirationTicks: 50n, challengeMs: 900 },
};

describe('a new edition of a call', () => {
  it('notifies the subscriptions whose change types include it', () => {
    expect(notified([listener], call, first, [], 1000)).toEqual([
      { insert: 'outbox', row: { ...written, ...at, event: 'created' } },
      { insert: 'outbox', row: { ...written, ...at, event: 'updated' } },
    ]);
    const second = { ...first, edition: 2, version: 2n };
    expect(notified([listener], call, second, [first], 1000)).toEqual([
      { insert: 'outbox', row: { ...written, ...at, event: 'updated' } },
    ]);
  });

  it('notifies no subscription where it changes nothing for readers', () => {
    expect(notified([listener], call, { ...first, edition: 2 }, [first], 1000)).toEqual([]);
    expect(notified([listener], call, { ...first, startTicks: undefined }, [], 1000)).toEqual([]);
  });
});

describe('a challenge that is due', () => {
  const due = { ...row, subscriptionNo: 3, lifecycleEndpointNo: 8 };
  const next = { update: 'subscription', where: { subscription_no: 3 }, set: { challenge_ms: 1900 } };

  it('is written to the outbox, and the next one noted', () => {
    const outbox = { endpoint_no: 8, subscription_no: 3, event: 'reauthorizationRequired', ...at };
    expect(challenged([due], () => 1900, 1000, 49n)).toEqual([
      next,
      { insert: 'outbox', row: { ...outbox, call_id: undefined, end_ticks: undefined } },
    ]);
  });

  it('is not sent for a subscription that has expired', () => {
    expect(challenged([due], () => 1900, 1000, 50n)).toEqual([next]);
  });
});

it('what became of deliveries removes, repeats or postpones entries', () => {
  expect(
    settled([
      { number: 1, outcome: 'done' },
      { number: 2, outcome: 'retry', dueMs: 5.5 },
      { number: 3, outcome: 'postpone', dueMs: 7 },
    ]),
  ).toEqual([
    { delete: 'outbox', where: { outbox_no: 1 } },
    { update: 'outbox', where: { outbox_no: 2 }, set: { due_ms: 6 }, add: { attempts: 1 } },
    { update: 'outbox', where: { outbox_no: 3 }, set: { due_ms: 7 } },
  ]);
});

it('an entry is read with its subscription, where absent texts are null', () => {
  const entry = { number: 1, event: 'created', callId: 'c', endTicks: 9n, causedMs: 1000, attempts: 2 };
  expect(entryOf({ ...entry, ...row, lifecycleNotificationUrl: undefined })).toEqual({
    ...entry,
    subscription: { ...row, clientState: null, lifecycleNotificationUrl: null },
  });
});
