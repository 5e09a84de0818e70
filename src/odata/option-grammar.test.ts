import { describe, expect, it } from 'vitest';
import { checkOption } from './option-grammar.ts';

describe('an option that no resource offers', () => {
  it.each([
    ['index', '7'],
    ['index', '-1'],
    ['skip', '0'],
    ['count', 'TRUE'],
    ['search', 'one OR "two three"'],
    ['orderby', 'startDateTime desc,id'],
  ] as const)('$%s=%s parses', (name, text) => {
    expect(() => {
      checkOption(name, text);
    }).not.toThrow();
  });

  it.each([
    ['index', 'seven'],
    ['index', ''],
    ['skip', '-1'],
    ['top', '1.5'],
    ['count', '1'],
    ['search', '(one'],
    ['orderby', 'id up'],
    ['expand', 'sessions($index=first)'],
  ] as const)('$%s=%s does not', (name, text) => {
    expect(() => {
      checkOption(name, text);
    }).toThrow(expect.objectContaining({ fault: 'badQueryOption', target: `$${name}` }));
  });
});
