/** From a record that comes in to the webhook that is told of it, over real sockets. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { createSelfSignedCertificate } from '../../src/serve/auth/certificate.ts';
import { development } from '../../src/base/development.ts';
import type { DeliveryDecision } from '../../src/notify/delivery-hook.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { startReceiver } from '../support/receiver.ts';
import { aParticipant, aRecord, aSession } from '../support/records.ts';
import { start, startNotified } from '../support/notified.ts';
import { importLines, startTestServer } from '../support/server.ts';

const minuteMs = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a webhook', () => {
  it('is told of what its subscriptions are to, several in one body, with the query of its URL', async () => {
    await using notified = await startNotified();
    const { server, receiver } = notified;
    const url = `${receiver.url}/hook?code=a%20b`;
    const first = await notified.subscribe({
      notificationUrl: url,
      changeType: 'created',
      clientState: 'one',
    });
    const second = await notified.subscribe({
      notificationUrl: url,
      changeType: 'updated, created',
      clientState: null,
    });
    await server.import([aRecord('call')]);
    await notified.settled();
    await server.import([aRecord('call', { version: 2 })]);
    await notified.settled();
    expect(receiver.posts.map(({ target, contentType }) => [target, contentType])).toEqual([
      ['/hook?code=a%20b', 'application/json; charset=utf-8'],
      ['/hook?code=a%20b', 'application/json; charset=utf-8'],
    ]);
    const told = receiver
      .notifications()
      .map(({ subscriptionId, changeType, clientState }) => [subscriptionId, changeType, clientState]);
    expect(told).toEqual([
      [first, 'created', 'one'],
      [second, 'created', null],
      [second, 'updated', null],
      [second, 'updated', null],
    ]);
    expect(server.dispatcher.counts).toEqual({ delivered: 4, failed: 0, retried: 0, dropped: 0 });
    const metrics = (await (await fetch(`${server.url}/metrics`)).text()).split('\n');
    expect(metrics).toContain('rollcall_notifications_total{outcome="delivered"} 4');
    expect(metrics).toContain('rollcall_outbox_notifications 0');
  });

  it('of a filtered subscription is sent the calls of its participants, from the version on that has them', async () => {
    await using notified = await startNotified();
    const { server, receiver } = notified;
    const guid = '6A5BDB0E-0000-4000-8000-00000000000A';
    const id = await notified.subscribe({
      resource: `/communications/callRecords?$filter=participants/any(p:p/id in ('nobody','${guid}'))`,
      changeType: 'created,updated',
    });
    const listed = (person: string) => ({ participants_v2: [aParticipant(person)] });
    for (const records of [
      [
        aRecord('other', listed('x')),
        aRecord('call', listed('x')),
        aRecord('mine', listed(guid.toLowerCase())),
      ],
      [aRecord('call', { version: 2, ...listed('x'), sessions: [aSession('s', guid)] })],
      [aRecord('call', { version: 3, ...listed(guid) })],
      [aRecord('call', { version: 4, ...listed('x') })],
    ]) {
      await server.import(records);
      await notified.settled();
    }
    expect(
      receiver
        .notifications()
        .map(({ subscriptionId, changeType, resource }) => [subscriptionId, changeType, resource]),
    ).toEqual([
      [id, 'created', 'communications/callRecords/mine'],
      [id, 'updated', 'communications/callRecords/mine'],
      [id, 'created', 'communications/callRecords/call'],
      [id, 'updated', 'communications/callRecords/call'],
      [id, 'updated', 'communications/callRecords/call'],
    ]);
  });

  it('is challenged before its subscription ends, until it answers, and not after', async () => {
    await using notified = await startNotified();
    const { clock, server, receiver } = notified;
    const id = await notified.subscribe({
      lifecycleNotificationUrl: `${receiver.url}/life`,
      expirationDateTime: new Date(start.getTime() + 240 * minuteMs).toISOString(),
    });
    await notified.subscribe({ changeType: 'updated' });
    const challenges = () => receiver.notifications().filter(({ lifecycleEvent }) => lifecycleEvent);
    await notified.settled();
    clock.advance(180 * minuteMs - 1);
    await notified.settled();
    expect(challenges()).toEqual([]);
    clock.advance(1);
    await notified.settled();
    expect(challenges()).toEqual([
      {
        subscriptionId: id,
        subscriptionExpirationDateTime: '2026-11-02T16:00:00.0000000Z',
        tenantId: development.tenantId,
        clientState: 'state',
        lifecycleEvent: 'reauthorizationRequired',
      },
    ]);
    clock.advance(15 * minuteMs);
    await notified.settled();
    expect(challenges()).toHaveLength(2);
    await server.send('POST', `/v1.0/subscriptions/${id}/reauthorize`);
    clock.advance(15 * minuteMs);
    await notified.settled();
    expect(challenges()).toHaveLength(2);
    // Renewed, it is challenged before its new end.
    const expirationDateTime = new Date(start.getTime() + 480 * minuteMs).toISOString();
    await server.send('PATCH', `/v1.0/subscriptions/${id}`, { expirationDateTime });
    clock.advance(210 * minuteMs);
    await notified.settled();
    expect(challenges()).toHaveLength(3);
    // Not answered, it ends.
    clock.advance(60 * minuteMs);
    await notified.settled();
    const before = receiver.notifications().length;
    expect((await server.get(`/v1.0/subscriptions/${id}`)).status).toBe(404);
    await notified.bring(1);
    await notified.settled();
    expect(
      receiver
        .notifications()
        .slice(before)
        .map(({ subscriptionId }) => subscriptionId),
    ).not.toContain(id);
  });

  it('that moves is sent what its former endpoint did not take', async () => {
    await using former = await startReceiver({
      answer: ({ response }) => void response.writeHead(500).end(),
    });
    await using notified = await startNotified();
    const { server, receiver, clock } = notified;
    const id = await notified.subscribe({ notificationUrl: `${former.url}/hook` });
    await notified.bring(2);
    await notified.settled();
    expect([former.notifications().length, receiver.posts]).toEqual([2, []]);
    const moved = await server.send('PATCH', `/v1.0/subscriptions/${id}`, {
      notificationUrl: `${receiver.url}/moved`,
    });
    expect(moved.status).toBe(200);
    await notified.bring(1);
    clock.advance(10_000);
    await notified.settled();
    expect(receiver.notifications().map(({ subscriptionId }) => subscriptionId)).toEqual([id, id, id]);
    expect([former.notifications().length, await server.store.subscriptions.outboxSize()]).toEqual([2, 0]);
  });

  it('hears of a late record only when it can read it', async () => {
    await using notified = await startNotified({ server: { lateMinutes: 30 } });
    const { clock, server, receiver } = notified;
    await notified.subscribe();
    const ended = new Date(start.getTime() - 10 * minuteMs).toISOString();
    await server.import([aRecord('call', { startDateTime: ended, endDateTime: ended })]);
    await notified.settled();
    clock.advance(20 * minuteMs - 1);
    await notified.settled();
    expect(receiver.posts).toEqual([]);
    clock.advance(1);
    await notified.settled();
    expect(receiver.posts).toHaveLength(1);
    const { resource } = receiver.notifications()[0]!;
    expect((await server.get(`/v1.0/${resource}`)).status).toBe(200);
  });

  it('hears of what another process writes', async () => {
    const path = join(folder, 'shared.db');
    await using server = await startTestServer({ store: openSqliteStore(path) });
    await using receiver = await startReceiver();
    const made = await server.send('POST', '/v1.0/subscriptions', {
      changeType: 'created',
      notificationUrl: receiver.url,
      resource: 'communications/callRecords',
      expirationDateTime: new Date(Date.now() + 60 * minuteMs).toISOString(),
    });
    expect(made.status).toBe(201);
    await using writer = openSqliteStore(path);
    await importLines(writer, [aRecord('call')], development.tenantId);
    await receiver.arrived(1);
    expect(receiver.notifications().map(({ resource }) => resource)).toEqual([
      'communications/callRecords/call',
    ]);
  });

  it('is reached by https with a certificate of an authority that Node trusts, and by no other', async () => {
    const tls = await createSelfSignedCertificate(['localhost'], new Date());
    await using receiver = await startReceiver({ tls });
    const more = { notificationUrl: `${receiver.url}/hook` };
    await using strange = await startNotified();
    await expect(strange.subscribe(more)).rejects.toThrow('Subscription validation request failed.');
    const trusted = getCACertificates();
    setDefaultCACertificates([...trusted, tls.cert]); // as NODE_EXTRA_CA_CERTS does
    onTestFinished(() => setDefaultCACertificates(trusted));
    await using notified = await startNotified({ server: { requiresHttps: true } });
    await notified.subscribe(more);
    await notified.bring(1);
    await notified.settled();
    expect(receiver.notifications()).toHaveLength(1);
  });

  it('gets what a script makes of its notifications', async () => {
    const script = new Map<string, DeliveryDecision>([
      ['call-0', { kind: 'lose' }],
      ['call-1', { kind: 'duplicate' }],
      ['call-2', { kind: 'last' }],
      ['call-4', { kind: 'delay', ms: 5000 }],
    ]);
    await using notified = await startNotified({
      server: {
        deliveryHook: ({ callId }) => {
          const fault = script.get(callId ?? '');
          script.delete(callId ?? '');
          return fault;
        },
      },
    });
    const { clock, receiver, server } = notified;
    await notified.subscribe();
    await notified.bring(5);
    await notified.settled();
    const told = () => receiver.notifications().map(({ resourceData }) => resourceData?.['id']);
    expect(told()).toEqual(['call-1', 'call-3', 'call-2', 'call-1']);
    clock.advance(5000);
    await notified.settled();
    expect(told().slice(4)).toEqual(['call-4']);
    expect(await server.store.subscriptions.outboxSize()).toBe(0);
  });
});

describe('a server that stops', () => {
  it('waits for the answers that are under way, and settles them', async () => {
    let finish: () => void = () => undefined;
    await using notified = await startNotified({
      receiver: { answer: ({ response }) => void (finish = () => void response.writeHead(202).end()) },
    });
    const { server, receiver } = notified;
    const path = join(folder, 'stopping.db');
    await using other = await startTestServer({ store: openSqliteStore(path) });
    await other.send('POST', '/v1.0/subscriptions', {
      changeType: 'created',
      notificationUrl: receiver.url,
      resource: 'communications/callRecords',
      expirationDateTime: new Date(Date.now() + 60 * minuteMs).toISOString(),
    });
    await other.import([aRecord('call')]);
    await receiver.arrived(1);
    const stopped = other.stop();
    finish();
    await stopped;
    await using store = openSqliteStore(path);
    expect(await store.subscriptions.outboxSize()).toBe(0);
    expect(server.defects).toEqual([]);
  });
});

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Runs `dev` in a process of its own. @returns It, and where it listens. */
async function runDev(store: string): Promise<{ child: ChildProcess; url: string }> {
  const options = ['--store', `sqlite:${store}`, '--port', '0', '--no-generate', '--quiet', '--json'];
  const child = spawn(process.execPath, [main, 'dev', ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, url: (JSON.parse(line) as { listening: string }).listening };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

it('delivers again what a killed process had delivered and not settled: at least once, nothing lost', async () => {
  const path = join(folder, 'killed.db');
  let isDeaf = true;
  await using receiver = await startReceiver({
    answer: ({ response }) => {
      if (!isDeaf) response.writeHead(202).end();
    },
  });
  const first = await runDev(path);
  const form = new URLSearchParams({
    client_id: development.clientId,
    client_secret: development.clientSecret,
    grant_type: 'client_credentials',
    scope: 'https://graph.microsoft.com/.default',
  });
  const issued = await fetch(`${first.url}/${development.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: form,
  });
  const { access_token: token } = (await issued.json()) as { access_token: string };
  const made = await fetch(`${first.url}/v1.0/subscriptions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      changeType: 'created,updated',
      notificationUrl: receiver.url,
      resource: 'communications/callRecords',
      expirationDateTime: new Date(Date.now() + 60 * minuteMs).toISOString(),
    }),
  });
  expect(made.status).toBe(201);
  const file = join(folder, 'records.jsonl');
  writeFileSync(
    file,
    [0, 1, 2].map((i) => `${JSON.stringify(aRecord(`call-${i}`, { participants_v2: [] }))}\n`).join(''),
  );
  const importing = spawn(process.execPath, [main, 'import', file, '--quiet', '--store', `sqlite:${path}`], {
    stdio: 'ignore',
  });
  expect((await once(importing, 'exit'))[0]).toBe(0);
  await receiver.arrived(1);
  await end(first.child, 'SIGKILL');
  const [before, posts] = [receiver.notifications().length, receiver.posts.length];
  isDeaf = false;
  const second = await runDev(path);
  // The lease of the killed process ends by itself.
  await receiver.arrived(posts + 1);
  const again = receiver.notifications().slice(before);
  expect(again.map(({ resourceData, changeType }) => `${resourceData?.['id']} ${changeType}`).sort()).toEqual(
    [0, 1, 2].flatMap((i) => [`call-${i} created`, `call-${i} updated`]),
  );
  await end(second.child, 'SIGTERM');
  await using store = openSqliteStore(path);
  expect(await store.subscriptions.outboxSize()).toBe(0);
});
