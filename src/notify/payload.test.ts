import { expect, it } from 'vitest';
import type { OutboxEntry } from '../store/subscriptions.ts';
import { parseTicks } from '../base/ticks.ts';
import { validationUrl } from './handshake.ts';
import { formatNotifications } from './payload.ts';

const subscription = {
  tenantId: '{Organization/Tenant id}',
  id: '{Subscription id}',
  applicationId: 'app',
  resource: '/communications/callRecords',
  changeType: 'created',
  notificationUrl: 'https://receiver.example/',
  lifecycleNotificationUrl: null,
  clientState: '{Secret client state}',
  latestSupportedTlsVersion: 'v1_2',
  expirationTicks: parseTicks('2023-02-28T00:00:00Z')!,
  challengeMs: undefined,
};
const entry: OutboxEntry = {
  number: 1,
  event: 'created',
  callId: 'e523d2ed-2966-4b6b-925b-754a88034cc5',
  endTicks: undefined,
  causedMs: 0,
  attempts: 0,
  subscription,
};

it('writes a change notification as the documentation does, member for member in its order', () => {
  const resource = 'communications/callRecords/e523d2ed-2966-4b6b-925b-754a88034cc5';
  expect(formatNotifications([entry])).toBe(
    JSON.stringify({
      value: [
        {
          subscriptionId: '{Subscription id}',
          clientState: '{Secret client state}',
          changeType: 'created',
          resource,
          subscriptionExpirationDateTime: '2023-02-28T00:00:00.000+00:00',
          resourceData: {
            '@odata.type': '#Microsoft.Graph.callrecord',
            '@odata.id': resource,
            id: 'e523d2ed-2966-4b6b-925b-754a88034cc5',
          },
          tenantId: '{Organization/Tenant id}',
        },
      ],
    }),
  );
});

it('writes a lifecycle notification as the documentation does', () => {
  const challenge = { ...entry, event: 'reauthorizationRequired', callId: undefined } as const;
  expect(formatNotifications([challenge])).toBe(
    JSON.stringify({
      value: [
        {
          subscriptionId: '{Subscription id}',
          subscriptionExpirationDateTime: '2023-02-28T00:00:00.0000000Z',
          tenantId: '{Organization/Tenant id}',
          clientState: '{Secret client state}',
          lifecycleEvent: 'reauthorizationRequired',
        },
      ],
    }),
  );
});

it.each([
  ['https://r.example', 'https://r.example?validationToken=a%3A+b%26'],
  ['https://r.example/hook?', 'https://r.example/hook?validationToken=a%3A+b%26'],
  ['https://r.example/?code=a%2Fb', 'https://r.example/?code=a%2Fb&validationToken=a%3A+b%26'],
])('keeps the query of %s when it is validated', (url, expected) => {
  expect(validationUrl(url, 'a: b&')).toBe(expected);
});
