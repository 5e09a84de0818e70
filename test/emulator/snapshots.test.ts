/** Snapshots of a SQLite store, in memory and in a file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMovableClock } from '../../src/base/clock.ts';
import { Fault } from '../../src/contract/faults.ts';
import type { SqliteSnapshots } from '../../src/emulator/sqlite-snapshots.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { hostileFileNames } from '../support/hostile-names.ts';
import { aParticipant, aRecord, participants } from '../support/records.ts';
import { importLines } from '../support/server.ts';
import { snapshotsOf } from '../support/snapshots.ts';
import { received } from '../store/suite.ts';
import { often } from '../support/often.ts';

const tenant = 'tenant';
const everyCall = {
  from: -(2n ** 62n),
  before: 2n ** 62n,
  participantId: undefined,
  endedBy: undefined,
  withFound: false,
  at: undefined,
};

const folder = mkdtempSync(join(tmpdir(), 'rollcall-snapshots-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

describe.each([
  ['in memory', () => ':memory:'],
  ['in a file', () => join(folder, `${files++}.db`)],
])('snapshots of a store %s', (_name, path) => {
  let store: CallRecordStore;
  let snapshots: SqliteSnapshots;
  beforeEach(() => {
    store = openSqliteStore(path(), { clock: createMovableClock(new Date('2026-11-02T12:00:00Z')) });
    snapshots = snapshotsOf(store);
  });
  afterEach(async () => {
    await store[Symbol.asyncDispose]();
    snapshots[Symbol.dispose]();
  });

  const listed = async () => {
    const calls = await store.callsPage(tenant, everyCall, await store.newestEdition(tenant), undefined, 100);
    return calls.map(({ callId }) => callId);
  };
  const add = (id: string, version = 1) =>
    store.add(tenant, [received({ id, version, participants: participants(3), sessions: 2 })]);
  const subscription = {
    tenantId: tenant,
    id: 'subscription',
    applicationId: 'app',
    resource: 'communications/callRecords',
    changeType: 'created',
    notificationUrl: 'https://receiver.example/',
    lifecycleNotificationUrl: null,
    clientState: null,
    latestSupportedTlsVersion: 'v1_2',
    expirationTicks: 2n ** 62n,
    challengeMs: undefined,
  };

  it('bring everything back as it was, and give no number twice', async () => {
    await store.subscriptions.create(subscription, 100);
    await add('a');
    await store.addLogRows(tenant, [{ kind: 'smsLogRow', ticks: 1n, id: 'row', text: Buffer.from('{}') }]);
    snapshots.save('before');
    const edition = await store.edition(tenant, 'a');
    await add('a', 2);
    await add('b');
    await store.addLogRows(tenant, [{ kind: 'smsLogRow', ticks: 2n, id: 'other', text: Buffer.from('{}') }]);
    const last = await store.newestEdition(tenant);
    expect([await store.subscriptions.outboxSize(), await listed()]).toEqual([2, ['a', 'b']]);

    expect(snapshots.restore('before')).toBe(true);
    expect(snapshots.newestThere()).toBe(edition?.edition);
    expect([await store.edition(tenant, 'a'), await store.edition(tenant, 'b')]).toEqual([
      edition,
      undefined,
    ]);
    const rows = { kind: 'smsLogRow', from: 0n, before: 9n, skip: 0, limit: 9 };
    expect([await store.subscriptions.outboxSize(), (await store.logRows(tenant, rows)).length]).toEqual([
      1, 1,
    ]);
    expect(await listed()).toEqual(['a']);
    await add('c');
    expect((await store.edition(tenant, 'c'))?.edition).toBeGreaterThan(last);
  });

  it('leave secrets alone, and notify caches of answers', async () => {
    const secret = () => store.secret('key', () => Promise.resolve(String(Math.random())));
    snapshots.save('empty');
    const first = await secret();
    await add('a');
    const revisions = [await store.revision()];
    snapshots.restore('empty');
    revisions.push(await store.revision());
    snapshots.clear();
    revisions.push(await store.revision());
    expect([await secret(), new Set(revisions).size]).toEqual([first, 3]);
  });

  it('empty the store, keep snapshots, and can be brought back more than once', async () => {
    await add('a');
    snapshots.save('one');
    snapshots.clear();
    expect([await listed(), await store.totals()]).toEqual([[], { calls: 0, editions: 0 }]);
    for (let i = 0; i < 2; i++) {
      snapshots.restore('one');
      expect(await listed()).toEqual(['a']);
      await add('b');
    }
  });

  it('have names, which may be given again', async () => {
    snapshots.save('b');
    snapshots.save('a');
    await add('call');
    snapshots.save('a');
    expect(snapshots.list()).toEqual(['a', 'b']);
    snapshots.restore('b');
    expect(await listed()).toEqual([]);
    snapshots.restore('a');
    expect(await listed()).toEqual(['call']);
    expect([snapshots.delete('b'), snapshots.delete('b')]).toEqual([true, false]);
    expect([snapshots.list(), snapshots.restore('b')]).toEqual([['a'], false]);
  });

  it('are found in as before by a search', async () => {
    const add = (id: string) =>
      importLines(store, [aRecord(id, { participants_v2: [aParticipant(id)] })], tenant);
    const found = async () => {
      const { calls } = await store.search.find(tenant, { person: 'Person' }, undefined, 9);
      return calls.map(({ callId }) => callId).sort();
    };
    await add('a');
    snapshots.save('one');
    await add('b');
    expect(await found()).toEqual(['a', 'b']);
    snapshots.restore('one');
    expect(await found()).toEqual(['a']);
    await add('c');
    expect(await found()).toEqual(['a', 'c']);
    snapshots.clear();
    expect([await found(), await store.search.days(tenant, -1e6, 1e6)]).toEqual([[], []]);
  });

  it('take nothing for a name that leads elsewhere', async () => {
    await add('a');
    snapshots.save('kept');
    fc.assert(
      fc.property(hostileFileNames, (name) => {
        for (const ask of ['save', 'restore', 'delete'] as const)
          expect(refusal(() => snapshots[ask](name))).toBe('badEmulatorRequest');
      }),
      { numRuns: often(50, 200) },
    );
    expect([snapshots.list(), await listed()]).toEqual([['kept'], ['a']]);
  });
});

function refusal(ask: () => unknown): string {
  try {
    ask();
    return 'none';
  } catch (error) {
    if (error instanceof Fault) return error.fault;
    throw error;
  }
}
