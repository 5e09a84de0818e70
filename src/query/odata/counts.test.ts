import { describe, expect, it } from 'vitest';
import { refusal } from '../../../test/support/refusal.ts';
import { checkCount, parseInteger } from './counts.ts';

describe('options of one value', () => {
  it('reads whole numbers and booleans', () => {
    expect(parseInteger('007', '$top')).toBe(7);
    expect(parseInteger('-3', '$index')).toBe(-3);
    for (const text of ['true', 'False']) {
      expect(() => {
        checkCount(text);
      }).not.toThrow();
    }
  });

  it.each(['', '-1', '+1', '1.0', '1e3', ' 1', '9007199254740992', '9'.repeat(400)])(
    '$top=%j is refused',
    (text) => {
      expect(refusal(() => parseInteger(text, '$top'))).toMatch(
        /^Invalid value '.{0,65}' for \$top query option found\. The \$top query option requires a non-negative integer value\.$/,
      );
    },
  );

  it('$index=x and $count=1 are refused', () => {
    expect(refusal(() => parseInteger('x', '$index'))).toContain('requires an integer value');
    expect(
      refusal(() => {
        checkCount('1');
      }),
    ).toBe("Invalid value '1' for $count query option found. Valid values are 'true, false'.");
  });
});
