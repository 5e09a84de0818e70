/** Growth with the length of a text, as growth.test.ts, for four times as many texts, and what else its measure finds. */
import { describe, expect, it } from 'vitest';
import { type Entrance, findGrowth } from '../support/growth.ts';
import { longestMs, testSeed } from '../support/often.ts';
import { openEntrances } from '../support/growth-entrances.ts';

it(
  'no entrance takes longer than linear time for a quarter of all texts of these shapes',
  { timeout: longestMs },
  async () => {
    await using entrances = await openEntrances();
    const seed = testSeed;
    const { tried, found } = await findGrowth(entrances.all, { seed, mixed: 4, every: 4 });
    expect({ seed, found }).toEqual({ seed, found: [] });
    expect(tried).toBeGreaterThan(2500);
  },
);

/* eslint-disable regexp/no-super-linear-backtracking, regexp/no-super-linear-move -- what is to be found */
describe('the measure', () => {
  const spaces: Entrance['around'] = [(text) => `x${text}x`];
  it.each<[string, Entrance]>([
    ['a search from each of many starts', { name: 'move', most: 16_384, read: (text) => /\/+$/.test(text) }],
    [
      'neighbours that match the same',
      { name: 'exchange', most: 16_384, around: spaces, read: (text) => /^x\s*\s*$/.test(text) },
    ],
    [
      'a search for each item',
      {
        name: 'loop',
        most: 16_384,
        read: (text) => Array.from(text).filter((one, i, all) => all.indexOf(`${one}!`) === i),
      },
    ],
  ])('finds %s', { timeout: longestMs }, async (_name, entrance) => {
    const { found } = await findGrowth([entrance], { seed: 1, mixed: 0, enough: 1 });
    expect(found.length).toBeGreaterThan(0);
  });
});
