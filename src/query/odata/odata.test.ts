import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../../test/support/any-text.ts';
import { Fault } from '../../contract/faults.ts';
import { negotiateMedia, negotiateMetadataDocument } from './accept.ts';
import { formatKeyPredicate, formatKeyedCollection, parsePath } from './path.ts';
import { parsePrefer } from './prefer.ts';
import { aliasValue, parseQueryOptions } from './query-options.ts';
import { parseSelect } from './select-expand.ts';
import { createSkipTokens, hmac, type SeekPosition } from './skip-token.ts';

/** Returns the name of the fault for a text; any other error fails the test. */
function faultOf(parse: () => unknown): string {
  try {
    parse();
    return 'none';
  } catch (error) {
    if (error instanceof Fault) return error.fault;
    throw error;
  }
}

const anyOdataText = fc.oneof(
  fc.string(),
  anyText(),
  fc.string({ unit: fc.constantFrom(...Array.from('(\'),=;/%2F$"\\q*. a1')) }),
);

describe('every parser', () => {
  it('throws nothing but a Fault, whatever the text', () => {
    const tokens = createSkipTokens(Buffer.alloc(32));
    fc.assert(
      fc.property(anyOdataText, (text) => {
        faultOf(() => parsePath(text));
        faultOf(() => parseQueryOptions(text));
        faultOf(() => parseSelect(text));
        faultOf(() => negotiateMedia(text));
        faultOf(() => negotiateMedia(undefined, text));
        faultOf(() => negotiateMetadataDocument(text));
        parsePrefer(text);
        expect(faultOf(() => tokens.parse(text, ''))).toBe('badSkipToken');
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    '('.repeat(8000),
    "'".repeat(8000),
    `maxpagesize=${'1'.repeat(8000)}`,
    ',;="\\'.repeat(2000),
    `a=${' '.repeat(8000)}x`,
  ])('comes to an end on a text that invites backtracking', (text) => {
    expect(faultOf(() => parsePath(`callRecords(${text}`))).toBe('badKeyPredicate');
    expect(faultOf(() => parseSelect(text))).toBe('badQueryOption');
    expect(parsePrefer(text).maxPageSize).toBe(undefined);
  });
});

describe('a path', () => {
  it.each([
    [
      'a/b',
      [
        { name: 'a', text: 'a' },
        { name: 'b', text: 'b' },
      ],
    ],
    ['a/', [{ name: 'a', text: 'a' }]],
    ["a('k')", [{ name: 'a', key: 'k', text: "a('k')" }]],
    ["a(id='k''s')", [{ name: 'a', key: "k's", text: "a(id='k''s')" }]],
    ["a('x%2Fy')", [{ name: 'a', key: 'x/y', text: "a('x/y')" }]],
    [
      'a/x%2Fy+z',
      [
        { name: 'a', text: 'a' },
        { name: 'x/y+z', text: 'x/y+z' },
      ],
    ],
    [
      'f(a=1,b=2020-01-01T00%3A00Z)',
      [
        {
          name: 'f',
          args: [
            { name: 'a', text: '1' },
            { name: 'b', text: '2020-01-01T00:00Z' },
          ],
          text: 'f(a=1,b=2020-01-01T00:00Z)',
        },
      ],
    ],
    ['f()', [{ name: 'f', args: [], text: 'f()' }]],
  ])('%s is %j', (path, segments) => {
    expect(parsePath(path)).toEqual(segments);
  });

  it.each([
    ['a//b', 'unknownSegment'],
    ['a/%', 'malformedRequest'],
    ['a/%ff', 'malformedRequest'],
    ["a('k'", 'badKeyPredicate'],
    ["a('k'x)", 'badKeyPredicate'],
    ['a/'.repeat(40), 'unknownSegment'],
  ])('%s is refused as %s', (path, fault) => {
    expect(faultOf(() => parsePath(path))).toBe(fault);
  });

  it.each(['1', '-1', '@key', '2018-02-13T23:59:59Z', '23%3A59%3A59', 'b'])(
    'callRecords(%s) is said to lack quotes',
    (key) => {
      expect(() => parsePath(`callRecords(${key})`)).toThrow(/must be in quotes, because it is a string/);
    },
  );

  it('returns every key from both syntaxes', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (key) => {
        expect(parsePath(`a${formatKeyPredicate(key)}`)).toEqual([
          { name: 'a', key, text: `a('${key.replaceAll("'", "''")}')` },
        ]);
        const segments = parsePath(formatKeyedCollection('a', key));
        expect(segments[1]?.text ?? segments[0]?.key).toBe(key);
      }),
    );
  });
});

