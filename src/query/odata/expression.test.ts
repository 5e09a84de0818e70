import { describe, expect, it } from 'vitest';
import { refusal } from '../../../test/support/refusal.ts';
import { type Expression, parseFilter } from './expression.ts';

/** Returns a tree as text; clauses that are not offered stand in angle brackets, as the client wrote them. */
function shape(tree: Expression): string {
  switch (tree.kind) {
    case 'literal':
      return `${tree.type}:${tree.text}`;
    case 'path':
      return (
        tree.names.join('/') + (tree.any ? `/any(${tree.any.variable}: ${shape(tree.any.predicate)})` : '')
      );
    case 'comparison':
      return `(${tree.operator} ${shape(tree.left)} ${shape(tree.right)})`;
    case 'and':
    case 'or':
      return `(${tree.kind} ${tree.clauses.map(shape).join(' ')})`;
    case 'list':
      return `[${tree.items.map(shape).join(' ')}]`;
    case 'unoffered':
      return `<${tree.source}>`;
  }
}

describe('$filter', () => {
  it.each([
    ['a eq 1', '(eq a Edm.Int32:1)'],
    [' a\t eq  1 ', '(eq a Edm.Int32:1)'],
    ['a EQ 1 AND b Ne 2', '(and (eq a Edm.Int32:1) (ne b Edm.Int32:2))'],
    ['(a and b) and (c)', '(and (and a b) c)'],
    ['(a)and(b)', '(and a b)'],
    ['((a)) EQ (1)', '(eq a Edm.Int32:1)'],
    ['eq eq in', '(eq eq in)'],
    ['a/b ge c', '(ge a/b c)'],
    ["a/any(p:p/id eq 'x')", 'a/any(p: (eq p/id Edm.String:x))'],
    ["a/ANY( p : ( p/id EQ 'x' ) )", 'a/any(p: (eq p/id Edm.String:x))'],
    ['a or b and c', '(or a (and b c))'],
    ['a and b OR c', '(or (and a b) c)'],
    ['(a or b) and c eq 1', '(and (or a b) (eq c Edm.Int32:1))'],
    ['a/any(p:p or(b)or(c))', 'a/any(p: (or p b c))'],
    ["a in ('x', 'y''z')", "(in a [Edm.String:x Edm.String:y'z])"],
    ['a IN( 1 ,2.0 )', '(in a [Edm.Int32:1 Edm.Decimal:2.0])'],
    ['a/any(p:p/b/any(q:q eq p))', 'a/any(p: p/b/any(q: (eq q p)))'],
  ])('reads %s', (text, tree) => {
    expect(shape(parseFilter(text))).toBe(tree);
  });

  it.each([
    ['null', '<null>:null'],
    ['True', 'Edm.Boolean:True'],
    ['NaN', 'Edm.Double:NaN'],
    ['INF', 'Edm.Double:INF'],
    ['007', 'Edm.Int32:007'],
    ['-9223372036854775808', 'Edm.Int32:-9223372036854775808'],
    ['3.140', 'Edm.Decimal:3.140'],
    ['1e9', 'Edm.Double:1e9'],
    ['-1.5E-7', 'Edm.Double:-1.5E-7'],
    ["''", 'Edm.String:'],
    ["'O''Neil'", "Edm.String:O'Neil"],
    ["'PT1H'", 'Edm.String:PT1H'],
    ['01234567-89ab-CDEF-0123-456789abcdef', 'Edm.Guid:01234567-89ab-CDEF-0123-456789abcdef'],
    ['abcdef01-89ab-cdef-0123-456789abcdef', 'Edm.Guid:abcdef01-89ab-cdef-0123-456789abcdef'],
    ['2023-09-25', 'Edm.Date:2023-09-25'],
    ['-0044-03-15', 'Edm.Date:-0044-03-15'],
    ['2023-09-25T09:25Z', 'Edm.DateTimeOffset:2023-09-25T09:25Z'],
    ['2023-09-25T09:25:00.123456789012-08:00', 'Edm.DateTimeOffset:2023-09-25T09:25:00.123456789012-08:00'],
    ['23:59:60.5', 'Edm.TimeOfDay:23:59:60.5'],
    ["duration'-P1DT2H3M4.5S'", 'Edm.Duration:-P1DT2H3M4.5S'],
    ["binary'T0RhdGE'", 'Edm.Binary:T0RhdGE'],
  ])('keeps the text of the literal %s', (text, tree) => {
    expect(shape(parseFilter(text))).toBe(tree);
    expect(parseFilter(text)).toMatchObject({ source: text });
  });

  it.each([
    'a add 1 eq 2',
    'a eq b eq c',
    'not not a',
    'not(a eq b)',
    '- 5',
    '-INF',
    '-a',
    '[1,{"a":")"}]',
    "Contains(a,'x')",
    'a/$filter(b gt 3)(1)/c',
    'a/$count($filter=b gt 5;$search=x)',
    'a/any()',
    'a/ALL(v:v)',
    'a/@Ns.Term#q',
    'a/Ns.F(x=1)/any(v:v)',
    '@p/a',
    '$it/a',
    "$root/b('c')/d",
    'case(a gt 1:2,true:3)',
    'cast(a,Edm.Date)',
    "Sales.Pattern'Yellow,32'",
    "geography'SRID=4326;Point(1.5 -2)'",
  ])('recognises %s, which no resource offers', (text) => {
    expect(shape(parseFilter(` ${text} `))).toBe(`<${text}>`);
  });

  it.each([
    ['not a eq b', '(eq <not a> b)'],
    ["a in ('x', b)", "(in a <('x', b)>)"],
    ['a in ()', '(in a <()>)'],
    ['a in (1,)', '(in a <(1,)>)'],
    ['a ge now()', '(ge a <now()>)'],
    ['a ge @from', '(ge a <@from>)'],
  ])('reads around what is not offered in %s', (text, tree) => {
    expect(shape(parseFilter(text))).toBe(tree);
  });

  it.each([
    ['', 0],
    ['startDateTime gt', 16],
    ['startDateTime gt ', 17],
    ['a eq 1 b', 7],
    ['a foo 1', 2],
    ['a eq "x"', 5],
    ['(a', 2],
    ['a)', 1],
    ['a eq 5abc', 6],
    ['a eq 5.', 6],
    ['a eq 2023-13-01', 9],
    ['a eq 2023-09-25T09:25', 15],
    ['a/', 2],
    ['a//b', 2],
    ['a/all()x', 7],
    ['a/any(x)', 7],
    ['a/any(x:true)/b', 13],
    ['a/$value', 2],
    ['$foo', 0],
    ['@', 1],
    ['a in (b', 7],
    ['f(a,[)]', 5],
    ['not ', 4],
    ['-', 1],
  ])('says that %j does not parse at position %i', (text, position) => {
    expect(refusal(() => parseFilter(text))).toBe(
      `Invalid filter clause: Syntax error at position ${position} in '${text}'.`,
    );
  });

  it.each([
    ["a eq 'x", "There is an unterminated string literal at position 7 in 'a eq 'x'."],
    ["a eq 'x''", "There is an unterminated string literal at position 9 in 'a eq 'x'''."],
    ['f("\\")', 'There is an unterminated string literal at position 6 in \'f("\\")\'.'],
    ['x'.repeat(129), `A name is longer than 128 characters at position 0 in '${'x'.repeat(129)}'.`],
    [' '.repeat(8193), 'The text is longer than 8192 characters.'],
  ])('says what is wrong with %j', (text, message) => {
    expect(() => parseFilter(text)).toThrow(
      expect.objectContaining({
        fault: 'badQueryOption',
        target: '$filter',
        message: `Invalid filter clause: ${message}`,
      }),
    );
  });

  it.each(['(', 'a/any(x:'])('goes to a bounded depth by %j', (text) => {
    expect(refusal(() => parseFilter(text.repeat(49)))).toMatch(/Syntax error/);
    expect(refusal(() => parseFilter(text.repeat(101)))).toMatch(
      /Recursion depth exceeds the allowed limit of 100/,
    );
  });

  it('accepts as many clauses as the length allows', () => {
    const text = Array.from({ length: 600 }, (_, i) => `a eq ${i}`).join(' and ');
    expect(parseFilter(text)).toMatchObject({ kind: 'and', clauses: { length: 600 } });
  });
});
