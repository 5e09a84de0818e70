import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf, type SourceLine } from '../../src/collect/ingest/source-lines.ts';
import { often } from '../support/often.ts';

/** What a text is divided into, in chunks of some size. */
async function divided(
  text: string | Buffer,
  { chunk = 2 ** 20, most = 2 ** 20 } = {},
): Promise<SourceLine[]> {
  const bytes = Buffer.from(text as string);
  const open = async function* () {
    for (let at = 0; at < bytes.length; at += chunk)
      yield await Promise.resolve(bytes.subarray(at, at + chunk));
  };
  const lines: SourceLine[] = [];
  for await (const line of linesOf({ name: 'x', size: undefined, open }, most, () => undefined))
    lines.push(line);
  return lines;
}
const shown = (lines: readonly SourceLine[]) =>
  lines.map(({ number, bytes, unreadable }) => `${number}: ${unreadable ?? bytes.toString()}`);
const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};
const values = (lines: readonly SourceLine[]) =>
  lines.flatMap(({ bytes }) => {
    const text = bytes.toString();
    return isJson(text) ? [JSON.parse(text) as unknown] : [];
  });

const record = fc
  .record({ id: fc.string({ maxLength: 4 }), more: fc.jsonValue({ maxDepth: 3 }) })
  .map((value) => JSON.parse(JSON.stringify(value)) as object);
const indent = fc.constantFrom(0, 1, 2, '\t');

describe('text is divided into what is read as one', () => {
  it('the same however it is cut into chunks', async () => {
    const piece = fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '\\',
        '\n',
        '\r\n',
        ' ',
        '1',
        'true',
        '"a":',
        '{"a":1}',
        '{"value":[',
      ],
      ...['[\n', ',\n', ']\n', '\ufeff', '{"id":"b"}\n', '"é"'],
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 40 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 4, max: 60 }),
        async (pieces, chunk, most) => {
          const text = pieces.join('');
          const whole = await divided(text, { most: 1000 });
          expect(shown(await divided(text, { chunk, most: 1000 }))).toEqual(shown(whole));
          await divided(text, { chunk, most }); // ends, and does not throw
        },
      ),
      { numRuns: often(200, 1000) },
    );
  });

  it('arrays, arrays of arrays and documents one after another: each element by itself', async () => {
    const document = fc.oneof(
      fc.tuple(fc.array(record, { minLength: 1, maxLength: 5 }), indent),
      fc.tuple(fc.array(fc.array(record, { maxLength: 3 }), { minLength: 1, maxLength: 3 }), indent),
      fc.tuple(record, indent),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { maxLength: 4 }),
        fc.constantFrom('\n', '\r\n', '\n\n', '\n\ufeff'),
        fc.integer({ min: 1, max: 50 }),
        async (documents, between, chunk) => {
          const text = documents.map(([value, space]) => JSON.stringify(value, null, space)).join(between);
          const lines = await divided(text, { chunk });
          // An array on one line is taken, or refused, as the line it is.
          const flat = (all: readonly unknown[]) => all.flat(2);
          expect(flat(values(lines))).toEqual(flat(documents.map(([value]) => value)));
          const at = text.split('\n');
          for (const { number, bytes } of lines)
            expect(at[number - 1]).toContain(bytes.toString().split('\n')[0]!.trimEnd());
        },
      ),
    );
  });

  it('a list of a response that is longer than a line may be, in pieces that are responses themselves', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 20, maxLength: 60 }),
        fc.constantFrom('value', 'responses'),
        indent,
        fc.integer({ min: 1, max: 50 }),
        async (elements, name, space, chunk) => {
          const before = { '@odata.context': 'c', 'x@odata.type': '#a' };
          const after = { '@odata.nextLink': 'n' };
          const text = JSON.stringify({ ...before, [name]: elements, ...after }, null, space);
          const most = Math.max(300, ...elements.map((one) => JSON.stringify(one, null, space).length * 2));
          const pieces = await divided(`${text}\n{"id":"next"}\n`, { chunk, most });
          expect(pieces.pop()?.bytes.toString()).toBe('{"id":"next"}');
          const read = pieces.map(({ bytes }) => JSON.parse(bytes.toString()) as Record<string, unknown[]>);
          expect(read.flatMap((piece) => piece[name])).toEqual(elements);
          for (const piece of read) expect(piece).toMatchObject(before);
          expect(read.map((piece) => '@odata.nextLink' in piece)).toEqual(
            read.map((_, i) => i === read.length - 1),
          );
          if (text.length > most) expect(pieces.at(-1)?.piece).toBe('end');
        },
      ),
    );
  });

  it('a value of an array that is not JSON costs itself', async () => {
    const broken = fc.constantFrom(
      ...[
        '{"id":"cut',
        '{"id":"a" "b":1}',
        '{"id":}',
        '{"a":[1,2}',
        '{"a":{"b":1}',
        '{',
        '{"a":[{"b":1},\n {"c":',
      ],
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(record, fc.option(broken, { nil: undefined })), { minLength: 1, maxLength: 8 }),
        fc.constantFrom(1, 2),
        fc.integer({ min: 1, max: 50 }),
        async (elements, space, chunk) => {
          const pad = ' '.repeat(space);
          const parts = elements.flatMap(([one, bad]) => [
            pad + JSON.stringify(one, null, space).replaceAll('\n', `\n${pad}`),
            ...(bad === undefined ? [] : [pad + bad.replaceAll('\n', `\n${pad}`)]),
          ]);
          const lines = await divided(`[\n${parts.join(',\n')}\n]\n{"id":"next"}\n`, { chunk });
          const expected = [...elements.map(([one]) => one), { id: 'next' }];
          expect(values(lines)).toEqual(expected);
          expect(lines.length - expected.length).toBe(elements.filter(([, bad]) => bad !== undefined).length);
        },
      ),
    );
  });
});

