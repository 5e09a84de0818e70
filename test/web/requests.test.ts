import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { curlOf, pretty } from '../../src/web/call/requests.ts';

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

it('writes a command whose URL a shell leaves as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (id) => {
      const url = `https://calls.example/${id.replaceAll('\0', '')}`;
      const command = curlOf(url, 'rollcall.as-of=2').replace('curl', "printf '%s\\n'");
      const words = execFileSync('sh', ['-c', command], { env: { TOKEN: 't' } }).toString();
      expect(words).toBe(`--compressed\n-H\nAuthorization: Bearer t\n-H\nPrefer: rollcall.as-of=2\n${url}\n`);
    }),
    { numRuns: 30 },
  );
});
