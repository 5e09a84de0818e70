import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../test/support/any-text.ts';
import { canonicalId, isSameId, otherKeysOf, writtenKeysOf } from './ids.ts';

const guid = 'e523d2ed-2966-4b6b-925b-754a88034cc5';

describe('the canonical id', () => {
  it.each([guid.toUpperCase(), 'E523d2eD-2966-4B6b-925B-754a88034cC5', guid])(
    'of the GUID %s is in small letters',
    (id) => {
      expect(canonicalId(id)).toBe(guid);
    },
  );

  it.each([
    ['braces', `{${guid.toUpperCase()}}`],
    ['no hyphens', guid.toUpperCase().replaceAll('-', '')],
    ['a digit too few', guid.toUpperCase().slice(1)],
    ['a digit too many', `${guid.toUpperCase()}A`],
    ['a hyphen elsewhere', 'E523D2E-D2966-4B6B-925B-754A88034CC5'],
    ['a letter that is no digit', guid.toUpperCase().replace('E', 'G')],
    ['a line feed at its end', `${guid.toUpperCase().slice(0, 35)}\n`],
    ['letters of another script', guid.toUpperCase().replace('E', 'Е')],
    ['the form of a Teams user', `8:orgid:${guid.toUpperCase()}`],
    ['the form of a number', '+4989ABC'],
    ['nothing', ''],
  ])('of a text with %s is the text', (_, id) => {
    expect([canonicalId(id), otherKeysOf(id), writtenKeysOf(id)]).toEqual([id, [], [id]]);
  });

  it('is one for two ids exactly when they are the same', () => {
    const letters = fc.constantFrom('a', 'A', 'f', 'F', '0', '9', 'g', '-');
    const near = fc.array(letters, { minLength: 36, maxLength: 36 }).map((all) => all.join(''));
    const written = fc
      .tuple(fc.uuid(), fc.boolean())
      .map(([id, isCapital]) => (isCapital ? id.toUpperCase() : id));
    const any = fc.oneof(written, near, anyText());
    fc.assert(
      fc.property(any, any, (a, b) => {
        expect(canonicalId(canonicalId(a))).toBe(canonicalId(a));
        expect(isSameId(a, b)).toBe(canonicalId(a) === canonicalId(b));
        expect(isSameId(a, canonicalId(a))).toBe(true);
        // Every key that an earlier release wrote for a GUID is looked up.
        for (const key of writtenKeysOf(a.toUpperCase()))
          if (canonicalId(a) !== a || otherKeysOf(a).length > 0)
            expect([a, ...otherKeysOf(a)]).toContain(key);
      }),
    );
  });
});