describe('a key in a link', () => {
  it.each([
    ['4b13', 'a/4b13'],
    ['+5564981205182', 'a/%2B5564981205182'],
    ["o'neil", 'a/o%27neil'],
    ['a/b', 'a/a%2Fb'],
    // Keys that a segment cannot hold stand in parentheses.
    ['a(b)', "a('a(b)')"],
    ['$count', "a('%24count')"],
    ['..', "a('..')"],
    ['.', "a('.')"],
    ['', "a('')"],
  ])('%j is written as %s', (key, path) => {
    expect(formatKeyedCollection('a', key)).toBe(path);
    expect(new URL(path, 'http://h/v/').pathname).toBe(`/v/${path}`);
  });

  it.each([
    ['a%28b%29', 'a(b)'],
    ['a%28b', 'a(b'],
    ["f%28'k'%29", "f('k')"],
    ['f%28x=1%29', 'f(x=1)'],
  ])('%s is the segment %s, its parentheses part of a key unless something is called so', (path, text) => {
    expect(parsePath(path)[0]?.text).toBe(text);
  });
});

describe('query options', () => {
  it.each([
    ['%24select=id&$FILTER=a%20eq+1&x=1', { select: 'id', filter: 'a eq 1' }],
    ['select=id&%46ilter=a', { select: 'id', filter: 'a' }],
    [
      'Expand=sessions(%24expand%3Dsegments)&ORDERBY=a&Top=1&skip=2&skipToken=x&count=true&search=a&format=json',
      {
        ...{ expand: 'sessions($expand=segments)', orderby: 'a', top: '1', skip: '2', skiptoken: 'x' },
        ...{ count: 'true', search: 'a', format: 'json' },
      },
    ],
    ['apply=a&Id=1&x=2&id=3', { passedOver: ['apply', 'id', 'id'] }],
    ['$select', { select: '' }],
    ['', {}],
  ])('%s are %j', (query, options) => {
    expect(parseQueryOptions(query)).toEqual(options);
  });

  it.each([
    '$foo=1',
    '$select=a&%24Select=b',
    '$expand=a&expand=a',
    'Expand=a&%24EXPAND=',
    'top=1&top=1',
    '$select=%zz',
    '&'.repeat(100),
  ])('%s are refused', (query) => {
    expect(faultOf(() => parseQueryOptions(query))).toMatch(/badQueryOption|malformedRequest/);
  });
});

describe('a parameter alias', () => {
  it.each([
    ['@a=1', '1'],
    ['$select=id&%40a=x%2By+z&@b=2', 'x+y z'],
    ['@a', ''],
    ['a=1&@A=2', undefined],
    ['', undefined],
  ])('in %j has the value %j', (query, value) => {
    expect(aliasValue(query, '@a')).toBe(value);
  });

  it('is refused when it is given twice', () => {
    expect(faultOf(() => aliasValue('@a=1&@a=1', '@a'))).toBe('badQueryOption');
  });
});

