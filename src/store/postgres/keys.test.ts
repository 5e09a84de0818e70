import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idOf, keyOf, longIdOf, plainKeyOf } from './keys.ts';

const almostGuid = fc
  .tuple(fc.uuid(), fc.nat(35), fc.constantFrom('-', 'g', 'F', '0', '/', ':', '`', 'é', 'İ', '\u0000'))
  .map(([id, at, other]) => `${id.slice(0, at)}${other}${id.slice(at + 1)}`);
const text = fc.oneof(
  fc.uuid(),
  almostGuid,
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.string({ minLength: 250, maxLength: 260 }),
);

describe('the key of an id', () => {
  it('converts back to the id', () => {
    fc.assert(
      fc.property(text, (id) => {
        expect(idOf(keyOf(id), longIdOf(id))).toBe(id);
      }),
    );
  });

  it('is short and unique to the id', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(keyOf(a).length).toBeLessThanOrEqual(257);
        expect(keyOf(a).equals(keyOf(b))).toBe(a === b);
      }),
    );
  });

  it('of a GUID is 17 bytes', () => {
    expect(keyOf('e523d2ed-2966-4b6b-925b-754a88034cc5').length).toBe(17);
  });

  it('distinguishes a GUID in upper case from one in lower case', () => {
    const id = 'e523d2ed-2966-4b6b-925b-754a88034cc5';
    expect(idOf(keyOf(id.toUpperCase()), null)).toBe(id.toUpperCase());
  });

  it('distinguishes long ids that differ only at their end', () => {
    const [a, b] = [`${'x'.repeat(1000)}a`, `${'x'.repeat(1000)}b`];
    expect(plainKeyOf(a).equals(plainKeyOf(b))).toBe(false);
    expect(idOf(keyOf(a), longIdOf(a))).toBe(a);
  });

  it('has the order of the ids', () => {
    const ids = ['', 'a', 'ab', 'b', 'ä', 'z'.repeat(255)];
    const ordered = [...ids].sort((a, b) => Buffer.compare(plainKeyOf(a), plainKeyOf(b)));
    expect(ordered).toEqual([...ids].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  });
});
