import { describe, expect, it } from 'vitest';
import { refusal } from '../../test/support/refusal.ts';
import { shape } from '../../test/support/expression-shape.ts';
import { parseFilter } from './expression.ts';
import { formatExpression } from './format-expression.ts';

describe('$filter', () => {
  it.each([
    ['a eq 1', '(eq a integer:1)'],
    [' a\t eq  1 ', '(eq a integer:1)'],
    ['a EQ 1 AND b Ne 2', '(and (eq a integer:1) (ne b integer:2))'],
    ['a or b and c or d', '(or a (and b c) d)'],
    ['(a or b) and c', '(and (or a b) c)'],
    ['(a and b) and c', '(and (and a b) c)'],
    ['a eq b gt c', '(eq a (gt b c))'],
    ['a add b mul c sub d', '(sub (add a (mul b c)) d)'],
    ['a div b divby c mod d', '(mod (divby (div a b) c) d)'],
    ['not a eq b', '(eq (not a) b)'],
    ['not(a eq b)', '(not (eq a b))'],
    ['not not a', '(not (not a))'],
    ["not a in ('x')", '(not (in a (list string:x)))'],
    ['-a mul - b', '(mul (negate a) (negate b))'],
    ['-5 sub -(5)', '(sub integer:-5 (negate integer:5))'],
    ['-INF ne -INFO', '(ne double:-INF (negate INFO))'],
    ['(a)and(b)', '(and a b)'],
    ['eq eq in', '(eq eq in)'],
    ["style has Sales.Pattern'Yellow,32'", '(has style enum Sales.Pattern:Yellow,32)'],
    ["a in ('x', 'y')", '(in a (list string:x string:y))'],
    ['a in ()', '(in a (list))'],
    ['a in (b)', '(in a b)'],
    ['a in b and c', '(and (in a b) c)'],
    ['a in ["x",1]', '(in a (array string:x integer:1))'],
  ])('reads the operators of %s', (text, tree) => {
    expect(shape(parseFilter(text))).toBe(tree);
  });

  it.each([
    ['null', 'null:null'],
    ['True', 'boolean:true'],
    ['NaN', 'double:NaN'],
    ['INF', 'double:INF'],
    ['007', 'integer:007'],
    ['-9223372036854775808', 'integer:-9223372036854775808'],
    ['3.140', 'decimal:3.140'],
    ['1e9', 'double:1e9'],
    ['-1.5E-7', 'double:-1.5E-7'],
    ["''", 'string:'],
    ["'O''Neil'", "string:O'Neil"],
    ["'PT1H'", 'string:PT1H'],
    ['01234567-89ab-CDEF-0123-456789abcdef', 'guid:01234567-89ab-CDEF-0123-456789abcdef'],
    ['abcdef01-89ab-cdef-0123-456789abcdef', 'guid:abcdef01-89ab-cdef-0123-456789abcdef'],
    ['2023-09-25', 'date:2023-09-25'],
    ['-0044-03-15', 'date:-0044-03-15'],
    ['2023-09-25T09:25Z', 'dateTimeOffset:2023-09-25T09:25Z'],
    ['2023-09-25T09:25:00.123456789012-08:00', 'dateTimeOffset:2023-09-25T09:25:00.123456789012-08:00'],
    ['23:59:60.5', 'timeOfDay:23:59:60.5'],
    ["duration'-P1DT2H3M4.5S'", 'duration:-P1DT2H3M4.5S'],
    ["binary'T0RhdGE'", 'binary:T0RhdGE'],
    ["binary''", 'binary:'],
    ["geography'SRID=4326;Point(1.5 -2)'", 'geography:SRID=4326;Point(1.5 -2)'],
    [
      "geometry'SRID=0;GeometryCollection(LineString(1 2,3 4),MultiPoint())'",
      'geometry:SRID=0;GeometryCollection(LineString(1 2,3 4),MultiPoint())',
    ],
    ['[[],{"a\\u0041\\n":[null]},"b"]', '(array (array) (object aA\n=(array null:null)) string:b)'],
  ])('keeps the text of the literal %s', (text, tree) => {
    expect(shape(parseFilter(text))).toBe(tree);
  });

  it.each([
    ['a/Ns.T/b', 'a/Ns.T/b'],
    ['$it/a eq $this', '(eq <it>/a <this>)'],
    ["$root/Employees('A1')/Name", '<root>/<Employees string:A1>/Name'],
    ['@p/a eq @q', '(eq <alias p>/a <alias q>)'],
    ['@Core.Messages/x', '<annotation Core.Messages>/x'],
    ['a/@Ns.Term#q eq 1', '(eq a/<annotation Ns.Term q> integer:1)'],
    ["a/any(p:p/id eq 'x')", 'a/<any p: (eq p/id string:x)>'],
    ['a/any( )', 'a/<any>'],
    ['a/ALL( v : v/b/any(w:w eq v) )', 'a/<all v: v/b/<any w: (eq w v)>>'],
    ['a/$count gt 1', '(gt a/<count> integer:1)'],
    ['a/$count(filter=b gt 5;$search=x) gt 1', '(gt a/<count (gt b integer:5)> integer:1)'],
    ['a/$filter(b gt 3)(1)/c', 'a/<filter (gt b integer:3)>/<key integer:1>/c'],
    ["Contains(a,'x')", '<contains a string:x>'],
    ["matchespattern(a,'^x')", '<matchesPattern a string:^x>'],
    ['geo.distance(a,b) lt 5', '(lt <geo.distance a b> integer:5)'],
    ['Ns.F(a=1,b=@x,c=d add 1)', '<Ns.F a=integer:1 b=<alias x> c=(add d integer:1)>'],
    ['a/Ns.F()/b', 'a/<Ns.F>/b'],
    ['case(a gt 1:2,true:3)', '(case (gt a integer:1):integer:2 boolean:true:integer:3)'],
    ['cast(a,Edm.Date) eq cast(Edm.Date)', '(eq (cast a Edm.Date) (cast Edm.Date))'],
    ['isof(Collection(Ns.T))', '(isof Collection(Ns.T))'],
  ])('reads the path or call %s', (text, tree) => {
    expect(shape(parseFilter(text))).toBe(tree);
  });

  it.each([
    ['', 0],
    ['startDateTime gt', 16],
    ['startDateTime gt ', 17],
    ['a eq 1 b', 7],
    ['a foo 1', 2],
    ['(a', 2],
    ['a)', 1],
    ['a eq 5abc', 6],
    ['a eq 5.', 6],
    ['a eq 2023-13-01', 9],
    ['a eq 2023-09-25T09:25', 15],
    ['a/', 2],
    ['a//b', 2],
    ['Ns.T', 4],
    ['any(x:true)', 3],
    ['a/all()', 6],
    ['a/any(x)', 7],
    ['a/any(x:true)/b', 13],
    ['a/$value', 2],
    ['$root', 0],
    ['$foo', 0],
    ['a in (b,c)', 7],
    ["a in ('x',b)", 10],
    ['f(a=1,2)', 6],
    ["duration'P'", 9],
    ["binary'A'", 7],
    ["geography'SRID=0;Line(1 2)'", 17],
    ["Ns.E'1,'", 7],
    ['["a]', 1],
    ['{a:1}', 1],
  ])('says that %j does not parse at position %i', (text, position) => {
    expect(refusal(() => parseFilter(text))).toMatch(
      new RegExp(
        `^Invalid filter clause: (Syntax error|There is a malformed string) at position ${position} in '`,
      ),
    );
  });

  it('names the option, the position and the text', () => {
    expect(() => parseFilter('id eq')).toThrow(
      expect.objectContaining({
        fault: 'badQueryOption',
        target: '$filter',
        message: "Invalid filter clause: Syntax error at position 5 in 'id eq'.",
      }),
    );
  });

  it.each([
    ["a eq 'x", "There is an unterminated string literal at position 7 in 'a eq 'x'."],
    [
      'contains(a)',
      "No function signature for the function with name 'contains' matches the specified arguments at position 0 in 'contains(a)'.",
    ],
    ['x'.repeat(129), `A name is longer than 128 characters at position 0 in '${'x'.repeat(129)}'.`],
    [' '.repeat(8193), 'The text is longer than 8192 characters.'],
  ])('says what is wrong with %j', (text, message) => {
    expect(refusal(() => parseFilter(text))).toBe(`Invalid filter clause: ${message}`);
  });

  it.each([
    '(',
    'not ',
    '-',
    'f(',
    '[',
    '{"a":',
    'a/any(x:',
    'a add ',
    'a in (',
    'case(',
    'cast(',
    'a/$count(filter=',
  ])('goes to a bounded depth by %j', (text) => {
    expect(refusal(() => parseFilter(text.repeat(49)))).toMatch(/Syntax error/);
    expect(refusal(() => parseFilter(text.repeat(101)))).toMatch(
      /Recursion depth exceeds the allowed limit of 100/,
    );
  });

  it('takes as many alternatives as the length allows', () => {
    const text = Array.from({ length: 600 }, (_, i) => `a eq ${i}`).join(' or ');
    expect(parseFilter(text)).toMatchObject({ kind: 'or', operands: { length: 600 } });
  });

  it.each([
    ['((a)) EQ (1)', 'a eq 1'],
    ['not(a) and(b or(c))', 'not a and (b or c)'],
    ['a sub (b sub c)', 'a sub (b sub c)'],
    ['[ "a" , \'b\' ]', "['a','b']"],
    ['a/any( x : x )', 'a/any(x:x)'],
  ])('formats %s as %s', (text, canonical) => {
    expect(formatExpression(parseFilter(text))).toBe(canonical);
  });
});
