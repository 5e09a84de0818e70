import { once } from 'node:events';
import { setImmediate as nextTick } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createMovableClock } from '../base/clock.ts';
import type { OutboxEntry } from '../store/subscriptions.ts';
import { deliveryTimes } from './delivery-times.ts';
import { startDispatcher } from './dispatcher.ts';

it('tells once of a store that is away, and looks again when it answers, though the clock stands', async () => {
  const happened: unknown[] = [];
  const looked = [Promise.withResolvers<unknown>(), Promise.withResolvers<unknown>()];
  let looks = 0;
  let asked = 0;
  const away = new Error('away');
  const dispatcher = startDispatcher({
    store: {
      subscriptions: {
        attend: () => {
          looked[looks++]?.resolve(undefined);
          return Promise.reject(away);
        },
      } as never, // what a look begins with
      leases: undefined as never, // likewise
      revision: () => (++asked < 3 ? Promise.reject(away) : Promise.resolve(1)),
    },
    client: undefined as never, // nothing is delivered
    clock: {
      now: () => new Date(0),
      async sleep(ms, signal) {
        happened.push(ms);
        if (signal?.aborted === false) await once(signal, 'abort');
      },
    },
    times: deliveryTimes(),
    onError: (error) => happened.push(error),
  });
  await looked[1]!.promise;
  expect([asked, happened]).toEqual([3, [away, 1000]]);
  await dispatcher.stop();
});

it('delivers once what is settled while the store is asked what is due', async () => {
  const url = 'https://receiver.example/';
  const answered = Promise.withResolvers<{ status: number }>();
  const askedAgain = Promise.withResolvers<unknown>();
  const open = new Set([anEntry(1, url)]);
  let asked = 0;
  let sent = 0;
  const dispatcher = startDispatcher({
    store: {
      subscriptions: {
        attend: () => Promise.resolve(),
        endpoints: () => Promise.resolve(open.size === 0 ? [] : [{ url, dueMs: 0 }]),
        nextChallengeMs: () => Promise.resolve(undefined),
        async due() {
          const found = [...open];
          if (++asked < 2) return found;
          // The delivery ends while the store reads: its answer is of before.
          answered.resolve({ status: 202 });
          while (open.size > 0) await nextTick();
          await nextTick();
          askedAgain.resolve(undefined);
          return found;
        },
        settle() {
          open.clear();
          return Promise.resolve();
        },
      } as never, // what a delivery needs
      leases: {
        acquire: (_: string, { holder }: { holder: string }) =>
          Promise.resolve({ holder, untilMs: Infinity }),
        release: () => Promise.resolve(),
      }, // likewise
      revision: () => Promise.resolve(1),
    },
    client: {
      send() {
        sent++;
        dispatcher.wake();
        return answered.promise;
      },
    } as never, // likewise
    clock: createMovableClock(new Date(0)),
    times: deliveryTimes(),
    onError(error) {
      throw error;
    },
  });
  await askedAgain.promise;
  await dispatcher.idle(20_000);
  expect([sent, dispatcher.counts.delivered]).toEqual([1, 1]);
  await dispatcher.stop();
});

function anEntry(number: number, notificationUrl: string): OutboxEntry {
  return {
    ...{ number, event: 'created', callId: 'call', endTicks: undefined, causedMs: 0, attempts: 0 },
    subscription: {
      ...{
        tenantId: 'tenant',
        id: 'subscription',
        applicationId: 'app',
        resource: 'communications/callRecords',
      },
      ...{
        participantIds: undefined,
        changeType: 'created',
        notificationUrl,
        lifecycleNotificationUrl: null,
      },
      ...{
        clientState: null,
        latestSupportedTlsVersion: 'v1_2',
        expirationTicks: 0n,
        challengeMs: undefined,
      },
    },
  };
}
