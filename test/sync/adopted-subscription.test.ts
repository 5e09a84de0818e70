/** A sync whose upstream has a subscription for the same changes already: it is adopted, and its notifications are taken. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import {
  type Listener,
  type NotificationCounts,
  startListener,
} from '../../src/serve/http/notification-listener.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { aParticipant, aRecord } from '../support/records.ts';
import { startEmulator, type TestEmulator } from '../support/emulator.ts';
import { hurry, notifiedOf, testSync, type TestSync } from '../support/sync.ts';

const tenantId: string = development.tenantId;
const otherTenant = '33333333-3333-4333-8333-333333333333';
type Json = Record<string, unknown>;

let upstream: TestEmulator;
let store: CallRecordStore;
let sync: TestSync;
let listener: Listener;
let other: Receiver;
let counted: NotificationCounts[];
let stopped: AbortController;
let following: Promise<void>[];

beforeEach(async () => {
  upstream = await startEmulator();
  store = openSqliteStore(':memory:', { clock: upstream.clock });
  other = await startReceiver();
  sync = testSync({
    ...{ url: upstream.url, store, clock: upstream.clock },
    tenants: [{ tenantId }, { tenantId: otherTenant }],
  });
  counted = [];
  listener = await startListener({
    ...{ host: '127.0.0.1', port: 0, tls: undefined, clock: upstream.clock, tenants: notifiedOf(sync) },
    onNotifications: (counts) => counted.push(counts),
    onDefect: (error) => {
      throw error;
    },
  });
  stopped = new AbortController();
  following = [];
});
afterEach(async () => {
  stopped.abort();
  await Promise.all([...following, listener.close()]);
  sync.close();
  await store[Symbol.asyncDispose]();
  await upstream.stop();
  await other[Symbol.asyncDispose]();
});

const urlOf = (path: string) => `http://127.0.0.1:${listener.port}${path}`;
/** @param index Of the tenant. */
function follow(notificationUrl = urlOf('/hook'), index = 0): void {
  following.push(sync.tenants[index]!.follow({ reconcileMs: undefined, notificationUrl }, stopped.signal));
}
async function pause(): Promise<void> {
  stopped.abort();
  await Promise.all(following.splice(0));
  stopped = new AbortController();
}
const until = (isDone: () => boolean | Promise<boolean>) => hurry(upstream.clock, sync, isDone);

async function saved(tenant = tenantId): Promise<Json> {
  return JSON.parse((await store.upstream.state(tenant, 'subscription')) ?? '{}') as Json;
}
const stands = (tenant = tenantId) => until(async () => (await saved(tenant))['id'] !== undefined);
const subscriptionsOf = (tenant = tenantId) =>
  upstream.store.subscriptions.list(tenant, development.clientId);

/** What another, or the same in another life, has subscribed to. */
async function subscribed(more: Json = {}, tenant = tenantId): Promise<string> {
  const body = {
    changeType: 'updated',
    notificationUrl: `${other.url}/theirs?key=1`,
    resource: 'communications/callRecords',
    expirationDateTime: new Date(upstream.clock.now().getTime() + 3 * 3600_000).toISOString(),
    clientState: 'theirs',
    ...more,
  };
  const headers = { authorization: `Bearer ${await upstream.token({ tenantId: tenant })}` };
  const response = await upstream.send('POST', '/v1.0/subscriptions', body, headers);
  expect(response.status).toBe(201);
  return ((await response.json()) as { id: string }).id;
}

async function notify(callId: string, tenant = tenantId): Promise<void> {
  const startDateTime = new Date(upstream.clock.now().getTime() - 60_000).toISOString();
  const sessions = [{ id: 's', segments: [] }];
  const call = aRecord(callId, { startDateTime, participants_v2: [aParticipant('p')], sessions });
  await upstream.import([call], tenant);
  upstream.dispatcher.wake();
  await upstream.dispatcher.idle(10_000);
}
const isKept = async (callId: string, tenant = tenantId) =>
  (await store.edition(tenant, callId))?.sessions?.complete === true;
const warnings = () => sync.events.flatMap(({ problem }) => problem ?? []);
const urlSecret = /^[\w-]{43}$/;

