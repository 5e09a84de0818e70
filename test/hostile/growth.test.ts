/** Tests that the time to read a text grows linearly with its length, at every entry point and for any text. */
import { expect, it } from 'vitest';
import { findGrowth } from '../support/growth.ts';
import { longestMs, often, testSeed } from '../support/often.ts';
import { openEntrances } from '../support/growth-entrances.ts';

it(
  'no entrance takes longer than linear time for any text of these shapes',
  { timeout: longestMs },
  async () => {
    await using entrances = await openEntrances();
    const [seed, every] = [testSeed, often(16, 1)];
    const { tried, found } = await findGrowth(entrances.all, { seed, mixed: 4, every });
    expect({ seed, found }).toEqual({ seed, found: [] });
    expect(tried).toBeGreaterThan(10_000 / every);
  },
);

it('the measure finds three neighbours that match the same', { timeout: longestMs }, async () => {
  // eslint-disable-next-line regexp/no-super-linear-backtracking -- what is to be found
  const read = (text: string) => /^x\s*\s*\s*$/.test(text);
  const entrance = { name: 'cubic', most: 3072, around: [(text: string) => `x${text}x`], read };
  const { found } = await findGrowth([entrance], { seed: 1, mixed: 0, enough: 1 });
  expect(found.length).toBeGreaterThan(0);
});
