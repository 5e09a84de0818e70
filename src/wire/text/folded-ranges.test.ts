/** Tests where parts of a name that a search finds stand in the name. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from './fold.ts';
import { digitRanges, foldedRanges } from './folded-ranges.ts';

const shown = (text: string, ...parts: readonly string[]) =>
  foldedRanges(text, parts).map(({ start, length }) => text.slice(start, start + length));

describe('the ranges of parts in a name', () => {
  it.each([
    ['Anna Weber', ['web'], ['Web']],
    ['Anna Weber', ['weber', 'ann'], ['Ann', 'Weber']],
    ['Anna Weber', ['ann', 'nna'], ['Anna']],
    ['Zoë ÅNGSTRÖM', ['oe', 'angs'], ['oë', 'ÅNGS']],
    ['Zoë Ångström', ['zoe'], ['Zoë']],
    ['Strauß', ['ss'], ['ß']],
    ['Ｆｕｌｌ Width', ['full w'], ['Ｆｕｌｌ W']],
    ['a  \t b', ['a b'], ['a  \t b']],
    ['👩‍👩‍👧 Anna', ['anna'], ['Anna']],
    ['王伟', ['伟'], ['伟']],
    ['Anna', ['berta', ''], []],
    ['', ['a'], []],
  ])('in %j of %j are %j', (text, parts, ranges) => {
    expect(shown(text, ...parts)).toEqual(ranges);
  });

  it('cover what folds to the part, in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), fc.nat(8), (text, from, length) => {
        const folded = fold(text);
        const start = folded.length === 0 ? 0 : from % folded.length;
        const part = folded.slice(start, start + 1 + length);
        for (const { start, length } of foldedRanges(text, [part])) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(start + length).toBeLessThanOrEqual(text.length);
          expect(fold(`x${text.slice(start, start + length)}x`)).toContain(part.trim());
        }
      }),
    );
  });
});

it.each([
  ['+49 30 123456', ['0123'], '0 123'],
  ['+49 (30) 12', ['99', '4930'], '49 (30'],
  ['+49301', ['7'], undefined],
])('finds digits in %j', (text, parts, range) => {
  expect(digitRanges(text, parts).map(({ start, length }) => text.slice(start, start + length))[0]).toBe(
    range,
  );
});
