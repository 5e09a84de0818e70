/** Generates names that would lead to other files as a part of a path. */
import fc from 'fast-check';

const step = fc.constantFrom(
  '..',
  '.',
  '~',
  '',
  'etc',
  '%2e%2e',
  '..\\..',
  'file:',
  'a b',
  'store',
  '\u0000',
);
const separator = fc.constantFrom('/', '\\', '//', '/./', '%2f', '\u0000', '\n', ':');

/** Generates names that are not valid for a snapshot. */
export const hostileFileNames: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...['', '.', '..', '...', '../other', '/etc/passwd', '..\\other', 'a/../../other', '-rf', '.hidden'],
    ...[
      'a\u0000',
      'a\n',
      '\nkept',
      'kept/',
      'kept\n',
      './kept',
      'ｋept',
      'x'.repeat(65),
      'a?mode=rw',
      'file:other.db',
    ],
  ),
  fc
    .array(fc.tuple(step, separator), { minLength: 1, maxLength: 6 })
    .map((steps) => `${steps.flat().join('')}other`),
);
