import { describe, expect, it } from 'vitest';
import { refusal } from '../../test/support/refusal.ts';
import { formatExpand, parseExpand } from './expand.ts';
import { formatSelect, parseSelect } from './select.ts';
import type { NestedOptions } from './tree.ts';

describe('$select', () => {
  it('reads paths, wildcards, annotations, overloads and nested options', () => {
    expect(parseSelect('id, *,Ns.*,a/Ns.T/b,@Ns.Term#q,Ns.F(x, y),c(select=d;$TOP=1)')).toEqual([
      { path: ['id'] },
      { path: ['*'] },
      { path: ['Ns.*'] },
      { path: ['a', 'Ns.T', 'b'] },
      { path: ['@Ns.Term#q'] },
      { path: ['Ns.F'], parameters: ['x', 'y'] },
      { path: ['c'], options: { select: [{ path: ['d'] }], top: 1 } },
    ]);
  });

  it.each([
    ['', 0],
    ['id,', 3],
    ['id, ,x', 3],
    ['a/', 2],
    ['a/*', 2],
    ['a b', 2],
    ['a()', 2],
    ['a(expand=b)', 2],
    ['$value', 0],
  ])('says that %j does not parse at position %i', (text, position) => {
    expect(refusal(() => parseSelect(text))).toBe(
      `Parsing OData Select and Expand failed: Syntax error at position ${position} in '${text}'.`,
    );
  });
});

describe('$expand', () => {
  it('reads paths, references, counts and wildcards', () => {
    expect(parseExpand('a/Ns.T/b/$ref, c/$count,*,d/*/$ref,$value')).toEqual([
      { path: ['a', 'Ns.T', 'b'], kind: 'ref', options: {} },
      { path: ['c'], kind: 'count', options: {} },
      { path: ['*'], kind: 'entities', options: {} },
      { path: ['d', '*'], kind: 'ref', options: {} },
      { path: ['$value'], kind: 'entities', options: {} },
    ]);
  });

  it('reads nested options with or without their dollar sign, in any letter case', () => {
    const id = { kind: 'path', segments: [{ kind: 'name', name: 'id' }] } as const;
    const options: NestedOptions = {
      select: [{ path: ['id'] }],
      expand: [{ path: ['segments'], kind: 'entities', options: { levels: 'max' } }],
      filter: id,
      orderby: [{ expression: id, direction: 'desc' }],
      top: 5,
      skip: 0,
      count: true,
      search: { kind: 'term', text: 'x' },
      levels: 2,
      compute: "a add ';)' as b",
      apply: 'aggregate(id with sum as s)',
      aliases: [{ name: 'p', value: id }],
    };
    const text =
      "sessions($select=id;expand=segments(levels=MAX);$Filter=id;$orderby=id desc;top=5;skip=0;COUNT=true;search=x;$levels=2;compute=a add ';)' as b;$apply=aggregate(id with sum as s);@p=id)";
    expect(parseExpand(text)).toEqual([{ path: ['sessions'], kind: 'entities', options }]);
    expect(parseExpand(formatExpand(parseExpand(text)))).toEqual(parseExpand(text));
  });

  it('ends a nested search at a semicolon that is in no phrase, encoded in the URL or not', () => {
    expect(parseExpand('a(search="x;y" z;top=1)')).toEqual([
      {
        path: ['a'],
        kind: 'entities',
        options: {
          search: {
            kind: 'and',
            operands: [
              { kind: 'term', text: 'x;y' },
              { kind: 'term', text: 'z' },
            ],
          },
          top: 1,
        },
      },
    ]);
    expect(refusal(() => parseExpand('a(search=x;y)'))).toContain('Syntax error at position 11');
  });

  it.each([
    ['', 'Syntax error at position 0'],
    ['a,', 'Syntax error at position 2'],
    ['a()', 'Syntax error at position 2'],
    ['a(top=1', 'Syntax error at position 7'],
    ['a(top=-1)', 'Syntax error at position 6'],
    ['a(foo=1)', 'Syntax error at position 2'],
    ['a($levels=04)', 'Syntax error at position 10'],
    ['a(top=1;top=2)', "The query option '$top' is given twice at position 8"],
    ['a/$ref(select=b)', 'Syntax error at position 7'],
    ['a/$count(top=1)', 'Syntax error at position 9'],
    ['*(top=1)', 'Syntax error at position 2'],
    ['*/$count', 'Syntax error at position 2'],
    ['$ref', 'Syntax error at position 0'],
    ['a/$value', 'Syntax error at position 2'],
    ['a(filter=b gt)', 'Syntax error at position 13'],
    ['a(compute=(b)', 'Syntax error at position 13'],
    ['a(compute=b])', 'Syntax error at position 11'],
    ['a(expand='.repeat(101), 'Recursion depth exceeds the allowed limit of 100'],
  ])('%j is refused: %s', (text, problem) => {
    expect(refusal(() => parseExpand(text))).toContain(`Parsing OData Select and Expand failed: ${problem}`);
  });

  it('gives its own text back when that is canonical', () => {
    for (const text of [
      "a($filter=b eq 'x;)';$top=1;$expand=c/$ref($filter=d))",
      '*($levels=max)',
      'a/$count',
    ])
      expect(formatExpand(parseExpand(text))).toBe(text);
    expect(formatSelect(parseSelect('a(top=1),f(x,y)'))).toBe('a($top=1),f(x,y)');
  });
});
