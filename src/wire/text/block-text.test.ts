import { gunzipSync } from 'node:zlib';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockBuilder } from './block-builder.ts';
import { blockText, isIntact, readLayout } from './block-text.ts';
import { storedRules, walkEntity } from './entity.ts';
import { combineCrc, spliceGzip } from './gzip-splice.ts';
import { Scanner } from './scanner.ts';
import { isSealWhole, ownLayout } from './seal.ts';
import { membersOf } from './shapes.ts';
import { storedTypes } from './stored-types.ts';
import { parseTicks } from '../../base/ticks.ts';

const stored = (text: string) =>
  walkEntity(new Scanner(Buffer.from(text), 0, undefined, storedRules), storedTypes.participant);
const textOf = (text: string) => {
  const { bytes, start, end } = stored(text);
  return bytes.toString('utf8', start, end);
};

describe('the stored form of an entity', () => {
  it.each([
    ['{"identity":null,"id":"a"}', '{"id":"a","identity":null}'],
    ['{ "id" : "a b" ,\n "identity" : { "user" : null } }', '{"id":"a b","identity":{"user":null}}'],
    ['{"x":1.50,"id":"a","@odata.type":"#t"}', '{"@odata.type":"#t","id":"a","x":1.50}'],
    ['{"@odata.etag":"W/1","id":"a","identity@odata.context":"u"}', '{"id":"a"}'],
    ['{"identity":null,"\\u0069d":"a"}', '{"id":"a","identity":null}'],
    ['{"id":"\\u00e9\\/","identity":null}', '{"id":"\\u00e9\\/","identity":null}'],
    ['{}', '{}'],
  ])('makes of %s: %s', (text, expected) => {
    expect(textOf(text)).toBe(expected);
  });

  it.each([
    ['{"id":"a","id":"b"}', '{"id":"a","id":"b"}', 1],
    ['{"id":"a","identity":null, "id":5,"id":"c"}', '{"id":"a","id":5,"id":"c","identity":null}', 2],
    ['{"x":1,"x":2,"@a":1,"@a":2}', '{"@a":1,"@a":2,"x":1,"x":2}', 0],
  ])('has every member of %s that stands twice, and notes the declared ones', (text, expected, twice) => {
    const scanner = new Scanner(Buffer.from(text), 0, undefined, storedRules);
    const { bytes, start, end } = walkEntity(scanner, storedTypes.participant);
    expect(bytes.toString('utf8', start, end)).toBe(expected);
    expect(scanner.odd.take().find(([note]) => note === 'memberTwice')?.[1] ?? 0).toBe(twice);
    expect(textOf(expected)).toBe(expected);
  });
});

