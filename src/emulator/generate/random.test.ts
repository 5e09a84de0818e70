import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { below, between, fraction, randomGuid, hex, randomFor, weighted } from './random.ts';

describe('randomFor', () => {
  const draw = (seed: number, ...label: (string | number)[]) => hex(randomFor(seed, ...label), 4);

  it('gives the stream that the seed and the label name, on every machine', () => {
    expect([draw(0), draw(7, 'call', 12), draw(2 ** 40, 'é')]).toMatchInlineSnapshot(`
      [
        "c8438a094d367139a4b08371f85c1bba",
        "70299ce579094c84eb574e18c38bb0c9",
        "b6f8300b7c731c773081de7b89b6b9c0",
      ]
    `);
  });

  it('gives each seed and each label a stream of its own', () => {
    const labels = [1, 2, 2 ** 32 + 1].flatMap((seed) =>
      Array.from({ length: 2000 }, (_, n) => [
        draw(seed, 'call', n),
        draw(seed, 'calls', n),
        draw(seed, n),
      ]).flat(),
    );
    expect(new Set(labels).size).toBe(labels.length);
  });

  it('does not depend on what other streams gave', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.nat(), fc.nat({ max: 50 }), (seed, number, drawn) => {
        const other = randomFor(seed, 'call', number + 1);
        for (let i = 0; i < drawn; i++) other();
        expect(draw(seed, 'call', number)).toBe(draw(seed, 'call', number));
      }),
    );
  });

  it('spreads evenly', () => {
    const random = randomFor(3, 'even');
    const counts = new Array<number>(16).fill(0);
    for (let i = 0; i < 32_000; i++) counts[below(random, 16)]!++;
    // 2000 expected in each, standard deviation 43.
    expect(Math.min(...counts)).toBeGreaterThan(1800);
    expect(Math.max(...counts)).toBeLessThan(2200);
  });
});

describe('the draws', () => {
  it('stay within their bounds', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: 2 ** 31 }), (seed, limit) => {
        const random = randomFor(seed);
        expect(below(random, limit)).toBeLessThan(limit);
        expect(between(random, -limit, limit)).toSatisfy((n: number) => n >= -limit && n <= limit);
        expect(fraction(random)).toBeLessThan(1);
      }),
    );
  });

  it('follow the weights', () => {
    const coin = weighted([
      ['often', 3],
      ['never', 0],
      ['seldom', 1],
    ]);
    const random = randomFor(1);
    const drawn = Array.from({ length: 4000 }, () => coin(random));
    expect(drawn.filter((side) => side === 'often').length / 4000).toBeCloseTo(0.75, 1);
    expect(drawn).not.toContain('never');
  });

  it('make GUIDs of version 4', () => {
    const random = randomFor(1);
    for (let i = 0; i < 100; i++) {
      expect(randomGuid(random)).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }
  });
});
