/** Changes single bits of a store. */
import { suiteAttack } from './suite.ts';

export const bitFlips = suiteAttack({
  name: 'bit-flips',
  promise: 'With one bit of a store changed, every answer and export is what it was, or a refusal.',
  file: 'test/store/bit-flips.test.ts',
  inputs: 'bits of the file, and one of each column',
  variable: 'ROLLCALL_TEST_FLIPS',
  count: 60,
  minutes: 3,
});
