/** Several syncs on one store: who works for a tenant, who is on standby, and what a process on standby still does. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { createMovableClock, type MovableClock } from '../../src/base/clock.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { aParticipant, aRecord } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { type TestSync, testSync } from '../support/sync.ts';

const { tenantId } = development;
const other = '33333333-3333-4333-8333-333333333333';
const follow = { reconcileMs: undefined, notificationUrl: undefined };

let upstream: TestServer;
let store: CallRecordStore;
let leaseClock: MovableClock;
let stopped: AbortController;
const syncs: TestSync[] = [];
const following: Promise<void>[] = [];
beforeEach(async () => {
  upstream = await startTestServer();
  await upstream.import([aCall('listed')]);
  store = openSqliteStore(':memory:');
  leaseClock = createMovableClock(new Date('2026-11-02T12:00:00Z'));
  stopped = new AbortController();
});
afterEach(async () => {
  stopped.abort();
  await Promise.all(following.splice(0));
  for (const sync of syncs.splice(0)) sync.close();
  await store[Symbol.asyncDispose]();
  await upstream.stop();
});

function aCall(id: string) {
  return aRecord(id, {
    startDateTime: new Date(Date.now() - 60_000).toISOString(),
    participants_v2: [aParticipant('p')],
    sessions: [{ id: 's', segments: [] }],
  });
}

/** As another process would. */
function newSync(...tenants: readonly string[]): TestSync {
  const sync = testSync({
    ...{ url: upstream.url, store, leaseClock },
    tenants: (tenants.length === 0 ? [tenantId] : tenants).map((one) => ({ tenantId: one })),
  });
  syncs.push(sync);
  return sync;
}

function start(sync: TestSync, end = stopped.signal): TestSync {
  for (const tenant of sync.tenants)
    following.push(tenant.follow(follow, AbortSignal.any([end, stopped.signal])));
  return sync;
}

/** The clock of leases moves on until it is so. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) {
    leaseClock.advance(100);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const holds = ({ tenants }: TestSync) => tenants.map(({ isHolder }) => isHolder);
const isStored = async (id: string) => (await store.edition(tenantId, id)) !== undefined;
const isOnStandby = ({ events }: TestSync) =>
  events.some(({ about, problem }) => about === 'standby' && problem);

describe('of two processes', () => {
  it('one works, and the other takes over as soon as it stops', async () => {
    const end = new AbortController();
    const first = start(newSync(), end.signal);
    await until(() => isStored('listed'));
    const second = start(newSync());
    await until(() => isOnStandby(second));
    expect([holds(first), holds(second), second.tenants[0]!.report.counts.requests]).toEqual([
      [true],
      [false],
      0,
    ]);
    const endedMs = leaseClock.now().getTime();
    end.abort();
    await until(() => holds(second)[0]!);
    // At its next look, not at the end of a lease.
    expect(leaseClock.now().getTime() - endedMs).toBeLessThanOrEqual(2000);
    expect(second.events.at(-1)).toEqual({ tenantId, about: 'standby' });
  });

  it('each may work for a tenant of its own, and be on standby for the other', async () => {
    const first = start(newSync(tenantId));
    await until(() => holds(first)[0]!);
    const second = start(newSync(tenantId, other));
    await until(() => holds(second)[1]!);
    await until(() => isOnStandby(second));
    expect([holds(first), holds(second)]).toEqual([[true], [false, true]]);
  });

  it('the one on standby takes notifications, and the other fetches the calls', async () => {
    const first = start(newSync());
    await until(() => isStored('listed'));
    const second = start(newSync());
    await until(() => isOnStandby(second));
    await upstream.import([aCall('notified')]);
    await second.tenants[0]!.notifications.notified(['notified']);
    await until(() => isStored('notified'));
    expect([holds(first), second.tenants[0]!.report.counts.records]).toEqual([[true], 0]);
  });

  it('the one that was late to renew begins anew, when no other has taken over', async () => {
    const first = start(newSync());
    await until(() => isStored('listed'));
    leaseClock.advance(60_000); // as a machine that slept
    await upstream.import([aCall('later')]);
    await until(() => isStored('later'));
    const { lostLeases } = first.tenants[0]!.report;
    expect([lostLeases, holds(first)]).toEqual([1, [true]]);
    const told = first.events.filter(({ about }) => about === 'lease').map(({ problem }) => problem);
    expect(told).toEqual([
      undefined,
      expect.stringContaining('The lease of the tenant ended before this process renewed it.'),
      undefined,
    ]);
  });
});

describe('sync --once', () => {
  it('fails when another process goes on working for the tenant', async () => {
    start(newSync());
    await until(() => isStored('listed'));
    let outcome: unknown;
    void newSync()
      .tenants[0]!.once(stopped.signal)
      .then((one) => (outcome = one));
    await until(() => outcome !== undefined);
    expect(outcome).toMatchObject({ failed: true, records: 0, requests: 0 });
    expect(outcome).toMatchObject({
      problems: [{ reason: expect.stringContaining('Another process syncs this tenant.') as string }],
    });
  });

  it('waits for one that ends', async () => {
    const end = new AbortController();
    start(newSync(), end.signal);
    await until(() => isStored('listed'));
    await upstream.import([aCall('later')]);
    const waiting = newSync();
    let outcome: unknown;
    void waiting.tenants[0]!.once(stopped.signal).then((one) => (outcome = one));
    await until(() => isOnStandby(waiting));
    end.abort();
    await until(() => outcome !== undefined);
    expect(outcome).toMatchObject({ failed: false, records: 1, problems: [] });
  });
});
