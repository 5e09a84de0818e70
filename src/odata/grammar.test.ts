import { describe, expect, it } from 'vitest';
import { Fault } from '../faults.ts';
import { parseBoolean, parseInteger, parseNonNegativeInteger } from './counts.ts';
import { formatExpand, parseExpand } from './expand.ts';
import { parseFilter } from './expression.ts';
import { formatExpression } from './format-expression.ts';
import { formatOrderBy, parseOrderBy } from './orderby.ts';
import { formatSearch, parseSearch } from './search.ts';
import { formatSelect, parseSelect } from './select.ts';
import type { Expression, NestedOptions, PathSegment, Search } from './tree.ts';

/** The message of the fault a text leads to; anything else that is thrown fails the test. */
function refusal(parse: () => unknown): string {
  try {
    parse();
    return 'none';
  } catch (error) {
    if (error instanceof Fault && error.fault === 'badQueryOption') return error.message;
    throw error;
  }
}

/** A tree as text in which every operator has its parentheses and every leaf its kind. */
function shape(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return `${expression.type}:${expression.text}`;
    case 'enum':
      return `enum ${expression.type}:${expression.text}`;
    case 'and':
    case 'or':
      return `(${expression.kind} ${expression.operands.map(shape).join(' ')})`;
    case 'binary':
      return `(${expression.operator} ${shape(expression.left)} ${shape(expression.right)})`;
    case 'not':
    case 'negate':
      return `(${expression.kind} ${shape(expression.operand)})`;
    case 'list':
    case 'array':
      return `(${[expression.kind, ...expression.items.map(shape)].join(' ')})`;
    case 'object':
      return `(object ${expression.members.map(({ name, value }) => `${name}=${shape(value)}`).join(' ')})`;
    case 'case':
      return `(case ${expression.branches.map(({ when, then }) => `${shape(when)}:${shape(then)}`).join(' ')})`;
    case 'cast':
    case 'isof':
      return `(${expression.kind} ${expression.operand ? `${shape(expression.operand)} ` : ''}${expression.type})`;
    case 'call':
      return segmentShape(expression);
    case 'path':
      return expression.segments.map(segmentShape).join('/');
  }
}

function segmentShape(segment: PathSegment): string {
  switch (segment.kind) {
    case 'name':
      return segment.name;
    case 'it':
    case 'this':
    case 'root':
      return `<${segment.kind}>`;
    case 'alias':
      return `<alias ${segment.name}>`;
    case 'annotation':
      return `<annotation ${segment.name}${segment.qualifier === undefined ? '' : ` ${segment.qualifier}`}>`;
    case 'call':
    case 'key': {
      const values = segment.arguments.map(({ name, value }) => (name ? `${name}=` : '') + shape(value));
      return `<${[segment.kind === 'key' ? 'key' : segment.name, ...values].join(' ')}>`;
    }
    case 'filter':
      return `<filter ${shape(segment.predicate)}>`;
    case 'count':
      return `<count${segment.options?.filter ? ` ${shape(segment.options.filter)}` : ''}>`;
    case 'any':
    case 'all':
      return `<${segment.kind}${segment.lambda ? ` ${segment.lambda.variable}: ${shape(segment.lambda.predicate)}` : ''}>`;
  }
}

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

describe('$orderby', () => {
  it.each([
    ['a', 'a'],
    ['a ASC , b\tdesc', 'a,b desc'],
    ['asc desc,desc', 'asc desc,desc'],
    ['a/$count desc,length(b) asc', 'a/$count desc,length(b)'],
    ['a ge b asc', 'a ge b'],
  ])('%s is %s', (text, canonical) => {
    expect(formatOrderBy(parseOrderBy(text))).toBe(canonical);
  });

  it.each([
    ['', 0],
    ['a,', 2],
    ['a down', 2],
    ['a descend', 2],
    ['a asc desc', 6],
  ])('says that %j does not parse at position %i', (text, position) => {
    expect(refusal(() => parseOrderBy(text))).toBe(
      `Invalid orderby clause: Syntax error at position ${position} in '${text}'.`,
    );
  });
});

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

describe('options of one value', () => {
  it('reads whole numbers and booleans', () => {
    expect(parseNonNegativeInteger('007', '$top')).toBe(7);
    expect(parseInteger('-3', '$index')).toBe(-3);
    expect([parseBoolean('true', '$count'), parseBoolean('False', '$count')]).toEqual([true, false]);
  });

  it.each(['', '-1', '+1', '1.0', '1e3', ' 1', '9007199254740992', '9'.repeat(400)])(
    '$top=%j is refused',
    (text) => {
      expect(refusal(() => parseNonNegativeInteger(text, '$top'))).toMatch(
        /^Invalid value '.{0,65}' for \$top query option found\. The \$top query option requires a non-negative integer value\.$/,
      );
    },
  );

  it('$index=x and $count=1 are refused', () => {
    expect(refusal(() => parseInteger('x', '$index'))).toContain('requires an integer value');
    expect(refusal(() => parseBoolean('1', '$count'))).toBe(
      "Invalid value '1' for $count query option found. Valid values are 'true, false'.",
    );
  });
});
