import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listStates, type PlacedPage, type PlacedRecord } from '../../src/collect/ingest/list-states.ts';

/** Pages as files tell of them: `FILE:LINE CONTENTS`, a last page with a full stop behind it. */
function pagesOf(texts: readonly string[], times: Readonly<Record<string, number>> = {}): PlacedPage[] {
  return texts.map((text) => {
    const [, file, line = '1', contents] = /^(\S+?)(?::(\d+))? (\w+)/.exec(text)!;
    return {
      ...{ file: file!, line: Number(line), timeMs: times[file!], contents: contents!, count: 1 },
      ...{ last: text.endsWith('.'), nextLink: text.endsWith('.') ? undefined : 'x?$skiptoken=opaque' },
    };
  });
}
function recordsOf(texts: readonly string[], times: Readonly<Record<string, number>> = {}): PlacedRecord[] {
  return texts.map((text) => {
    const [, file, line = '1', version] = /^(\S+?)(?::(\d+))? v(\d+)$/.exec(text)!;
    return { file: file!, line: Number(line), timeMs: times[file!], version: BigInt(version!) };
  });
}
/** States as `VERSION CONTENTS…`, with a full stop behind those that are complete. */
const told = (pages: readonly PlacedPage[], records: readonly PlacedRecord[] = []) =>
  listStates(pages, records).map(
    ({ version, pages: own, complete }) =>
      `${version ?? '?'} ${own.map(({ contents }) => contents).join('')}${complete ? '.' : ''}`,
  );

describe('pages of one state of a list are put together', () => {
  it.each<[string, string[], string[], string[]]>([
    ['in the order in which they are read, the last one last', ['f:1 C.', 'f:2 A', 'f:3 B'], [], ['? ABC.']],
    ['without the last one', ['f:1 A', 'f:2 B'], [], ['? AB']],
    ['two that are each the last', ['f:1 A.', 'f:2 B.'], [], ['? A.', '? B.']],
    ['two states one after the other', ['f:1 A', 'f:2 B.', 'f:3 A', 'f:4 C.'], [], ['? AB.', '? AC.']],
    ['two states, each read backwards', ['f:1 B.', 'f:2 A', 'f:3 C.', 'f:4 A'], [], ['? AB.', '? AC.']],
    ['a page that is saved twice', ['f:1 A', 'f:2 B.', 'g:1 B.'], [], ['? AB.']],
    ['a folder of each state', ['a/p2 B.', 'b/p2 C.', 'a/p1 A', 'b/p1 A'], [], ['? AB.', '? AC.']],
    [
      'files of each state with numbers of pages',
      ['x_1 A', 'x_2 B.', 'y_1 A', 'y_2 C.'],
      [],
      ['? AB.', '? AC.'],
    ],
    [
      'versions in names, of records beside them',
      ['ID_sessions_v1_p2.json B.', 'ID_sessions_v2.json C.', 'ID_sessions_v1_p1.json A'],
      ['ID_call_v2.json v9', 'ID_call_v1.json v4'],
      ['4 AB.', '9 C.'],
    ],
    [
      'versions in names that count as Graph does',
      ['ID_participants_v2_v1.json A.', 'ID_participants_v2_v3.json B.'],
      ['ID_call_v1.json v1'],
      ['1 A.', '3 B.'],
    ],
    ['the record in the same file', ['f:2 A.', 'g:2 B.'], ['f:1 v2', 'g:1 v3'], ['2 A.', '3 B.']],
    ['the record before it in the file', ['f:2 A.', 'f:4 B.'], ['f:1 v1', 'f:3 v2'], ['1 A.', '2 B.']],
    ['the record in the same folder', ['a/s A.', 'b/s B.'], ['a/c v1', 'b/c v2'], ['1 A.', '2 B.']],
    ['the record with the likest name', ['d/x.s A.', 'd/y.s B.'], ['d/x.c v1', 'd/y.c v2'], ['1 A.', '2 B.']],
    ['the only record', ['pages/x A.'], ['records/x v7'], ['7 A.']],
    ['no record by which to know', ['p/x A.', 'p/y B.'], ['r/a v1', 'r/b v2'], ['? A.', '? B.']],
  ])('%s', (_, pages, records, states) => {
    expect(told(pagesOf(pages), recordsOf(records))).toEqual(states);
  });

  it('by the times of the files, where nothing else tells', () => {
    const times = { 'p/x': 30, 'p/y': 12, 'r/a': 10, 'r/b': 20 };
    expect(told(pagesOf(['p/x A.', 'p/y B.'], times), recordsOf(['r/a v1', 'r/b v2'], times))).toEqual([
      '1 B.',
      '2 A.',
    ]);
  });

  it('in the order that next links count, and a page that is missing between them is noticed', () => {
    const page = (contents: string, skip: number | undefined): PlacedPage => ({
      ...{ file: 'f', line: 1, timeMs: 1, contents, count: 10, last: skip === undefined },
      nextLink: skip === undefined ? undefined : `https://graph.example/x?$top=10&$skip=${skip}`,
    });
    const [a, b, c, d] = [page('A', 10), page('B', 20), page('C', 30), page('D', undefined)];
    expect(told([c, d, a, b])).toEqual(['? ABCD.']);
    expect(told([d, c, a])).toEqual(['? ACD']);
  });
});

it('no page is lost, and no state has two last pages', () => {
  const page = fc.record({
    file: fc.constantFrom('a/x', 'a/y_1', 'a/y_2', 'b/x', 'a/x_v1', 'b/x_v2'),
    line: fc.integer({ min: 1, max: 5 }),
    timeMs: fc.constantFrom(undefined, 1, 2),
    contents: fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F'),
    count: fc.constant(1),
    last: fc.boolean(),
    nextLink: fc.constantFrom(undefined, 'x?$skip=1', 'x?$skip=2'),
  });
  const record = fc.record({
    file: fc.constantFrom('a/c', 'a/x', 'b/c', 'a/c_v1'),
    line: fc.integer({ min: 1, max: 5 }),
    timeMs: fc.constantFrom(undefined, 1, 2),
    version: fc.constantFrom(undefined, 1n, 2n),
  });
  fc.assert(
    fc.property(fc.array(page, { maxLength: 8 }), fc.array(record, { maxLength: 3 }), (pages, records) => {
      const states = listStates(pages, records);
      const contents = new Set(states.flatMap((state) => state.pages.map((one) => one.contents)));
      expect(contents).toEqual(new Set(pages.map((one) => one.contents)));
      for (const { pages: own } of states)
        expect(own.filter(({ last }) => last).length).toBeLessThanOrEqual(1);
    }),
  );
});
