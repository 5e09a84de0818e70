import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incomplete, trees } from '../../test/support/query-option-trees.ts';
import { Fault } from '../faults.ts';
import { parseBoolean, parseInteger, parseNonNegativeInteger } from './counts.ts';
import { formatExpand, parseExpand } from './expand.ts';
import { parseFilter } from './expression.ts';
import { formatExpression } from './format-expression.ts';
import { formatOrderBy, parseOrderBy } from './orderby.ts';
import { formatSearch, parseSearch } from './search.ts';
import { formatSelect, parseSelect } from './select.ts';

describe('formatting and parsing', () => {
  const options = { numRuns: 1000 };

  it('give back every $filter', () => {
    fc.assert(
      fc.property(trees.expression, (tree) => {
        expect(parseFilter(formatExpression(tree))).toEqual(tree);
      }),
      options,
    );
  });

  it('give back every $orderby', () => {
    fc.assert(
      fc.property(trees.orderby, (tree) => {
        expect(parseOrderBy(formatOrderBy(tree))).toEqual(tree);
      }),
      options,
    );
  });

  it('give back every $search', () => {
    fc.assert(
      fc.property(fc.oneof(trees.search, incomplete), (tree) => {
        expect(parseSearch(formatSearch(tree))).toEqual(tree);
      }),
      options,
    );
  });

  it('give back every $select', () => {
    fc.assert(
      fc.property(trees.select, (tree) => {
        expect(parseSelect(formatSelect(tree))).toEqual(tree);
      }),
      options,
    );
  });

  it('give back every $expand', () => {
    fc.assert(
      fc.property(trees.expand, (tree) => {
        expect(parseExpand(formatExpand(tree))).toEqual(tree);
      }),
      options,
    );
  });
});

/** Fails the test when anything but a `Fault` is thrown. */
function parseAll(text: string): void {
  for (const parse of [parseFilter, parseOrderBy, parseSearch, parseSelect, parseExpand]) {
    try {
      parse(text);
    } catch (error) {
      if (!(error instanceof Fault) || error.fault !== 'badQueryOption') throw error;
      expect(error.message.length).toBeLessThan(600);
    }
  }
  for (const parse of [parseNonNegativeInteger, parseInteger, parseBoolean]) {
    try {
      parse(text, '$top');
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
    }
  }
}

describe('every parser of a query option', () => {
  const fragments = fc.constantFrom(
    ...Array.from('()[]{}\'"/\\,;:=@$*#.- \t0159aéT'),
    ...[
      ' eq ',
      ' and ',
      ' in ',
      'not ',
      'any(',
      'all(x:',
      '$count',
      '$filter(',
      '$it',
      '$root/',
      'case(',
      'cast(',
    ],
    ...[
      '$select=',
      '$expand=',
      '$levels=',
      'search=',
      'NOT ',
      ' OR ',
      '/$ref',
      "duration'P",
      '2023-09-25',
      "Ns.E'",
    ],
    ...['\ud800', '\u0000', '-INF', "geography'SRID=0;"],
  );

  it('refuses by a Fault or not at all, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fragments, maxLength: 40 })),
        parseAll,
      ),
      { numRuns: 5000 },
    );
  });

  it('refuses by a Fault or not at all, however a valid text is changed', () => {
    const valid = fc.oneof(
      trees.expression.map(formatExpression),
      trees.search.map(formatSearch),
      trees.expand.map(formatExpand),
    );
    fc.assert(
      fc.property(
        valid,
        fc.nat(),
        fc.nat({ max: 4 }),
        fc.oneof(fc.constant(''), fragments),
        (text, at, length, put) => {
          const start = at % (text.length + 1);
          parseAll(text.slice(0, start) + put + text.slice(start + length));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('comes to an end on a text that invites backtracking', () => {
    const start = performance.now();
    for (const part of [
      '(',
      "'",
      'a in (',
      'cast(',
      'f(a=',
      "binary'A",
      '1',
      '1-',
      '"',
      '\\"',
      ' ',
      'NOT ',
      'a ',
      '@a#',
      '[[',
      'a(',
    ])
      for (const end of ['', '\0', ')']) parseAll(part.repeat(Math.floor(8190 / part.length)) + end);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
