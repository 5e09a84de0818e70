/** A sync that follows: its subscription, what it is told, and what it finds by itself. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { StoreError } from '../../src/store/store-errors.ts';
import { gaps } from '../../src/store/spans.ts';
import {
  type Listener,
  type NotificationCounts,
  startListener,
} from '../../src/serve/http/notification-listener.ts';
import { aParticipant, aRecord } from '../support/records.ts';
import { startEmulator, type TestEmulator } from '../support/emulator.ts';
import { hurry, notifiedOf, testSync, type TestSync } from '../support/sync.ts';

const { tenantId } = development;
const minuteMs = 60_000;

let upstream: TestEmulator;
let store: CallRecordStore;
let sync: TestSync;
let listener: Listener;
let counted: NotificationCounts[];
let defects: unknown[];
let stopped: AbortController;
let following: Promise<void>;

beforeEach(async () => {
  upstream = await startEmulator();
  store = openSqliteStore(':memory:', { clock: upstream.clock });
  sync = testSync({ url: upstream.url, store, clock: upstream.clock });
  counted = [];
  defects = [];
  listener = await startListener({
    ...{ host: '127.0.0.1', port: 0, tls: undefined, clock: upstream.clock, tenants: notifiedOf(sync) },
    onNotifications: (counts) => counted.push(counts),
    onDefect: (error) => defects.push(error),
  });
  stopped = new AbortController();
});
afterEach(async () => {
  stopped.abort();
  await Promise.all([following, listener.close()]);
  sync.close();
  await store[Symbol.asyncDispose]();
  await upstream.stop();
});

function follow(reconcileMinutes: number | undefined, isNotified = true): void {
  following = sync.tenants[0]!.follow(
    {
      reconcileMs: reconcileMinutes === undefined ? undefined : reconcileMinutes * minuteMs,
      notificationUrl: isNotified ? `http://127.0.0.1:${listener.port}/hook` : undefined,
    },
    stopped.signal,
  );
}

const until = (isDone: () => boolean | Promise<boolean>) => hurry(upstream.clock, sync, isDone);
const nowMs = () => upstream.clock.now().getTime();
const untilMs = (ms: number) => until(() => nowMs() >= ms);
const isKept = async (callId: string) => (await store.edition(tenantId, callId))?.sessions?.complete === true;

interface SavedSubscription {
  readonly id?: string;
  readonly clientState: string;
  readonly expirationMs: number;
}
async function subscription(): Promise<SavedSubscription | undefined> {
  const text = await store.upstream.state(tenantId, 'subscription');
  const saved = text === undefined ? undefined : (JSON.parse(text) as SavedSubscription);
  return saved?.id === undefined ? undefined : saved;
}

function call(id: string) {
  const startDateTime = new Date(nowMs() - minuteMs).toISOString();
  const sessions = [{ id: 's', segments: [] }];
  return aRecord(id, { startDateTime, participants_v2: [aParticipant('p')], sessions });
}

function post(body: unknown, query = ''): Promise<Response> {
  return fetch(`http://127.0.0.1:${listener.port}/hook${query}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

function notificationOf(callId: string, clientState: string) {
  const resource = `communications/callRecords/${callId}`;
  return { subscriptionId: 'any', clientState, changeType: 'updated', resource, tenantId };
}

describe('by notifications', () => {
  it('keeps what it is told of at once, without listing', async () => {
    follow(undefined);
    await until(async () => (await subscription()) !== undefined);
    await until(() => upstream.clock.waiting().count > 0);
    const begunMs = nowMs();
    await upstream.import([call('told')]);
    upstream.dispatcher.wake();
    await upstream.dispatcher.idle(10_000);
    await until(() => isKept('told'));
    expect(nowMs() - begunMs).toBeLessThan(minuteMs);
  });

  it('renews its subscription before it ends', async () => {
    follow(undefined);
    await until(async () => (await subscription()) !== undefined);
    const first = (await subscription())!;
    await untilMs(first.expirationMs + minuteMs);
    const renewed = (await subscription())!;
    expect(renewed.id).toBe(first.id);
    expect(renewed.expirationMs).toBeGreaterThan(nowMs());
  });

  it('makes its subscription anew when it is gone, and lists what went by meanwhile', async () => {
    follow(undefined);
    await until(async () => (await subscription()) !== undefined);
    const first = (await subscription())!;
    await upstream.send('DELETE', `/v1.0/subscriptions/${first.id}`);
    await upstream.import([call('unheard')]);
    await post({
      value: [
        { subscriptionId: first.id, clientState: first.clientState, lifecycleEvent: 'subscriptionRemoved' },
      ],
    });
    await until(() => isKept('unheard'));
    const second = (await subscription())!;
    expect(second.id).not.toBe(first.id);
    expect(second.clientState).not.toBe(first.clientState);
  });

  it('finds at its start that its subscription was ended while it was away', async () => {
    follow(undefined);
    await until(async () => (await subscription()) !== undefined);
    const { id } = (await subscription())!;
    stopped.abort();
    await following;
    await upstream.send('DELETE', `/v1.0/subscriptions/${id}`);
    stopped = new AbortController();
    follow(undefined);
    await until(async () => ((await subscription()) ?? { id }).id !== id);
    await upstream.import([aRecord('later', { participants_v2: [aParticipant('p')], sessions: [] })]);
    await until(() => isKept('later'));
  });

  it('renews when it is challenged, and lists when it is told that something was missed', async () => {
    follow(undefined);
    await until(async () => (await subscription()) !== undefined);
    const { id, clientState, expirationMs } = (await subscription())!;
    const lifecycle = (lifecycleEvent: string) => ({
      value: [{ subscriptionId: id, clientState, lifecycleEvent }],
    });
    await untilMs(nowMs() + 60 * minuteMs);
    expect((await post(lifecycle('reauthorizationRequired'))).status).toBe(202);
    await until(async () => (await subscription())!.expirationMs > expirationMs);
    await upstream.import([call('missed')]);
    expect((await post(lifecycle('missed'))).status).toBe(202);
    await until(() => isKept('missed'));
  });

  it('acts on the lifecycle events that a process on standby has written down, each once', async () => {
    follow(undefined);
    await until(async () => (await subscription()) !== undefined);
    const { id, expirationMs } = (await subscription())!;
    await untilMs(nowMs() + 60 * minuteMs);
    await store.upstream.setState(tenantId, 'reauthorizationRequired', id);
    await until(async () => (await subscription())!.expirationMs > expirationMs);
    await store.upstream.setState(tenantId, 'subscriptionRemoved', 'of another one');
    await upstream.import([call('missed')]);
    await store.upstream.setState(tenantId, 'missed', 'any');
    await until(() => isKept('missed'));
    // A notification may have announced the call before the events were read.
    const events = ['reauthorizationRequired', 'subscriptionRemoved', 'missed'] as const;
    const left = async () => Promise.all(events.map(async (event) => store.upstream.state(tenantId, event)));
    await until(async () => (await left()).every((state) => state === undefined));
    expect((await subscription())!.id).toBe(id);
  });

  it('believes nobody who does not know its client state', async () => {
    follow(undefined);
    await until(async () => (await subscription()) !== undefined);
    const { clientState } = (await subscription())!;
    const forged = {
      value: [notificationOf('forged', `${clientState.slice(0, -1)}_`), notificationOf('forged', '')],
    };
    expect((await post(forged)).status).toBe(202);
    expect((await store.upstream.counts(tenantId)).pending).toBe(0);
    expect((await post({ value: [notificationOf('true', clientState)] })).status).toBe(202);
    expect((await store.upstream.pending(tenantId, undefined, 9)).map(({ callId }) => callId)).toEqual([
      'true',
    ]);
  });

  it('is not told that a notification was taken which could not be written down', async () => {
    follow(undefined);
    await until(async () => (await subscription()) !== undefined);
    const { clientState } = (await subscription())!;
    const sighted = store.upstream.observe.bind(store.upstream);
    store.upstream.observe = () => {
      throw new StoreError('The store does not answer: the disk is full.');
    };
    const refused = await post({ value: [notificationOf('call', clientState)] });
    store.upstream.observe = sighted;
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  });

  it('answers the handshake with the token as it is, and refuses what is no notification', async () => {
    follow(undefined);
    const shaken = await post('', '?validationToken=a%20%3Cb%3E+c');
    expect([shaken.status, shaken.headers.get('content-type'), await shaken.text()]).toEqual([
      200,
      'text/plain; charset=utf-8',
      'a <b> c',
    ]);
    expect((await post('{"value":')).status).toBe(400);
    expect((await post({ value: { clientState: 1 } })).status).toBe(400);
    expect((await post(`"${'x'.repeat(5 * 2 ** 20)}"`)).status).toBe(413);
    expect((await fetch(`http://127.0.0.1:${listener.port}/hook`)).status).toBe(405);
  });
});

describe('by listing', () => {
  it('leaves nothing of a subscription to be waited for', async () => {
    await store.upstream.setState(tenantId, 'subscription', '{"id":"of before","expirationMs":0}');
    follow(30, false);
    await until(async () => (await store.upstream.state(tenantId, 'subscription')) === undefined);
  });

  it('finds what no notification told of, and later versions', async () => {
    follow(30);
    await upstream.import([call('first')]);
    await until(() => isKept('first'));
    const begunMs = nowMs();
    await upstream.import([{ ...call('first'), version: 2 }, call('second')]);
    await until(
      async () => (await isKept('second')) && (await store.edition(tenantId, 'first'))?.version === 2n,
    );
    expect(nowMs() - begunMs).toBeLessThanOrEqual(30 * minuteMs + 1000);
  });

  it('lists the hours of a pause when it is started again', async () => {
    follow(30);
    await untilMs(nowMs() + 60 * minuteMs);
    stopped.abort();
    await following;
    const pausedMs = nowMs();
    await upstream.import([call('paused')]);
    await upstream.clock.advance(7 * 24 * 60 * minuteMs);
    stopped = new AbortController();
    follow(30);
    await until(() => isKept('paused'));
    const span = { from: BigInt(pausedMs) * 10_000n, before: BigInt(nowMs()) * 10_000n };
    expect(gaps(span, await store.upstream.listed(tenantId, 'calls'))).toEqual([]);
  });
});
