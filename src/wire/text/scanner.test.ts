import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Output } from './edits.ts';
import type { EditRules } from './edit-rules.ts';
import { Scanner } from './scanner.ts';
import { TextError } from './text-error.ts';
import { membersOf } from './shapes.ts';

const participant = membersOf('microsoft.graph.callRecords.participant');
const session = membersOf('microsoft.graph.callRecords.session');
const rules = (some: Partial<EditRules>): EditRules => ({
  omitNulls: false,
  maskEnums: false,
  cutControl: false,
  quoteWide: false,
  describe: false,
  deprecated: 'as-before',
  ...some,
});

/** Returns the text with the edits of these rules applied. */
function edited(text: string, some: Partial<EditRules>, members = participant): string {
  const bytes = Buffer.from(text);
  const scanner = new Scanner(bytes, 0, undefined, rules(some));
  scanner.object(members);
  const out = new Output(16);
  out.edited(
    bytes,
    0,
    bytes.length,
    scanner.edits,
    0,
    scanner.edits.length,
    [true, true, true],
    scanner.inserts,
  );
  return out.bytes().toString();
}

function problemOf(text: string): string {
  const scanner = new Scanner(Buffer.from(text));
  try {
    scanner.value(undefined);
    scanner.expectEnd();
    return 'none';
  } catch (error) {
    if (error instanceof TextError) return error.problem;
    throw error;
  }
}

describe('the scanner', () => {
  it('accepts every JSON text that JSON.parse accepts', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (text) => {
        expect(problemOf(text)).toBe('none');
      }),
    );
  });

  it('accepts white space between tokens and records it', () => {
    const scanner = new Scanner(Buffer.from('{ "id" :\t[ 1 ,\r\n2 ] }'));
    scanner.object(undefined);
    expect([scanner.spaced, scanner.pos]).toEqual([true, scanner.end]);
  });

  it('rejects exactly the damaged JSON that JSON.parse rejects', () => {
    const damaged = fc
      .tuple(
        fc.json({ maxDepth: 3 }),
        fc.nat(),
        fc.constantFrom('', '"', '}', ']', ',', ':', '0', '\\', 'n', '-', '.', 'e'),
      )
      .map(([text, at, insert]) => {
        const place = at % (text.length + 1);
        return insert === ''
          ? text.slice(0, place) + text.slice(place + 1)
          : text.slice(0, place) + insert + text.slice(place);
      });
    fc.assert(
      fc.property(damaged, (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        const problem = problemOf(text);
        expect(problem === 'notWanted' || (problem === 'none') === valid).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['{"id":1', 'truncated'],
    ['{"id"', 'truncated'],
    ['"abc', 'truncated'],
    ['tru', 'truncated'],
    ['[1,', 'truncated'],
    ['{"id":01}', 'notJson'],
    ['{"id":+1}', 'notJson'],
    ['{id:1}', 'notJson'],
    ['"\\ud83d\\ude00"', 'none'],
    ['"\\ud83d"', 'none'],
    ['"\\ude00"', 'none'],
    ['"\\ud83dx"', 'none'],
    ['"\\x41"', 'notJson'],
    ['"a\u0001b"', 'notJson'],
    [`${'['.repeat(65)}${']'.repeat(65)}`, 'notWanted'],
    [`${'['.repeat(64)}${']'.repeat(64)}`, 'none'],
  ])('finds in %j: %s', (text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });

  it.each([
    ['{"id":5}', [['wrongType', 1]]],
    ['{"identity":"x","administrativeUnitInfos":{"a":[true]}}', [['wrongType', 2]]],
    ['{"identity":{"user":[]}}', [['wrongType', 1]]],
    ['{"\\u0069d":5}', [['wrongType', 1]]],
    ['{"id":"\\ud800\\ud800","\\udc00":1}', [['loneSurrogate', 3]]],
    ['{"id":null,"identity":null,"administrativeUnitInfos":[null]}', []],
    [
      '{"identity":{"user":{"id":"a","displayName":7}},"x":[1,"\\ude00"]}',
      [
        ['wrongType', 1],
        ['loneSurrogate', 1],
      ],
    ],
  ])('walks %s to its end, and notes what is odd', (text, noted) => {
    const scanner = new Scanner(Buffer.from(text));
    scanner.object(participant);
    expect([scanner.pos, scanner.odd.take(), scanner.odd.total]).toEqual([scanner.end, noted, 0]);
  });

  it.each([
    ['"9007199254740993"', true],
    ['"-0"', true],
    ['"01"', false],
    ['"1 "', false],
    ['"abc"', false],
    ['true', false],
    ['{"a":1}', false],
  ])('a version of %s is a number in quotes: %s', (value, isQuoted) => {
    const scanner = new Scanner(Buffer.from(`{"version":${value}}`));
    scanner.object(membersOf('microsoft.graph.callRecords.callRecord'));
    expect(scanner.quoted).toEqual(isQuoted ? [11, 11 + value.length] : []);
    expect(scanner.odd.take()).toEqual(isQuoted ? [] : [['wrongType', 1]]);
  });

  it('accepts as a double a number, or one of the strings for numbers that JSON lacks', () => {
    const stream = membersOf('microsoft.graph.callRecords.mediaStream');
    const noted = (value: string) => {
      const scanner = new Scanner(Buffer.from(`{"averagePacketLossRate":${value}}`));
      scanner.object(stream);
      return scanner.odd.total;
    };
    expect(['1.5', '"NaN"', '"-INF"', 'null'].map(noted)).toEqual([0, 0, 0, 0]);
    expect(['"1.5"', 'true', '[]', '{}'].map(noted)).toEqual([1, 1, 1, 1]);
  });

  it('finds the end of a value however deep it is nested, where it is JSON', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.nat({ max: 3000 }), (text, depth) => {
        const deep = `${'[{"a":'.repeat(depth)}${text}${'}]'.repeat(depth)}`;
        const scanner = new Scanner(Buffer.from(` ${deep} ,`));
        scanner.skip();
        expect(scanner.pos).toBe(1 + Buffer.byteLength(deep) + (text.length - text.trimEnd().length));
      }),
    );
    for (const text of ['[1,]', '{"a"}', '{"a":1,}', '[1}', '{"a":1]', '[', '{"a":', 'x'])
      expect(() => new Scanner(Buffer.from(text)).skip(), text).toThrow(TextError);
  });

  it('never throws anything but a TextError, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          new Scanner(Buffer.from(bytes)).value(undefined);
        } catch (error) {
          expect(error).toBeInstanceOf(TextError);
        }
      }),
    );
  });
});

