/** Tests that every background task resumes when its store answers again after an outage. */
import { expect, it } from 'vitest';
import { backgroundFailures, type BackgroundTask } from '../../src/base/background.ts';
import { systemClock } from '../../src/base/clock.ts';
import { development } from '../../src/base/development.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { startListener } from '../../src/serve/http/notification-listener.ts';
import { failingStore } from '../support/failing-store.ts';
import { startReceiver } from '../support/receiver.ts';
import { aParticipant, aRecord } from '../support/records.ts';
import { startTestServer } from '../support/server.ts';
import { notifiedOf, testSync } from '../support/sync.ts';

const { tenantId } = development;

function aCall(id: string) {
  const startDateTime = new Date(Date.now() - 60_000).toISOString();
  return aRecord(id, {
    startDateTime,
    participants_v2: [aParticipant('p')],
    sessions: [{ id: 's', segments: [] }],
  });
}

async function until(isDone: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 20));
}

const failuresOf = (task: BackgroundTask) => backgroundFailures().get(task) ?? 0;

it('a server delivers notifications and completes its index', { timeout: 60_000 }, async () => {
  const inner = openSqliteStore(':memory:');
  const failing = failingStore(inner);
  await using receiver = await startReceiver();
  const server = await startTestServer({ store: failing.store });
  const made = await server.send('POST', '/v1.0/subscriptions', {
    changeType: 'created',
    notificationUrl: `${receiver.url}/hook`,
    resource: '/communications/callRecords',
    expirationDateTime: new Date(Date.now() + 3600_000).toISOString(),
  });
  expect(made.status).toBe(201);
  for (const call of ['first', 'second']) {
    const before = failuresOf('notifications');
    failing.isFailing = true;
    server.dispatcher.wake();
    await until(() => failuresOf('notifications') > before);
    expect((await server.get('/v1.0/communications/callRecords/first')).status).toBe(503);
    failing.isFailing = false;
    const { posts } = receiver;
    const count = posts.length;
    await server.import([aCall(call)]);
    await until(() => posts.length > count);
  }
  await server.stop();
});

it(
  'a server whose index and inferred participants cannot be written at its start continues, and logs each once',
  { timeout: 60_000 },
  async () => {
    const failing = failingStore(openSqliteStore(':memory:'), (name) => name === 'catchUp');
    failing.isFailing = true;
    await using server = await startTestServer({ store: failing.store });
    // Each is tried again.
    await until(() => failing.failed() > 3);
    failing.isFailing = false;
    await server.import([aCall('call')]);
    const found = () => server.get('/rollcall/calls');
    await until(async () => (await found()).status === 200);
    // One line an outage and task, however often it was tried.
    expect(server.defects).toHaveLength(2);
  },
);

it('a sync lists, fetches, subscribes and keeps its lease', { timeout: 120_000 }, async () => {
  await using upstream = await startTestServer();
  await upstream.import([aCall('before')]);
  const inner = openSqliteStore(':memory:');
  const failing = failingStore(inner);
  using sync = testSync({ url: upstream.url, store: failing.store });
  const [tenant] = sync.tenants;
  const listener = await startListener({
    ...{ host: '127.0.0.1', port: 0, tls: undefined, clock: systemClock, tenants: notifiedOf(sync) },
    onNotifications: () => undefined,
    onDefect: () => undefined, // those of a store that fails are what this is about
  });
  const stopped = new AbortController();
  // From its very first question on.
  failing.isFailing = true;
  const following = tenant!.follow(
    { reconcileMs: 300, notificationUrl: `http://127.0.0.1:${listener.port}/hook` },
    stopped.signal,
  );
  const isKept = async (id: string) => (await inner.edition(tenantId, id))?.sessions?.complete === true;
  await until(() => failing.failed() >= 2);
  failing.isFailing = false;
  await until(() => isKept('before'));
  await until(async () => (await inner.upstream.state(tenantId, 'subscription'))?.includes('"id"') === true);
  for (const call of ['one', 'two']) {
    const [before, renewals] = [failing.failed(), failuresOf('lease')];
    failing.isFailing = true;
    await upstream.import([aCall(call)]);
    // Until it could not renew its lease, too.
    await until(() => failing.failed() > before + 3 && failuresOf('lease') > renewals);
    failing.isFailing = false;
    await until(() => isKept(call));
  }
  expect(failuresOf('sync')).toBeGreaterThan(0);
  stopped.abort();
  await following;
  await listener.close();
  await inner[Symbol.asyncDispose]();
});
