/** 25 notifications a second for minutes, with bursts of 200: each call is kept within a minute of being readable. */
import { expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import type { DeliveryHook } from '../../src/notify/delivery-hook.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { startListener } from '../../src/serve/http/notification-listener.ts';
import { often } from '../support/often.ts';
import { aParticipant, aRecord } from '../support/records.ts';
import { startEmulator } from '../support/emulator.ts';
import { hurry, notifiedOf, testSync, unwatched } from '../support/sync.ts';

const { tenantId } = development;
// Each minute has one burst; the second of early notifications comes soon enough for a short run.
const seconds = often(22, 600);
const perSecond = 25;
const burst = 200;
const burstEverySeconds = often(22, 60);
/** What a call must be kept within, once it can be read. */
const patienceMs = 60_000;

it('with some notified before they can be read, some twice, and some never', async () => {
  // Of every twenty calls, one is never notified, one twice, and one out of its order.
  const placeOf = (callId: string) => Number(callId.split('-').at(-1)) % 20;
  const notificationFaults: DeliveryHook = ({ callId = '' }) => {
    if (placeOf(callId) === 3) return { kind: 'lose' };
    if (placeOf(callId) === 7) return { kind: 'duplicate' };
    return placeOf(callId) === 11 ? { kind: 'last' } : undefined;
  };
  await using upstream = await startEmulator({ throttleScale: 1, deliveryHook: notificationFaults });
  const { clock } = upstream;
  await using store = openSqliteStore(':memory:', { clock });
  using sync = testSync({ url: upstream.url, store, clock, budgetScale: 1, concurrency: 16 });
  const [tenant] = sync.tenants;
  const listener = await startListener({
    ...{ host: '127.0.0.1', port: 0, tls: undefined, clock, tenants: notifiedOf(sync) },
    ...unwatched,
  });
  const stopped = new AbortController();
  const following = tenant!.follow(
    { reconcileMs: 1200_000, notificationUrl: `http://127.0.0.1:${listener.port}/` },
    stopped.signal,
  );
  const subscription = async () => (await store.upstream.state(tenantId, 'subscription')) ?? '{}';
  await hurry(clock, sync, async () => (await subscription()).includes('"id"'));

  const readableMs = new Map<string, number>();
  const begunMs = clock.now().getTime();
  for (let second = 0; second < seconds; second++) {
    const count = second % burstEverySeconds === burstEverySeconds - 1 ? burst : perSecond;
    const nowMs = clock.now().getTime();
    const startDateTime = new Date(nowMs - 60_000).toISOString();
    const records = Array.from({ length: count }, (_, i) =>
      aRecord(`call-${second}-${i}`, {
        startDateTime,
        endDateTime: startDateTime,
        participants_v2: [aParticipant('p')],
        sessions: [{ id: 's', segments: [] }],
      }),
    );
    // Of every hundred seconds, one in which notifications come long before the records.
    const isEarly = second % 100 === 20;
    if (isEarly)
      for (const { id } of records)
        upstream.emulator.faults.add({ match: { callId: id }, for: 'PT20S', effect: { late: true } });
    await upstream.import(records);
    for (const { id } of records) readableMs.set(id, nowMs + (isEarly ? 20_000 : 0));
    upstream.dispatcher.wake();
    await upstream.dispatcher.idle(10_000);
    const untilMs = begunMs + (second + 1) * 1000;
    await hurry(clock, sync, async () => {
      const { nextMs = Number.POSITIVE_INFINITY } = clock.waiting();
      if (clock.now().getTime() + nextMs <= untilMs) return false;
      await clock.advance(Math.max(untilMs - clock.now().getTime(), 0));
      return true;
    });
  }
  // What no notification told of is found by the next listing.
  await hurry(clock, sync, async () => (await store.totals()).calls === readableMs.size);
  stopped.abort();
  await Promise.all([following, listener.close()]);

  expect(upstream.dispatcher.counts.dropped).toBe(0);
  const late: string[] = [];
  for (const [id, ms] of readableMs) {
    const edition = await store.edition(tenantId, id);
    const isIn = edition?.participants?.complete === true && edition.sessions?.complete === true;
    const inMs = (edition?.receivedMs ?? Number.POSITIVE_INFINITY) - ms;
    if (!isIn || (placeOf(id) !== 3 && inMs > patienceMs)) late.push(id);
  }
  expect(readableMs.size).toBe(seconds * perSecond + (seconds / burstEverySeconds) * (burst - perSecond));
  expect(late).toEqual([]);
  const { limits, throttled } = upstream.recorder.report();
  expect({ throttled, exceeded: limits.filter(({ isExceeded }) => isExceeded) }).toEqual({
    throttled: 0,
    exceeded: [],
  });
}, 1_200_000);
