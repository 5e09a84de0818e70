/** Tests a PostgreSQL server that fails repeatedly under load and is finally replaced by another. */
import { expect, it } from 'vitest';
import { isSoak, longestMs, often } from '../support/often.ts';
import { attackByOutages } from '../support/server-outages.ts';

const seed = 20261130;
const rounds = often(1, 3);

// Workers have everything that one process has, and more.
it.each(isSoak ? [0, 2] : [2])(
  'every answer is correct or 503, none hangs, and no acknowledged write is lost, with %i workers',
  { timeout: longestMs },
  async (workers) => {
    const { outages, right, acknowledged, ...counts } = await attackByOutages({ seed, rounds, workers });
    expect(counts, `seed ${seed}`).toMatchObject({ wrong: [], hung: 0, lost: [] });
    expect(Object.values(outages).reduce((sum, count) => sum + count, 0)).toBe(rounds + 1);
    expect([right > 200, acknowledged > 20]).toEqual([true, true]);
  },
);
