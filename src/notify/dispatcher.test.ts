import { once } from 'node:events';
import { expect, it } from 'vitest';
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
    lateMinutes: 0,
    onError: (error) => happened.push(error),
  });
  await looked[1]!.promise;
  expect([asked, happened]).toEqual([3, [away, 1000]]);
  await dispatcher.stop();
});
