/** Tests the state of upstream and the fetch queue in every store; the caller opens the store. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallRecordStore } from '../../src/store/store.ts';
import type { Observation, UpstreamStore, PendingCall } from '../../src/store/upstream.ts';
import { aParticipant } from '../support/records.ts';
import { received } from './suite.ts';

const tenantId = 'tenant';

function sighting(callId: string, version?: bigint, startTicks?: bigint): Observation {
  return { callId, version, startTicks };
}

export function upstreamSuite(backend: string, open: () => Promise<CallRecordStore>): void {
  describe(`upstream of a store in ${backend}`, () => {
    let store: CallRecordStore;
    let upstream: UpstreamStore;
    beforeEach(async () => {
      store = await open();
      ({ upstream } = store);
    });
    afterEach(() => store[Symbol.asyncDispose]());

    const taken = async (nowMs = 100, limit = 10) =>
      (await upstream.lease(tenantId, nowMs, limit)).map(({ callId }) => callId);
    const takeOne = async (nowMs = 100): Promise<PendingCall> =>
      (await upstream.lease(tenantId, nowMs, 1))[0]!;

    it('leases calls without a known start first, then the oldest, each once', async () => {
      const seen = [
        sighting('b', 1n, 20n),
        sighting('a', 1n, 30n),
        sighting('named'),
        sighting('c', 1n, 10n),
      ];
      expect(await upstream.observe(tenantId, seen, 100)).toBe(4);
      expect(await taken(99)).toEqual([]);
      expect(await taken(100, 3)).toEqual(['named', 'c', 'b']);
      expect(await taken()).toEqual(['a']);
      expect(await taken()).toEqual([]);
      expect(await upstream.lease('other tenant', 100, 9)).toEqual([]);
    });

    it('does not queue a version that is stored with both lists complete', async () => {
      const whole = received({ version: 3, participants: [aParticipant('p')], sessions: 1 });
      await store.add(tenantId, [whole, received({ id: 'bare', version: 3, sessions: 1 })]);
      const seen = [sighting('call', 2n), sighting('call', 3n), sighting('bare', 3n)];
      expect(await upstream.observe(tenantId, seen, 100)).toBe(1);
      expect(await taken()).toEqual(['bare']);
      expect(await upstream.observe(tenantId, [sighting('call', 4n)], 100)).toBe(1);
      expect(await taken()).toEqual(['call']);
    });

    it('queues a call that a notification names, even if it is stored', async () => {
      await store.add(tenantId, [received({ version: 3, participants: [aParticipant('p')], sessions: 1 })]);
      expect(await upstream.observe(tenantId, [sighting('call')], 100)).toBe(1);
    });

    it('removes a stored call from the queue, unless it was observed again meanwhile', async () => {
      await upstream.observe(tenantId, [sighting('call', 1n, 5n)], 100);
      const { observations: observations } = await takeOne();
      await upstream.observe(tenantId, [sighting('call', 1n, 5n)], 101); // the same version again
      await upstream.observe(tenantId, [sighting('call', 2n, 5n)], 102);
      await upstream.acknowledge(
        tenantId,
        [{ callId: 'call', observations: observations, outcome: 'stored', version: 1n }],
        103,
      );
      const again = await takeOne(103);
      expect(again).toMatchObject({ callId: 'call', version: 2n, startTicks: 5n, attempts: 0 });
      const done = {
        callId: 'call',
        observations: again.observations,
        outcome: 'stored',
        version: 2n,
      } as const;
      await upstream.acknowledge(tenantId, [done], 104);
      expect(await upstream.counts(tenantId)).toEqual({
        pending: 0,
        expiredUpstream: 0,
        nextDueMs: undefined,
      });
    });

    it('queues a call again when the stored version is older than the observed one', async () => {
      await upstream.observe(tenantId, [sighting('call', 2n)], 100);
      const { observations: observations } = await takeOne();
      await upstream.acknowledge(
        tenantId,
        [{ callId: 'call', observations: observations, outcome: 'stored', version: 1n }],
        101,
      );
      expect(await taken(101)).toEqual(['call']);
    });

    it('leases a call whose fetch failed when it is due again, with the reason', async () => {
      await upstream.observe(tenantId, [sighting('call')], 100);
      const { observations: observations } = await takeOne();
      const later = {
        callId: 'call',
        observations,
        outcome: 'later',
        dueMs: 500,
        reason: 'notFound',
      } as const;
      await upstream.acknowledge(tenantId, [later], 101);
      expect(await upstream.counts(tenantId)).toEqual({ pending: 1, expiredUpstream: 0, nextDueMs: 500 });
      expect(await taken(499)).toEqual([]);
      expect(await takeOne(500)).toMatchObject({
        callId: 'call',
        version: undefined,
        startTicks: undefined,
        observations,
        queuedMs: 100,
        attempts: 1,
        dueMs: 500,
        reason: 'notFound',
        expiredUpstream: false,
      });
    });

    it('counts expired calls separately until they are observed again', async () => {
      await upstream.observe(tenantId, [sighting('call', 1n)], 100);
      const { observations: observations } = await takeOne();
      const gone = { callId: 'call', observations, outcome: 'gone', reason: 'notFound' } as const;
      await upstream.acknowledge(tenantId, [gone], 101);
      expect(await upstream.counts(tenantId)).toEqual({
        pending: 0,
        expiredUpstream: 1,
        nextDueMs: undefined,
      });
      expect(await taken(1000)).toEqual([]);
      expect(await upstream.pending(tenantId, undefined, 9)).toMatchObject([
        { callId: 'call', expiredUpstream: true },
      ]);
      await upstream.observe(tenantId, [sighting('call', 1n)], 102);
      expect(await taken(102)).toEqual(['call']);
    });

    it('releases leased calls that were not acknowledged', async () => {
      await upstream.observe(
        tenantId,
        [sighting('a', 1n, 1n), sighting('b', 1n, 2n), sighting('c', 1n, 3n)],
        9,
      );
      await upstream.lease(tenantId, 10, 2);
      expect(await upstream.releaseAll(tenantId)).toEqual(['a', 'b']);
      expect(await upstream.releaseAll(tenantId)).toEqual([]);
      const { observations: observations } = await takeOne();
      await upstream.acknowledge(
        tenantId,
        [{ callId: 'a', observations: observations, outcome: 'released' }],
        11,
      );
      expect(await taken()).toEqual(['a', 'b', 'c']);
    });

    it('accepts only the outcome stored for a call that was released', async () => {
      await upstream.observe(tenantId, [sighting('a', 1n, 1n), sighting('b', 1n, 2n)], 9);
      const [a, b] = await upstream.lease(tenantId, 10, 2);
      await upstream.releaseAll(tenantId);
      const later = { outcome: 'later', dueMs: 5000, reason: 'cut' } as const;
      await upstream.acknowledge(tenantId, [{ callId: 'a', observations: a!.observations, ...later }], 11);
      expect(await upstream.pendingOf(tenantId, ['a'])).toMatchObject([{ attempts: 0, dueMs: 9 }]);
      const stored = { outcome: 'stored', version: 1n } as const;
      await upstream.acknowledge(tenantId, [{ callId: 'b', observations: b!.observations, ...stored }], 11);
      expect(await taken(11)).toEqual(['a']);
    });

    it('returns the queue ordered by id', async () => {
      await upstream.observe(tenantId, [sighting('b'), sighting('a'), sighting('c')], 100);
      const ids = async (after?: string) =>
        (await upstream.pending(tenantId, after, 2)).map(({ callId }) => callId);
      expect([await ids(), await ids('b')]).toEqual([['a', 'b'], ['c']]);
      expect(await upstream.tenants()).toEqual([tenantId]);
    });

    it('records listed spans with the observed calls; the later listing wins where two overlap', async () => {
      await upstream.observe(tenantId, [sighting('a', 1n, 5n)], 1, { from: 0n, before: 10n, listedMs: 1 });
      await upstream.observe(tenantId, [], 1, { from: 10n, before: 20n, listedMs: 1 });
      await upstream.observe(tenantId, [], 2, { from: 5n, before: 12n, listedMs: 2 });
      expect(await upstream.listed(tenantId, 'calls')).toEqual([
        { from: 0n, before: 5n, listedMs: 1 },
        { from: 5n, before: 12n, listedMs: 2 },
        { from: 12n, before: 20n, listedMs: 1 },
      ]);
      await upstream.addListed(tenantId, 'getPstnCalls', { from: 1n, before: 2n, listedMs: 3 });
      expect(await upstream.listed(tenantId, 'getPstnCalls')).toHaveLength(1);
      expect(await upstream.listed('other tenant', 'calls')).toEqual([]);
    });

    it('stores texts by name until they are deleted', async () => {
      expect(await upstream.state(tenantId, 'budget')).toBeUndefined();
      await upstream.setState(tenantId, 'budget', 'one');
      await upstream.setState(tenantId, 'budget', 'two');
      expect(await upstream.state(tenantId, 'budget')).toBe('two');
      expect(await upstream.state('other tenant', 'budget')).toBeUndefined();
      await upstream.setState(tenantId, 'budget', undefined);
      expect(await upstream.state(tenantId, 'budget')).toBeUndefined();
    });
  });
}
