import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pretty } from '../../src/web/call/requests.ts';

it('lays JSON out on lines as JSON.stringify does', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(pretty(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
    }),
  );
});

it('keeps digits and escapes as they came', () => {
  expect(pretty(String.raw`{"a":9223372036854775807,"b":[1.50,{}],"c":"\u0041, {"}`)).toBe(
    ['{', '  "a": 9223372036854775807,', '  "b": [', '    1.50,', '    {}', '  ],'].join('\n') +
      `\n${String.raw`  "c": "\u0041, {"`}\n}`,
  );
});
