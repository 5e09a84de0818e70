import { describe, expect, it } from 'vitest';
import { refusal } from '../../../test/support/refusal.ts';
import { parseExpand, parseSelect } from './select-expand.ts';

describe('$select', () => {
  it('reads names, and recognises paths, wildcards, annotations, overloads and options', () => {
    const items = parseSelect('id, *,Ns.*,a/Ns.T/b,@Ns.Term#q,Ns.F(x, y),c(select=d;$TOP=1)');
    expect(items.map(({ path, hasBrackets }) => path.join('/') + (hasBrackets ? '()' : ''))).toEqual([
      'id',
      '*',
      'Ns.*',
      'a/Ns.T/b',
      '@Ns.Term#q',
      'Ns.F()',
      'c()',
    ]);
  });

  it.each([
    ['', 0],
    ['id,', 3],
    ['id, ,x', 3],
    ['a/', 2],
    ['a b', 2],
    ['a(b', 3],
    ['a(b))', 4],
    ['a([)]', 3],
    ['@', 1],
    ['a/$count', 1],
    ['$it', 0],
  ])('says that %j does not parse at position %i', (text, position) => {
    expect(refusal(() => parseSelect(text))).toBe(
      `Parsing OData Select and Expand failed: Syntax error at position ${position} in '${text}'.`,
    );
  });
});

describe('$expand', () => {
  const plain = { isPartial: false, select: undefined, expand: undefined, others: [] };

  it('reads paths, references, counts and wildcards', () => {
    expect(parseExpand('a/Ns.T/b/$ref, c/$count,*,d/*/$ref,$value')).toEqual([
      { ...plain, path: ['a', 'Ns.T', 'b'], isPartial: true },
      { ...plain, path: ['c'], isPartial: true },
      { ...plain, path: ['*'] },
      { ...plain, path: ['d', '*'], isPartial: true },
      { ...plain, path: ['$value'] },
    ]);
  });

  it('reads nested options with or without their dollar sign, in any letter case', () => {
    const text =
      "sessions($select=id;expand=segments(levels=MAX);$Filter=id eq 'x;)';$orderby=id desc;top=5;skip=0;COUNT=true;search=it's \"a;b\";compute=a add ';)' as b;$apply=aggregate(id with sum as s);@p=[\";\"])";
    expect(parseExpand(text)).toEqual([
      {
        path: ['sessions'],
        isPartial: false,
        select: [{ path: ['id'], hasBrackets: false }],
        expand: [{ ...plain, path: ['segments'], others: ['$levels'] }],
        others: ['$filter', '$orderby', '$top', '$skip', '$count', '$search', '$compute', '$apply', '@p'],
      },
    ]);
  });

  it.each([
    ['', 'Syntax error at position 0'],
    ['a,', 'Syntax error at position 2'],
    ['a()', 'Syntax error at position 2'],
    ['a(top=1', 'Syntax error at position 7'],
    ['a(top=)', 'Syntax error at position 6'],
    ['a(foo=1)', 'Syntax error at position 2'],
    ['a(top)', 'Syntax error at position 5'],
    ['a(top=1;top=2)', "The query option '$top' is given twice at position 8"],
    ['a(@p=1;@p=2)', "The query option '@p' is given twice at position 7"],
    ['a(search=x;y)', 'Syntax error at position 11'],
    ["a(search='x", 'There is an unterminated string literal at position 11'],
    ['$ref', 'Syntax error at position 0'],
    ['a/$value', 'Syntax error at position 2'],
    ['a(select=b c)', 'Syntax error at position 11'],
    ['a(compute=(b)', 'Syntax error at position 13'],
    ['a(compute=b])', 'Syntax error at position 11'],
    ['a(compute="b)', 'There is an unterminated string literal at position 13'],
    ['a(expand='.repeat(101), 'Recursion depth exceeds the allowed limit of 100'],
  ])('%j is refused: %s', (text, problem) => {
    expect(refusal(() => parseExpand(text))).toContain(`Parsing OData Select and Expand failed: ${problem}`);
  });
});
