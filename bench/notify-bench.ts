/**
 * Measures notifications per second from a SQLite file to a receiver in a separate process on this machine, from the
 * first delivery to the last settlement: node bench/notify-bench.ts.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/base/clock.ts';
import { walkCall } from '../src/collect/ingest/read-call.ts';
import { addressRule, loopback } from '../src/notify/addresses.ts';
import { startNotifier } from '../src/notify/notifier.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import { storedRules } from '../src/wire/text/entity.ts';
import { Scanner } from '../src/wire/text/scanner.ts';

const calls = 20_000;

function receive(): void {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(202).end());
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
}

async function measure(): Promise<void> {
  const receiver = fork(import.meta.filename, ['receiver']);
  const [port] = (await once(receiver, 'message')) as [number];
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
  const store = openSqliteStore(join(folder, 'notify.db'));
  for (const endpoints of [1, 10, 100]) {
    const ids = Array.from({ length: endpoints }, (_, i) => `${endpoints}-${i}`);
    for (const id of ids)
      await store.subscriptions.create(
        {
          tenantId: `t${endpoints}`,
          id,
          applicationId: `app ${id}`,
          resource: 'communications/callRecords',
          changeType: 'created',
          notificationUrl: `http://127.0.0.1:${port}/${id}`,
          lifecycleNotificationUrl: null,
          clientState: 'state',
          latestSupportedTlsVersion: 'v1_2',
          expirationTicks: 2n ** 62n,
          challengeMs: undefined,
        },
        100,
      );
    const time = '2026-03-02T10:00:00Z';
    const added = Array.from({ length: calls / endpoints }, (_, i) => {
      const record = { id: `${endpoints}-${i}`, version: 1, startDateTime: time, endDateTime: time };
      return walkCall(new Scanner(Buffer.from(JSON.stringify(record)), 0, undefined, storedRules)).call()
        .call;
    });
    await store.add(`t${endpoints}`, added);
    const waiting = await store.subscriptions.outboxSize();
    const begun = performance.now();
    const notifier = startNotifier({
      store,
      clock: systemClock,
      mayConnect: addressRule(loopback),
      onError: (error) => console.error(error),
      onAddressRefused: () => undefined,
    });
    while ((await store.subscriptions.outboxSize()) > 0) await notifier.dispatcher.idle(60_000);
    const seconds = (performance.now() - begun) / 1000;
    console.log(`${endpoints} endpoints: ${waiting} notifications, ${Math.round(waiting / seconds)}/s`);
    await notifier.stop();
  }
  await store[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
  receiver.kill();
}

if (process.argv[2] === 'receiver') receive();
else await measure();