describe('a block', () => {
  /** A declared member accepts only values of its type. */
  const { byName } = membersOf('microsoft.graph.communicationsIdentitySet');
  const undeclared = fc.string().filter((name) => !byName.has(name));
  const participants = fc.array(
    fc
      .record({
        id: fc.string(),
        identity: fc.oneof(fc.constant(null), fc.dictionary(undeclared, fc.jsonValue({ maxDepth: 2 }))),
      })
      .map((value) => JSON.stringify(value)),
    { minLength: 1, maxLength: 20 },
  );

  it('returns every entity and every property of it', () => {
    fc.assert(
      fc.property(participants, (texts) => {
        const builder = new BlockBuilder();
        for (const text of texts) builder.add(stored(text));
        const { block } = builder.finish();
        const bytes = blockText(block);
        const { starts, ends, regions, regionEnds } = readLayout(block);
        expect(bytes.toString()).toBe(texts.map((text) => textOf(text)).join(','));
        expect(Array.from(starts, (start, i) => bytes.toString('utf8', start, ends[i]))).toEqual(
          texts.map((text) => textOf(text)),
        );
        const ids = Array.from(starts, (start, i) =>
          bytes.toString('utf8', start + 1, regionEnds[i * regions + 1]),
        );
        expect(ids).toEqual(
          texts.map((text) => `"id":${JSON.stringify((JSON.parse(text) as { id: string }).id)}`),
        );
        expect(isIntact(block)).toBe(true);
      }),
    );
  });

  it('detects a changed byte', () => {
    const builder = new BlockBuilder();
    for (let i = 0; i < 100; i++)
      builder.add(stored(`{"id":"${i}","identity":{"user":{"id":"${i * 7919}"}}}`));
    const { block } = builder.finish();
    const body = Uint8Array.from(block.body);
    body[body.length >> 1]! ^= 1;
    expect([block.packed, isIntact(block), isIntact({ ...block, body })]).toEqual([true, true, false]);
  });

  it('detects a change of any stored bit, including its numbers and its layout', () => {
    fc.assert(
      fc.property(participants, fc.nat(), fc.nat(7), (texts, place, bit) => {
        const builder = new BlockBuilder();
        for (const text of texts) builder.add(stored(text));
        const { block } = builder.finish();
        const flip = (bytes: Uint8Array) => {
          const flipped = Uint8Array.from(bytes);
          flipped[place % flipped.length]! ^= 1 << bit;
          return flipped;
        };
        const damaged = [
          { ...block, body: flip(block.body) },
          { ...block, layout: flip(block.layout) },
          { ...block, count: block.count ^ (1 << bit) },
          { ...block, textLength: block.textLength ^ (1 << bit) },
          { ...block, crc: (block.crc ^ (1 << bit)) >>> 0 },
          { ...block, packed: !block.packed },
          { ...block, masked: !block.masked },
        ];
        expect(isSealWhole(block)).toBe(true);
        expect(damaged.filter((one) => isSealWhole(one) || isIntact(one))).toEqual([]);
      }),
    );
  });

  it('of a release before the seal is compared with its own checksum and the ends of its entities', () => {
    const builder = new BlockBuilder();
    for (let i = 0; i < 100; i++)
      builder.add(stored(`{"id":"${i}","identity":{"user":{"id":"${i * 7919}"}}}`));
    const { block } = builder.finish();
    const old = { ...block, layout: ownLayout(block), sealed: false };
    expect(isIntact(old)).toBe(true);
    const shifted = Uint8Array.from(old.layout);
    shifted[1]! ^= 1;
    for (const damaged of [
      { layout: shifted },
      { layout: old.layout.subarray(0, 5) },
      { layout: new Uint8Array(old.layout.length).fill(0xff) },
      { count: 101 },
      { count: 2 ** 31 },
      { textLength: 2 ** 40 },
    ])
      expect(isIntact({ ...old, ...damaged })).toBe(false);
  });
});

describe('a spliced gzip stream', () => {
  it('unpacks to head, text and tail', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 300 }),
        fc.string({ minLength: 1, maxLength: 3000 }),
        fc.string({ maxLength: 50 }),
        (head, id, tail) => {
          const builder = new BlockBuilder();
          for (let i = 0; i < 60; i++)
            builder.add(stored(JSON.stringify({ id: `${i} ${id}`, identity: { phone: null, user: null } })));
          const { block } = builder.finish();
          expect(block.packed).toBe(true);
          const { body: deflated, textLength, crc } = block;
          const gzip = spliceGzip(Buffer.from(head), { deflated, textLength, crc }, Buffer.from(tail));
          expect(gunzipSync(gzip).toString()).toBe(head + blockText(block).toString() + tail);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('combines checksums as if the texts were one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.uint8Array({ maxLength: 500 }), (a, b) => {
        expect(combineCrc(crc32(a), crc32(b), b.length)).toBe(crc32(Buffer.concat([a, b])));
      }),
    );
  });
});

describe('ticks', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0n],
    ['1970-01-01T00:00:00.0000001Z', 1n],
    ['2025-05-29T17:27:20.428943Z', 17485396404289430n],
    ['2025-05-29T19:27:20.428943+02:00', 17485396404289430n],
    ['1969-12-31T23:59:59.9999999Z', -1n],
    ['2025-05-29T17:27Z', 17485396200000000n],
    ['2025-05-29', undefined],
    ['2025-13-29T00:00:00Z', undefined],
    ['2025-05-29T17:27:20', undefined],
    ['', undefined],
  ])('of %s are %s', (text, ticks) => {
    expect(parseTicks(text)).toBe(ticks);
  });
});
