import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../contract/faults.ts';
import { checkOption } from './option-grammar.ts';
import { type SystemOption, systemOptions } from './query-options.ts';

/** Returns the problem of a text; any error but a `Fault` fails the test. */
function problemOf(name: SystemOption, text: string): string | undefined {
  try {
    checkOption(name, text);
    return undefined;
  } catch (error) {
    // Without `expect`, which takes longer than the parsers: the test checks many texts.
    const isRefusal = error instanceof Fault && error.fault === 'badQueryOption';
    if (!isRefusal || error.target !== `$${name}` || error.message.length >= 600) throw error;
    return error.message;
  }
}

describe('an option that no resource offers', () => {
  it.each([
    ['index', '7'],
    ['index', '-1'],
    ['skip', '0'],
    ['count', 'TRUE'],
    ['search', 'one OR "two (three" NOT (four)'],
    ['search', "Daniel's 08/15 $x;y["],
    ['search', "'gr(e''en'"],
    ['orderby', 'startDateTime desc,id'],
    ['orderby', 'a ASC , b\tdesc'],
    ['orderby', 'asc desc,desc'],
    ['orderby', 'a/$count desc,length(b) asc,a ge b asc'],
    ['apply', 'aggregate(a with sum as b'],
  ] as const)('$%s=%s parses', (name, text) => {
    expect(problemOf(name, text)).toBe(undefined);
  });

  it.each([
    ['index', 'seven', 'requires an integer value'],
    ['index', '', 'requires an integer value'],
    ['skip', '-1', 'requires a non-negative integer value'],
    ['top', '1.5', 'requires a non-negative integer value'],
    ['count', '1', "Valid values are 'true, false'"],
    ['search', '', 'Invalid search clause: Syntax error at position 0'],
    ['search', '(one', 'Invalid search clause: Syntax error at position 4'],
    ['search', 'a AND )', 'Invalid search clause: Syntax error at position 6'],
    ['search', 'a "b', 'Invalid search clause: There is an unterminated string literal at position 4'],
    ['orderby', '', 'Invalid orderby clause: Syntax error at position 0'],
    ['orderby', 'a,', 'Invalid orderby clause: Syntax error at position 2'],
    ['orderby', 'id up', 'Invalid orderby clause: Syntax error at position 3'],
    ['orderby', 'a descend', 'Invalid orderby clause: Syntax error at position 2'],
    ['orderby', 'a asc desc', 'Invalid orderby clause: Syntax error at position 6'],
    ['expand', 'sessions($index=first)', 'Syntax error at position 9'],
  ] as const)('$%s=%s does not: %s', (name, text, problem) => {
    expect(problemOf(name, text)).toContain(problem);
  });
});

function checkAll(text: string): void {
  for (const name of systemOptions) problemOf(name, text);
}

describe('every option', () => {
  const fragments = fc.constantFrom(
    ...Array.from('()[]{}\'"/\\,;:=@$*#.- \t0159aéT'),
    ...' eq | and | in |not |any(|all(x:|$count|$filter(|$it|$root/|case('.split('|'),
    ...'$select=|$expand=|$levels=|search=|NOT | OR |/$ref|2023-09-25|-INF'.split('|'),
    ...["duration'P", "Ns.E'", "geography'SRID=0;", '\ud800', '\u0000'],
  );
  const valid = fc.constantFrom(
    "startDateTime ge 2026-03-02T10:00:00Z and participants_v2/any(p:p/id eq 'O''Neil') or not a in (1,'x')",
    'sessions($select=id,caller;$expand=segments($filter=contains(id,"a");$top=5)),a/$ref',
    'id desc,length(a/b) asc,-c add 1.5e7,$it/@Ns.T#q',
    'blue OR "green (red" NOT (white)',
  );

  it('throws nothing but a Fault, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fragments, maxLength: 40 })),
        checkAll,
      ),
      { numRuns: 2000 },
    );
  });

  it('throws nothing but a Fault, however a valid text is changed', () => {
    fc.assert(
      fc.property(
        valid,
        fc.nat(),
        fc.nat({ max: 4 }),
        fc.oneof(fc.constant(''), fragments),
        (text, at, length, put) => {
          const start = at % (text.length + 1);
          checkAll(text.slice(0, start) + put + text.slice(start + length));
        },
      ),
      { numRuns: 2000 },
    );
  });
});
