/** Several processes that write one database at once, each a store of its own. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import type { CallsQuery } from '../../src/store/call-list.ts';
import { received } from '../store/suite.ts';
import { participants } from '../support/records.ts';
import { createDatabase, type TestDatabase } from '../support/test-database.ts';

const all: CallsQuery = {
  from: 0n,
  before: 2n ** 62n,
  participantId: undefined,
  withFound: false,
  endedBy: undefined,
  at: undefined,
};

let database: TestDatabase;
let stores: CallRecordStore[];
beforeAll(async () => {
  database = await createDatabase();
  stores = await Promise.all(Array.from({ length: 4 }, () => openPostgresStore(database.url)));
});
afterAll(async () => {
  for (const store of stores) await store[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});
beforeEach(() => database.empty());

let made = 0;
/** Tenants that nobody has met: stores remember the numbers of those they have. */
const aTenant = () => `tenant-${made++}`;

async function listed(store: CallRecordStore, tenant: string, asOf: number, participantId?: string) {
  const calls = await store.callsPage(tenant, { ...all, participantId }, asOf, undefined, 1000);
  return calls.map(({ callId, startTicks, call }) => `${callId} ${startTicks} ${call}`);
}

describe('processes that write at once', () => {
  it('change no list as of an edition that anyone was given', async () => {
    const tenant = aTenant();
    const [reader, ...writers] = stores as [CallRecordStore, ...CallRecordStore[]];
    const running = new Set(writers);
    const writes = writers.map(async (store, writer) => {
      for (let i = 0; i < 12; i++) {
        const at = `2026-01-01T00:00:${String((i * 7 + writer) % 60).padStart(2, '0')}Z`;
        // Now a call of its own, now one that the others write too; in batches of several sizes.
        const calls = Array.from({ length: 1 + ((i + writer) % 3) * 4 }, (_, n) =>
          received({ id: `own-${writer}-${i}-${n}`, version: 1, start: at, participants: participants(2) }),
        );
        const shared = received({ id: 'shared', version: i + 1, start: at, participants: participants(2) });
        await store.add(tenant, [shared, ...calls]);
      }
      running.delete(store);
    });
    const seen: [number, string[], string[]][] = [];
    const reading = (async () => {
      while (running.size > 0) {
        const asOf = await reader.newestEdition(tenant);
        seen.push([
          asOf,
          await listed(reader, tenant, asOf),
          await listed(reader, tenant, asOf, 'participant-1'),
        ]);
      }
    })();
    await Promise.all(writes);
    await reading;
    expect(seen.length).toBeGreaterThan(5);
    expect(new Set(seen.map(([asOf]) => asOf)).size).toBeGreaterThan(5);
    for (const [asOf, calls, ofParticipant] of seen) {
      expect(await listed(reader, tenant, asOf)).toEqual(calls);
      expect(await listed(reader, tenant, asOf, 'participant-1')).toEqual(ofParticipant);
    }
    expect(await reader.evidence.tally(tenant)).toMatchObject({
      calls: (await listed(reader, tenant, await reader.newestEdition(tenant))).length,
      editions: await reader.newestEdition(tenant),
    });
  });

  it('add the same calls once, whoever comes first, and the tenant with them', async () => {
    const [tenant, call] = [
      aTenant(),
      (id: string) => received({ id, version: 1, participants: participants(3) }),
    ];
    const outcomes = await Promise.all(
      stores.map(async (store) => store.add(tenant, ['a', 'b', 'c', 'd'].map(call))),
    );
    expect(outcomes.flat().filter((outcome) => outcome === 'added').length).toBe(4);
    expect(await stores[0]!.evidence.tally(tenant)).toMatchObject({
      calls: 4,
      editions: 4,
      participants: 12,
    });
  });

  it('keep the editions of each tenant in a row of their own', async () => {
    const [one, other] = [aTenant(), aTenant()];
    await Promise.all(
      stores.map(async (store, i) =>
        store.add(i % 2 === 0 ? one : other, [received({ id: `call-${i}`, version: 1 })]),
      ),
    );
    for (const tenant of [one, other]) {
      expect(await stores[0]!.newestEdition(tenant)).toBe(2);
      expect((await listed(stores[0]!, tenant, 2)).length).toBe(2);
    }
  });

  it('tell a new subscription of each call once: it was added before, or is told', async () => {
    const tenant = aTenant();
    const [subscriber, ...writers] = stores as [CallRecordStore, ...CallRecordStore[]];
    const url = 'https://receiver.example/';
    const adding = writers.map(async (store, writer) => {
      for (let i = 0; i < 10; i++)
        await store.add(tenant, [received({ id: `call-${writer}-${i}`, version: 1 })]);
    });
    await subscriber.subscriptions.create(
      {
        tenantId: tenant,
        id: 'subscription',
        applicationId: 'application',
        resource: 'communications/callRecords',
        changeType: 'created',
        notificationUrl: url,
        lifecycleNotificationUrl: null,
        clientState: 'any text\u0000at all',
        latestSupportedTlsVersion: 'v1_2',
        expirationTicks: 2n ** 62n,
        challengeMs: undefined,
      },
      1,
    );
    await Promise.all(adding);
    const rows = await database.query<{ since: string }>(
      'SELECT since_edition AS since FROM rollcall.subscription',
    );
    const told = (await subscriber.subscriptions.due(url, 100)).map(({ callId }) => callId);
    expect(told.length).toBe(30 - Number(rows[0]!.since));
    expect(new Set(told).size).toBe(told.length);
  });

  it('take each wanted call once', async () => {
    const tenant = aTenant();
    const ids = Array.from({ length: 40 }, (_, i) => `call-${i}`);
    await stores[0]!.upstream.observe(
      tenant,
      ids.map((callId) => ({ callId, version: 1n, startTicks: 1n })),
      1,
    );
    const taken = await Promise.all(stores.map(async (store) => store.upstream.lease(tenant, 1, 15)));
    expect(
      taken
        .flat()
        .map(({ callId }) => callId)
        .sort(),
    ).toEqual([...ids].sort());
  });

  it('give a lease to one holder, also when it has just ended', async () => {
    for (const nowMs of [0, 60_000]) {
      const given = await Promise.all(
        stores.map(async (store, i) =>
          store.leases.acquire('work', { holder: `process-${i}`, nowMs, forMs: 60_000 }),
        ),
      );
      expect(new Set(given.map(({ holder }) => holder)).size).toBe(1);
      expect(given.filter(({ holder }, i) => holder === `process-${i}`).length).toBe(1);
    }
  });

  it('make a secret once', async () => {
    const secrets = await Promise.all(
      stores.map((store, i) => store.secret('key', () => Promise.resolve(`secret-${i}`))),
    );
    expect(new Set(secrets).size).toBe(1);
  });
});
