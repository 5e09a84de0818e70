import { expect, it, vi } from 'vitest';
import { aRecord, participants } from '../../test/support/records.ts';
import { importLines } from '../../test/support/filled-store.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import { OwnJobs } from './copy-jobs.ts';

it('counts the rows that calls have become where there is more in them than in their blocks', async () => {
  await using from = openSqliteStore(':memory:');
  await using to = openSqliteStore(':memory:');
  await importLines(from, 't1', [JSON.stringify(aRecord('a', { participants_v2: participants(200) }))]);
  const jobs = new OwnJobs(from, to);
  const bytesOf = async (rowBytes: number) => {
    vi.spyOn(to.transfer, 'ready').mockReturnValue({
      movable: [new ArrayBuffer(rowBytes)],
    });
    const ready = await jobs.ready({ tenantId: 't1', ids: ['a'], upTo: 1, offset: 0 }, true);
    return ready?.bytes ?? 0;
  };
  const ofBlocks = await bytesOf(0);
  expect(ofBlocks).toBeGreaterThan(1000);
  expect([await bytesOf(10), await bytesOf(100_000)]).toEqual([ofBlocks, 100_000]);
});
