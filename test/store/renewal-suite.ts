/** Tests that blocks of an earlier release are served correctly at once, and rewritten while the store is in use. */
import { describe, expect, it } from 'vitest';
import { startCatchingUp } from '../../src/store/catch-up.ts';
import { renewCalls } from '../../src/store/renewal.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { blocksOf } from '../../src/store/transfer.ts';
import { tenantId } from '../support/direct-read.ts';
import { earlierLines } from '../support/earlier-store.ts';
import { importLines } from '../support/filled-store.ts';
import { often } from '../support/often.ts';
import { aRecord } from '../support/records.ts';
import { askStore, exportOf } from '../support/representation-attack.ts';

interface EarlierStore extends AsyncDisposable {
  /** Opens the store; called again after it was closed. */
  readonly open: () => Promise<CallRecordStore>;
}

/** Questions about each call. */
const questions = often(3, 6);
const calls = earlierLines().map((line) => JSON.parse(line) as { readonly id: string });

/** Counts the blocks of every call, and those that an earlier release stored. */
async function blocks(store: CallRecordStore): Promise<{ readonly all: number; readonly earlier: number }> {
  const ids = calls.map(({ id }) => id);
  const read = await store.evidence.whole(tenantId, ids);
  const all = read.flatMap(({ contents }) => [...contents.values()].flatMap(blocksOf));
  return { all: all.length, earlier: all.filter(({ sealed }) => !sealed).length };
}

async function digests(store: CallRecordStore): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for (const { id } of calls) all.push((await store.edition(tenantId, id))?.digest);
  return all;
}

async function renewAll(store: CallRecordStore, atOnce: number): Promise<number> {
  let calls = 0;
  for (let some = 1; some > 0; calls += some) some = await renewCalls(store, atOnce);
  return calls;
}

export function renewalSuite(backend: string, create: () => Promise<EarlierStore>): void {
  describe(`what an earlier release stored on ${backend}`, () => {
    it('is served, exported and verified as it was received', async () => {
      await using earlier = await create();
      await using store = await earlier.open();
      const { all, earlier: unsealed } = await blocks(store);
      // The PostgreSQL store is a copy, and a copy infers participants before it begins.
      expect(unsealed).toBeGreaterThan(0.9 * all);
      const { findings, answers } = await askStore(store, earlierLines(), { seed: 5, questions });
      expect(findings).toEqual([]);
      expect(answers).toBeGreaterThan(calls.length * questions);
    });

    it('is rewritten with the same content', async () => {
      await using earlier = await create();
      await using store = await earlier.open();
      const before = [await digests(store), await exportOf(store, calls)];
      const renewing = startCatchingUp({ catchUp: (limit) => renewCalls(store, limit) }, (error) => {
        throw error;
      });
      await renewing.finished;
      expect(await blocks(store)).toMatchObject({ earlier: 0 });
      expect([await digests(store), await exportOf(store, calls)]).toEqual(before);
      expect((await askStore(store, earlierLines(), { seed: 6, questions })).findings).toEqual([]);
      expect(await renewCalls(store, 1)).toBe(0);
    });

    it('resumes where it stopped, with concurrent requests, and leaves newer calls alone', async () => {
      await using earlier = await create();
      const { all } = await (async () => {
        await using store = await earlier.open();
        expect(await renewCalls(store, 7)).toBe(7);
        return await blocks(store);
      })();
      await using store = await earlier.open();
      const { earlier: left } = await blocks(store);
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThan(all);
      await importLines(store, tenantId, [JSON.stringify(aRecord('zz-new'))]);
      await using beside = await earlier.open();
      await Promise.all([renewAll(store, 5), renewAll(beside, 3)]);
      expect(await blocks(store)).toMatchObject({ earlier: 0 });
      expect((await store.edition(tenantId, 'zz-new'))?.version).toBe(1n);
    });
  });
}
