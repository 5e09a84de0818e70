/** What snapshots do on every store, as a function of how to open one. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMovableClock } from '../../src/clock.ts';
import type { Clock } from '../../src/clock.ts';
import { Fault } from '../../src/faults.ts';
import type { Awaitable, CallRecordStore } from '../../src/store/store.ts';
import { hostileFileNames } from '../support/hostile-names.ts';
import { participants } from '../support/records.ts';
import { received } from './suite.ts';

const tenant = 'tenant';
const everyCall = {
  from: -(2n ** 62n),
  before: 2n ** 62n,
  participantId: undefined,
  endedBy: undefined,
  withFound: false,
  at: undefined,
};

export function snapshotSuite(backend: string, open: (clock: Clock) => Awaitable<CallRecordStore>) {
  describe(`snapshots on ${backend}`, () => {
    let store: CallRecordStore;
    beforeEach(async () => {
      store = await open(createMovableClock(new Date('2026-11-02T12:00:00Z')));
    });
    afterEach(() => store[Symbol.asyncDispose]());

    const listed = async () => {
      const calls = await store.callsPage(
        tenant,
        everyCall,
        await store.newestEdition(tenant),
        undefined,
        100,
      );
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
      await store.snapshots.save('before');
      const edition = await store.edition(tenant, 'a');
      await add('a', 2);
      await add('b');
      await store.addLogRows(tenant, [
        { kind: 'smsLogRow', ticks: 2n, id: 'other', text: Buffer.from('{}') },
      ]);
      const last = await store.newestEdition(tenant);
      expect([await store.subscriptions.outboxSize(), await listed()]).toEqual([2, ['a', 'b']]);

      expect(await store.snapshots.restore('before')).toBe(true);
      expect(await store.snapshots.newestThere(tenant)).toBe(edition?.edition);
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

    it('leave secrets alone, and tell whoever remembers answers', async () => {
      const secret = () => store.secret('key', () => Promise.resolve(String(Math.random())));
      await store.snapshots.save('empty');
      const first = await secret();
      await add('a');
      const revisions = [await store.revision()];
      await store.snapshots.restore('empty');
      revisions.push(await store.revision());
      await store.snapshots.clear();
      revisions.push(await store.revision());
      // A store that cannot tell never tells.
      const told = (await store.revision()) === undefined ? 1 : 3;
      expect([await secret(), new Set(revisions).size]).toEqual([first, told]);
    });

    it('empty the store, keep snapshots, and can be brought back more than once', async () => {
      await add('a');
      await store.snapshots.save('one');
      await store.snapshots.clear();
      expect([await listed(), await store.totals()]).toEqual([[], { calls: 0, editions: 0 }]);
      for (let i = 0; i < 2; i++) {
        await store.snapshots.restore('one');
        expect(await listed()).toEqual(['a']);
        await add('b');
      }
    });

    it('have names, which may be given again', async () => {
      await store.snapshots.save('b');
      await store.snapshots.save('a');
      await add('call');
      await store.snapshots.save('a');
      expect(await store.snapshots.list()).toEqual(['a', 'b']);
      await store.snapshots.restore('b');
      expect(await listed()).toEqual([]);
      await store.snapshots.restore('a');
      expect(await listed()).toEqual(['call']);
      expect([await store.snapshots.delete('b'), await store.snapshots.delete('b')]).toEqual([true, false]);
      expect([await store.snapshots.list(), await store.snapshots.restore('b')]).toEqual([['a'], false]);
    });

    it('take nothing for a name that leads elsewhere', async () => {
      await add('a');
      const { snapshots } = store;
      await snapshots.save('kept');
      await fc.assert(
        fc.asyncProperty(hostileFileNames, async (name) => {
          for (const ask of ['save', 'restore', 'delete'] as const)
            expect(await refusal(async () => snapshots[ask](name))).toBe('badStage');
        }),
        { numRuns: 200 },
      );
      expect([await snapshots.list(), await listed()]).toEqual([['kept'], ['a']]);
    });
  });
}

async function refusal(ask: () => Promise<unknown>): Promise<string> {
  try {
    await ask();
    return 'none';
  } catch (error) {
    if (error instanceof Fault) return error.fault;
    throw error;
  }
}
