/** Tests that whatever is broken in a file costs itself: a sound line behind it is always taken. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { contentsOf } from '../../src/collect/ingest/line-contents.ts';
import { linesOf } from '../../src/collect/ingest/source-lines.ts';
import { often, testSeed } from '../support/often.ts';
import { aRecord, aSession, participants } from '../support/records.ts';

/** Ids of the calls that are taken of a text. */
async function callsIn(text: string, chunk: number): Promise<string[]> {
  const bytes = Buffer.from(text);
  const open = async function* () {
    for (let at = 0; at < bytes.length; at += chunk)
      yield await Promise.resolve(bytes.subarray(at, at + chunk));
  };
  const ids: string[] = [];
  for await (const line of linesOf({ name: 'x', size: undefined, open }, 5000, () => undefined)) {
    if (line.unreadable !== undefined) continue;
    const contents = contentsOf(line.bytes, line.piece === 'more');
    if ('received' in contents)
      ids.push(...contents.received.flatMap((one) => ('record' in one ? [one.record.call.callId] : [])));
  }
  return ids;
}

const record = aRecord('broken', { participants_v2: participants(2), sessions: [aSession('s')] });
const page = { '@odata.context': 'https://x/$metadata#communications/callRecords', value: [record, record] };
const document = fc
  .tuple(
    fc.constantFrom<unknown>(record, page, [record, [page]], { responses: [{ status: 200, body: record }] }),
    fc.constantFrom(0, 1, 4),
  )
  .map(([value, space]) => JSON.stringify(value, null, space));
/** What is put into a text, after so many of its characters, in place of so many others. */
const edit = fc.record({
  at: fc.nat(4000),
  removed: fc.constantFrom(0, 0, 1, 5, 300, 5000),
  put: fc.constantFrom(
    '',
    '\n',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '\ufeff',
    '\\ud800',
    'null',
    '\n{\n',
    '\0',
    'x'.repeat(6000),
  ),
});

it('a sound line is taken whatever stands before it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(document, fc.array(edit, { maxLength: 4 })), { maxLength: 3 }),
      fc.constantFrom('\n', '\r\n', ',\n', '\n]\n'),
      fc.constantFrom(13, 500, 100_000),
      async (documents, between, chunk) => {
        const broken = documents.map(([text, edits]) =>
          edits.reduce(
            (left, { at, removed, put }) => left.slice(0, at) + put + left.slice(at + removed),
            text,
          ),
        );
        const sound = JSON.stringify(aRecord('sound'));
        // Of a file that begins as no text does, nothing is read.
        const text = ['{}', ...broken].join(between);
        expect(await callsIn(`${text}\n${sound}\n`, chunk)).toContain('sound');
      },
    ),
    { numRuns: often(100, 3000), seed: testSeed },
  );
}, 120_000);