describe('a line or record that is too long', () => {
  const long = `"${'z'.repeat(200)}"`;
  it.each([
    ['a line', `{"a":${long}}\n{"b":1}`, ['1: line', '2: {"b":1}']],
    [
      'a record of an array',
      `[\n{"b":1},\n{"a":\n${long}},\n{"c":1}\n]`,
      ['2: {"b":1}', '3: record', '5: {"c":1}'],
    ],
    [
      'a record of an array on one line',
      `[{"b":1},{"a":${long}},{"c":1}]`,
      ['1: {"b":1}', '1: line', '1: {"c":1}'],
    ],
    ['a record over many lines', `{\n"a":${long}}\n{"b":1}`, ['1: record', '3: {"b":1}']],
    ['what is no JSON', `x${long}\n{"b":1}`, ['1: line', '2: {"b":1}']],
    ['a record that is never ended', `{\n"a":${long},\n`, ['1: record']],
    [
      'what follows a list of a response',
      `{"value":[\n{"b":1}],\n"c":${long}}`,
      ['2: {"value":[{"b":1}]}', '2: record'],
    ],
  ])('is one rejection: %s', async (_, text, expected) => {
    for (const chunk of [1, 7, 1000]) {
      const lines = await divided(text, { chunk, most: 100 });
      const told = lines.map(({ number, bytes, tooLong, isRecord }) =>
        tooLong === undefined
          ? `${number}: ${bytes.toString()}`
          : `${number}: ${isRecord === true ? 'record' : 'line'}`,
      );
      expect(told).toEqual(expected);
    }
  });

  it('is one rejection when it is not JSON either', async () => {
    for (const chunk of [1, 7, 1000]) {
      const lines = await divided(`[\n{"a":${long} 1},\n{"b":1}\n]`, { chunk, most: 100 });
      expect(lines.map(({ number }) => number)).toEqual([2, 3]);
      expect(values(lines)).toEqual([{ b: 1 }]);
    }
  });

  it('is counted, not held', async () => {
    const lines = await divided(`${'x'.repeat(100_000)}\nshort`, { chunk: 1000, most: 5000 });
    expect(lines.map(({ number, tooLong }) => [number, tooLong])).toEqual([
      [1, 100_000],
      [2, undefined],
    ]);
  });
});

describe('what is wrong between values is noted, and the values are taken', () => {
  it.each([
    ['a comma before the end', '[\n{"a":1},\n]', ['2: {"a":1}', "3: A comma precedes ']'"]],
    ['no comma', '[\n{"a":1}\n{"b":1}\n]', ['2: {"a":1}', '3: A comma is missing', '3: {"b":1}']],
    ['no end', '[\n{"a":1}\n', ['2: {"a":1}', '3: The file ends before its JSON array']],
  ])('%s', async (_, text, expected) => {
    const lines = shown(await divided(text));
    expect(lines).toHaveLength(expected.length);
    for (const [i, begin] of expected.entries()) expect(lines[i]!.startsWith(begin)).toBe(true);
  });
});