describe('a subscription of another', () => {
  it.each([
    ['with a client state', 'theirs'],
    ['without one', null],
  ])(
    '%s is adopted: its id stays, and its calls are fetched by a secret in the URL',
    async (_, clientState) => {
      const id = await subscribed({ clientState });
      follow();
      await stands();
      const [one, ...more] = await subscriptionsOf();
      const { urlSecret: secret, ...rest } = await saved();
      expect(secret).toMatch(urlSecret);
      expect([one!.id, more, one!.notificationUrl]).toEqual([
        id,
        [],
        urlOf(`/hook?rollcall-key=${String(secret)}`),
      ]);
      expect(rest).toEqual({
        ...{ id, notificationUrl: urlOf('/hook'), expirationMs: expect.any(Number) as number },
        ...(clientState !== null && { clientState }),
      });
      expect(warnings()).toEqual([
        `Upstream has subscription ${id} for these changes, which notified ${new URL(other.url).host}. Sync takes it over and sets its address to --notification-url.`,
      ]);
      expect(sync.events.filter(({ about }) => about === 'subscription').at(-1)).toEqual({
        ...{ tenantId, about: 'subscription' },
      });
      await notify('told');
      await until(() => isKept('told'));
      expect(other.posts).toEqual([]);

      const forged = { value: [{ subscriptionId: id, resource: 'communications/callRecords/forged' }] };
      for (const query of ['', '?rollcall-key=', '?rollcall-key=guess'])
        await fetch(urlOf(`/hook${query}`), { method: 'POST', body: JSON.stringify(forged) });
      expect(counted.slice(-3)).toEqual([
        { taken: 0, otherForm: 1, unknownClientState: 0, noCall: 0 },
        { taken: 0, otherForm: 0, unknownClientState: 1, noCall: 0 },
        { taken: 0, otherForm: 0, unknownClientState: 1, noCall: 0 },
      ]);
      // Renewed as any other, with its URL as it is.
      await until(() => upstream.clock.now().getTime() > (rest['expirationMs'] as number));
      expect((await subscriptionsOf()).map(({ notificationUrl }) => notificationUrl)).toEqual([
        one!.notificationUrl,
      ]);
      await notify('later');
      await until(() => isKept('later'));
    },
  );

  it('is adopted with what is in the query of --notification-url, in each of two tenants', async () => {
    const ids = [
      await subscribed({ clientState: null }),
      await subscribed({ clientState: null }, otherTenant),
    ];
    for (const index of [0, 1]) follow(urlOf('/hook?code=a%20b'), index);
    await stands();
    await stands(otherTenant);
    const found = [...(await subscriptionsOf()), ...(await subscriptionsOf(otherTenant))];
    expect(found.map(({ id }) => id)).toEqual(ids);
    for (const { notificationUrl } of found)
      expect(notificationUrl.split('&rollcall-key=')[0]).toBe(urlOf('/hook?code=a%20b'));
    await notify('ours');
    await notify('theirs', otherTenant);
    await until(async () => (await isKept('ours')) && (await isKept('theirs', otherTenant)));
    expect([await isKept('theirs'), await isKept('ours', otherTenant)]).toEqual([false, false]);
  });

  it('stays as it is while the listener cannot be reached, and is adopted once it can', async () => {
    const id = await subscribed();
    const before = await subscriptionsOf();
    follow('http://127.0.0.1:1/hook');
    await until(() =>
      warnings().some((one) => one.startsWith('Sync could not create or renew its subscription')),
    );
    expect(await subscriptionsOf()).toEqual(before);
    await pause();
    follow();
    await stands();
    expect((await subscriptionsOf()).map((one) => one.id)).toEqual([id]);
    await notify('told');
    await until(() => isKept('told'));
  });

  it.each([400, 404, 405])(
    'is deleted and made again where upstream answers the change with %i',
    async (status) => {
      const id = await subscribed();
      upstream.emulator.faults.add({ match: { method: 'PATCH' }, effect: { status } });
      follow();
      await stands();
      const [one, ...more] = await subscriptionsOf();
      expect(one!.id).not.toBe(id);
      expect([more, one!.notificationUrl, one!.clientState]).toEqual([
        [],
        urlOf('/hook'),
        (await saved())['clientState'],
      ]);
      expect(warnings().at(-1)).toBe(
        `Upstream did not change the notificationUrl of subscription ${id} (status ${status}). Sync deletes it and creates another.`,
      );
      await notify('told');
      await until(() => isKept('told'));
    },
  );
});

describe("a subscription of sync's own", () => {
  it('whose answer was never seen is adopted with the client state that was saved', async () => {
    const clientState = 'saved before the request';
    const id = await subscribed({ clientState, notificationUrl: urlOf('/hook') });
    const pending = { clientState, notificationUrl: urlOf('/hook'), expirationMs: 0 };
    await store.upstream.setState(tenantId, 'subscription', JSON.stringify(pending));
    follow();
    await stands();
    expect(await saved()).toMatchObject({ id, clientState, notificationUrl: urlOf('/hook') });
    expect((await subscriptionsOf()).map((one) => [one.id, one.notificationUrl, one.clientState])).toEqual([
      [id, urlOf('/hook'), clientState],
    ]);
    expect(warnings()).toEqual([]);
    await notify('told');
    await until(() => isKept('told'));
  });

  it('is led to another --notification-url, and keeps its id and client state', async () => {
    follow();
    await stands();
    const before = await saved();
    await pause();
    follow(urlOf('/moved'));
    await until(async () => (await saved())['notificationUrl'] === urlOf('/moved'));
    const { id, clientState } = await saved();
    expect([id, clientState]).toEqual([before['id'], before['clientState']]);
    expect((await subscriptionsOf()).map((one) => [one.id, one.notificationUrl])).toEqual([
      [id, urlOf('/moved')],
    ]);
    await notify('told');
    await until(() => isKept('told'));
  });

  it('that is said to be removed and is there is adopted with its client state', async () => {
    follow();
    await stands();
    const { id, clientState } = await saved();
    await store.upstream.setState(tenantId, 'subscriptionRemoved', String(id));
    await until(async () => (await store.upstream.state(tenantId, 'subscriptionRemoved')) === undefined);
    await stands();
    expect(await saved()).toMatchObject({ id, clientState });
    expect((await saved())['urlSecret']).toBe(undefined);
    expect((await subscriptionsOf()).map((one) => [one.id, one.notificationUrl])).toEqual([
      [id, urlOf('/hook')],
    ]);
  });

  it('that another program has led elsewhere is led back at the next renewal', async () => {
    follow();
    await stands();
    const { id } = await saved();
    const notificationUrl = `${other.url}/taken`;
    expect(
      (await upstream.send('PATCH', `/v1.0/subscriptions/${String(id)}`, { notificationUrl })).status,
    ).toBe(200);
    await pause();
    follow();
    await until(async () => (await subscriptionsOf())[0]!.notificationUrl === urlOf('/hook'));
    expect(warnings().at(-1)).toMatch(
      /^Subscription [0-9a-f-]{36} of this sync notifies 127\.0\.0\.1:\d+: another/,
    );
    await notify('told');
    await until(() => isKept('told'));
  });
});
