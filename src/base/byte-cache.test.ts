import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createByteCache, textBytes } from './byte-cache.ts';

it('never holds more bytes of keys and values than its limit', () => {
  const text = fc.oneof(
    fc.string(),
    fc.integer({ min: 0, max: 3000 }).map((length) => 'k'.repeat(length)),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { maxLength: 200 }), (pairs) => {
      const cache = createByteCache<{ text: string }>({
        maxBytes: 10_000,
        bytesOf: ({ text }) => textBytes(text),
      });
      for (const [key, value] of pairs) cache.set(key, { text: value });
      const held = [...cache.entries()].reduce(
        (sum, [key, { text }]) => sum + 256 + 2 * (key.length + text.length),
        0,
      );
      expect(cache.calculatedSize).toBe(held);
      expect(held).toBeLessThanOrEqual(10_000);
    }),
  );
});

it('keeps the entries that were used last', () => {
  const cache = createByteCache<number>({ maxBytes: 3 * 258 });
  for (const key of ['a', 'b', 'c']) cache.set(key, 1);
  cache.get('a');
  cache.set('d', 1);
  expect([...cache.keys()].sort()).toEqual(['a', 'c', 'd']);
});