describe('omit-values=nulls', () => {
  it.each([
    ['{"id":"a","identity":null}', '{"id":"a"}'],
    ['{"identity":null,"id":"a"}', '{"id":"a"}'],
    ['{"identity":null,"administrativeUnitInfos":[]}', '{}'],
    [
      '{"id":"a","identity":{"phone":null,"user":{"id":"u","displayName":null}}}',
      '{"id":"a","identity":{"user":{"id":"u"}}}',
    ],
    ['{"id":"a","identity":{"phone":null,"user":{}},"x":1}', '{"id":"a","x":1}'],
    ['{"id":"a","administrativeUnitInfos":[{"id":null},{}]}', '{"id":"a","administrativeUnitInfos":[{},{}]}'],
    ['{"id":"a","x":[null,1]}', '{"id":"a","x":[null,1]}'],
    ['{"id":"a","x":{"y":{"z":null}},"w":{"v":[]}}', '{"id":"a"}'],
  ])('makes of %s: %s', (text, expected) => {
    expect(edited(text, { omitNulls: true })).toBe(expected);
  });

  /** Does the same on the parsed value. */
  function omit(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => omit(item));
    if (typeof value !== 'object' || value === null) return value;
    const kept = Object.entries(value)
      .map(([name, inner]) => [name, omit(inner)] as const)
      .filter(
        ([, inner]) => inner !== null && !(typeof inner === 'object' && Object.keys(inner).length === 0),
      );
    return Object.fromEntries(kept);
  }

  /** A declared member accepts only values of its type. */
  const undeclared = fc.string().filter((name) => !participant.byName.has(name));

  it('returns the same as removing members one by one', () => {
    fc.assert(
      fc.property(fc.dictionary(undeclared, fc.jsonValue({ maxDepth: 4 })), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.parse(edited(text, { omitNulls: true }))).toEqual(omit(JSON.parse(text)));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the other edits', () => {
  it('masks enum names beyond the sentinel, at any depth, and leaves open members alone', () => {
    const text =
      '{"id":"s","modalities":["audio","smell"],"caller":{"userAgent":{"productFamily":"azureCommunicationServices"}},"x":"smell"}';
    expect(edited(text, { maskEnums: true }, session)).toBe(
      '{"id":"s","modalities":["audio","unknownFutureValue"],"caller":{"userAgent":{"productFamily":"unknownFutureValue"}},"x":"smell"}',
    );
  });

  it('cuts control information and nothing else', () => {
    const text =
      '{"@odata.type":"#a","id":"a","identity@odata.context":"u","identity":{"user":{"@odata.type":"#b","id":"u"}},"@my.own":1}';
    expect(edited(text, { cutControl: true })).toBe('{"id":"a","identity":{"user":{"id":"u"}},"@my.own":1}');
  });

  it('quotes 64-bit integers and leaves their digits', () => {
    const call = membersOf('microsoft.graph.callRecords.callRecord');
    expect(edited('{"version":9007199254740993,"x":1}', { quoteWide: true }, call)).toBe(
      '{"version":"9007199254740993","x":1}',
    );
  });

  it('adds the types that JSON does not express', () => {
    const text =
      '{"id":"s","startDateTime":"2026-01-01T00:00:00Z","isTest":true,"failureInfo":{"stage":"midcall"}}';
    expect(JSON.parse(edited(text, { describe: true }, session))).toEqual({
      '@odata.type': '#microsoft.graph.callRecords.session',
      id: 's',
      'startDateTime@odata.type': '#DateTimeOffset',
      startDateTime: '2026-01-01T00:00:00Z',
      isTest: true,
      failureInfo: {
        '@odata.type': '#microsoft.graph.callRecords.failureInfo',
        'stage@odata.type': '#microsoft.graph.callRecords.failureStage',
        stage: 'midcall',
      },
    });
  });
});
