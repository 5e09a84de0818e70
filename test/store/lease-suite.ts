/** Tests the leases of every store; the caller opens the store. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LeaseStore } from '../../src/store/leases.ts';
import type { CallRecordStore } from '../../src/store/store.ts';

export function leaseSuite(backend: string, open: () => Promise<CallRecordStore>): void {
  describe(`leases of a store in ${backend}`, () => {
    let store: CallRecordStore;
    let leases: LeaseStore;
    beforeEach(async () => {
      store = await open();
      ({ leases } = store);
    });
    afterEach(() => store[Symbol.asyncDispose]());

    const acquire = async (holder: string, nowMs: number, name = 'work') =>
      leases.acquire(name, { holder, nowMs, forMs: 1000 });

    it('have one holder until it releases the lease or the lease ends', async () => {
      expect(await acquire('a', 0)).toEqual({ holder: 'a', untilMs: 1000 });
      expect(await acquire('b', 0)).toEqual({ holder: 'a', untilMs: 1000 });
      expect(await acquire('a', 900)).toEqual({ holder: 'a', untilMs: 1900 });
      expect(await acquire('b', 1899)).toEqual({ holder: 'a', untilMs: 1900 });
      expect(await acquire('b', 1900)).toEqual({ holder: 'b', untilMs: 2900 });
      await leases.release('work', 'a');
      expect(await acquire('a', 1901)).toEqual({ holder: 'b', untilMs: 2900 });
      await leases.release('work', 'b');
      expect(await acquire('a', 1902)).toEqual({ holder: 'a', untilMs: 2902 });
    });

    it('are independent of each other', async () => {
      await acquire('a', 0);
      expect(await acquire('b', 0, 'other work')).toEqual({ holder: 'b', untilMs: 1000 });
      await leases.release('other work', 'a');
      expect(await acquire('c', 1, 'other work')).toEqual({ holder: 'b', untilMs: 1000 });
    });

    it('are rejected when a clock that was set back since made them', async () => {
      await acquire('a', 1_000_000);
      expect(await acquire('b', 0)).toEqual({ holder: 'b', untilMs: 1000 });
    });
  });
}
