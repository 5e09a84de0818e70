import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NumberSet } from './number-set.ts';

const number = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -2n, max: 2n }),
  // Numbers with the same high half.
  fc.bigInt({ min: -2n, max: 2n }).map((high) => high * 2n ** 32n + 7n),
);

it('returns each number once, in order, and is empty afterwards', () => {
  const set = new NumberSet();
  fc.assert(
    fc.property(fc.array(number, { maxLength: 200 }), fc.array(number, { maxLength: 200 }), (one, many) => {
      for (const each of one) set.add(each);
      set.addAll(BigInt64Array.from(many));
      const expected = [...new Set([...one, ...many])].sort((a, b) => (a < b ? -1 : 1));
      expect([...set.take()]).toEqual(expected);
    }),
  );
  expect(set.take()).toHaveLength(0);
});
