import { describe, expect, it } from 'vitest';
import { refusal } from '../../test/support/refusal.ts';
import { formatSearch, parseSearch } from './search.ts';
import type { Search } from './tree.ts';

describe('$search', () => {
  const searchShape = (search: Search): string => {
    switch (search.kind) {
      case 'term':
      case 'incomplete':
        return search.kind === 'term' ? search.text : `'${search.text}'`;
      case 'not':
        return `(not ${searchShape(search.operand)})`;
      case 'and':
      case 'or':
        return `(${search.kind} ${search.operands.map(searchShape).join(' ')})`;
    }
  };

  it.each([
    ['blue', 'blue', 'blue'],
    ['blue green', '(and blue green)', 'blue AND green'],
    ['a OR b c AND NOT d', '(or a (and b c (not d)))', 'a OR b AND c AND NOT d'],
    ['(a OR "b c") d', '(and (or a b c) d)', '(a OR "b c") AND d'],
    ["Daniel's 08/15 $x;y", "(and Daniel's 08/15 $x;y)", 'Daniel\'s AND 08/15 AND "$x;y"'],
    ['AND OR', '(and AND OR)', '"AND" AND "OR"'],
    ['AND OR NOT', '(or AND NOT)', '"AND" OR "NOT"'],
    ['NOT NOT', '(not NOT)', 'NOT "NOT"'],
    ['(NOT a)', '(not a)', 'NOT a'],
    ["'gr(e''en'", "'gr(e'en'", "'gr(e''en'"],
  ])('%s is %s', (text, tree, canonical) => {
    const search = parseSearch(text);
    expect(searchShape(search)).toBe(tree);
    expect(formatSearch(search)).toBe(canonical);
  });

  it.each([
    ['', 'Syntax error at position 0'],
    ['(a', 'Syntax error at position 2'],
    ['a)', 'Syntax error at position 1'],
    ['a AND )', 'Syntax error at position 6'],
    ['""', 'Syntax error at position 1'],
    ['a "b', 'There is an unterminated phrase at position 4'],
    ['NOT '.repeat(101) + 'a', 'Recursion depth exceeds the allowed limit of 100'],
    ['('.repeat(101), 'Recursion depth exceeds the allowed limit of 100'],
  ])('%j is refused: %s', (text, problem) => {
    expect(refusal(() => parseSearch(text))).toContain(`Invalid search clause: ${problem}`);
  });
});