describe('Prefer', () => {
  it.each([
    ['odata.maxpagesize=5', 5, false, false],
    ['maxpagesize="7"', 7, false, false],
    ['maxpagesize=5, odata.maxpagesize=9', 5, false, false],
    ['MaxPageSize = 5 ; x=1, omit-values=nulls', 5, false, true],
    ['maxpagesize=0', undefined, false, false],
    ['maxpagesize=-1, maxpagesize=3', undefined, false, false],
    ['maxpagesize=1.5', undefined, false, false],
    [`maxpagesize=${'9'.repeat(15)}`, 999_999_999_999_999, false, false],
    [`maxpagesize=${'9'.repeat(400)}`, undefined, false, false],
    ['foo="a,maxpagesize=3", include-unknown-enum-members', undefined, true, false],
    ['omit-values=defaults', undefined, false, false],
  ])('%s', (header, maxPageSize, includeUnknownEnumMembers, omitNulls) => {
    expect(parsePrefer(header)).toEqual({ maxPageSize, includeUnknownEnumMembers, omitNulls });
  });
});

describe('$metadata', () => {
  it.each([
    [undefined, undefined, 'xml'],
    ['application/json', undefined, 'json'],
    ['application/json;q=0.5, application/xml', undefined, 'xml'],
    ['application/json, text/plain, */*', undefined, 'xml'],
    ['application/json, application/*;q=0.9', undefined, 'json'],
    ['application/xml;q=0, */*', undefined, 'json'],
    ['text/xml, application/json;q=0.1', undefined, 'xml'],
    ['application/xml', 'json', 'json'],
    ['*/*', 'xml', 'xml'],
  ])('for Accept %s and $format %s is %s', (accept, format, form) => {
    expect(negotiateMetadataDocument(accept, format)).toBe(form);
  });

  it.each([
    ['text/html', undefined],
    ['application/xml;q=0', undefined],
    ['*/*', 'atom'],
  ])('for Accept %s and $format %s is refused', (accept, format) => {
    expect(faultOf(() => negotiateMetadataDocument(accept, format))).toBe('notAcceptable');
  });
});

describe('a skip token', () => {
  const position = fc.record({
    edition: fc.integer({ min: 0, max: 2 ** 47 }),
    index: fc.integer({ min: 0, max: 2 ** 47 }),
    pageSize: fc.option(fc.integer({ min: 1, max: 130 }), { nil: undefined }),
    omitNulls: fc.boolean(),
    includeUnknownEnumMembers: fc.boolean(),
  });
  const tokens = createSkipTokens(Buffer.alloc(32, 7));

  it('returns the encoded position, only for its own collection', () => {
    fc.assert(
      fc.property(position, fc.string(), fc.string(), (where: SeekPosition, binding, other) => {
        const text = tokens.format(where, binding);
        expect(tokens.parse(text, binding)).toEqual(where);
        expect(text).toMatch(/^[\w-]+$/);
        if (other !== binding) expect(faultOf(() => tokens.parse(text, other))).toBe('badSkipToken');
        expect(faultOf(() => createSkipTokens(Buffer.alloc(32, 8)).parse(text, binding))).toBe(
          'badSkipToken',
        );
      }),
    );
  });

  it('is refused when any of its characters was changed', () => {
    const text = tokens.format(
      { edition: 1, index: 130, pageSize: undefined, omitNulls: false, includeUnknownEnumMembers: false },
      'x',
    );
    for (let i = 0; i < text.length; i++) {
      for (const char of 'Ab0-_') {
        if (text[i] === char) continue;
        expect(faultOf(() => tokens.parse(text.slice(0, i) + char + text.slice(i + 1), 'x'))).toBe(
          'badSkipToken',
        );
      }
    }
    for (const changed of [`${text}A`, `${text}=`, text.slice(1), ` ${text}`])
      expect(faultOf(() => tokens.parse(changed, 'x'))).toBe('badSkipToken');
  });

  it('is sealed by HMAC-SHA-256', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 100 }),
        fc.uint8Array({ maxLength: 200 }),
        fc.string(),
        (key, payload, binding) => {
          const expected = createHmac('sha256', key).update(payload).update(binding).digest().subarray(0, 16);
          expect(hmac(key)(payload, binding)).toEqual(expected);
        },
      ),
    );
  });
});
