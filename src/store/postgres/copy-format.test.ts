import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CopyWriter } from './copy-format.ts';

it('writes a whole number as the bigint of the same value', () => {
  const written = (value: number | bigint) => {
    const writer = new CopyWriter();
    writer.row(['int8'], [value]);
    return writer.take();
  };
  const { MIN_SAFE_INTEGER: min, MAX_SAFE_INTEGER: max } = Number;
  const number = fc.oneof(
    fc.integer({ min, max }),
    fc.constantFrom(0, -1, 1, min, max, 2 ** 31, 2 ** 32, -(2 ** 31), -(2 ** 32), -(2 ** 32) - 1),
  );
  fc.assert(
    fc.property(number, (value) => {
      const bytes = written(value);
      expect(bytes).toEqual(written(BigInt(value)));
      expect(bytes.readBigInt64BE(6)).toBe(BigInt(value));
    }),
  );
});

it('writes text as long as its bytes, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const writer = new CopyWriter();
      writer.row(['text', 'bytea'], [text, Buffer.from('end')]);
      const bytes = Buffer.from(text);
      const end = Buffer.from('\0\0\0\x03end');
      expect(writer.take()).toEqual(
        Buffer.concat([Buffer.of(0, 2, 0, 0), Buffer.of(bytes.length >> 8, bytes.length & 255), bytes, end]),
      );
    }),
  );
});
