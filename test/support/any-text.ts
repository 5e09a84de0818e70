/**
 * Creates random texts of every code point. `fc.string({ unit: 'binary' })` has the same ones, and builds a table of a
 * million entries each time it is called.
 */
import fc from 'fast-check';

const codePoint = fc.oneof(
  { arbitrary: fc.integer({ min: 0x20, max: 0x7e }), weight: 2 },
  { arbitrary: fc.integer({ min: 0, max: 0xd7ff }), weight: 2 },
  { arbitrary: fc.integer({ min: 0xe000, max: 0x10ffff }), weight: 1 },
);
/** Names that every object has. */
const inherited = ['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty'];

export function anyText(maxLength = 10): fc.Arbitrary<string> {
  return fc.oneof(
    {
      arbitrary: fc.array(codePoint, { maxLength }).map((points) => String.fromCodePoint(...points)),
      weight: 19,
    },
    { arbitrary: fc.constantFrom(...inherited.filter(({ length }) => length <= maxLength), ''), weight: 1 },
  );
}
