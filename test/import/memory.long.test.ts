/** Tests that the memory of an import grows neither with the number of lines nor with the content of a line: large files. */
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { contentsOf } from '../../src/collect/ingest/line-contents.ts';
import { maxEntries, maxValues } from '../../src/collect/ingest/limits.ts';
import { measured } from '../support/measured.ts';
import { isSoak, longestMs } from '../support/often.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

/** A text of many parts, in pieces of some size. */
function* many(before: string, count: number, part: (i: number) => string, after: string) {
  let piece = before;
  for (let i = 0; i < count; i++) {
    piece += part(i);
    if (piece.length < 2 ** 16) continue;
    yield Buffer.from(piece);
    piece = '';
  }
  yield Buffer.from(piece + after);
}
const comma = (i: number) => (i === 0 ? '' : ',');

async function imported(content: Iterable<Buffer>, { isPacked = false, flags = [] as string[] } = {}) {
  const path = join(folder, `${files++}.jsonl`);
  const steps = isPacked ? [createGzip({ level: 1 })] : [];
  await pipeline([Readable.from(content), ...steps, createWriteStream(path)]);
  const result = await measured([
    ...['import', path, '--store', `sqlite:${path}.db`, '--quiet', '--json', ...flags],
  ]);
  rmSync(path);
  return { ...result, counts: JSON.parse(result.stdout || '{}') as Record<string, number> };
}

const megabyte = Buffer.alloc(2 ** 20, ' ');
/** About twice what was measured; what was mended took three to ten times as much. */
const most = { lines: 400, largeLine: 800 };

describe('the memory of an import is bounded', { timeout: longestMs }, () => {
  it('with a million bad lines', async () => {
    const { counts, peakMebibytes } = await imported(many('', 1_000_000, () => 'x\n', ''));
    expect(counts).toMatchObject({ rejected: 1, rejectedLines: 1_000_000 });
    expect(peakMebibytes).toBeLessThan(most.lines);
  });

  it.runIf(isSoak)('with an indented array of many times the longest line', async () => {
    const record = (i: number) =>
      `${comma(i)}\n  {\n    "id": "c${i}",\n    "version": 1,\n    "joinWebUrl": "${'x'.repeat(9000)}"\n  }`;
    const { code, counts, peakMebibytes } = await imported(many('[', 40_000, record, '\n]\n'));
    expect([code, counts]).toMatchObject([0, { records: 40_000, rejected: 0 }]);
    expect(peakMebibytes).toBeLessThan(most.lines);
  });

  it.runIf(isSoak)('with a line of a million participants, which is taken', async () => {
    const people = many(
      '{"id":"c","version":1,"participants_v2":[',
      maxEntries,
      (i) => `${comma(i)}{"id":"p${i}","identity":null}`,
      ']}\n',
    );
    const { code, counts, peakMebibytes } = await imported(people);
    expect([code, counts]).toMatchObject([0, { participants: maxEntries, newVersions: 1 }]);
    expect(peakMebibytes).toBeLessThan(most.largeLine);
  });

  it.runIf(isSoak)('with a line of a million segments, which is taken', async () => {
    const segments = many(
      '{"id":"c","version":1,"sessions":[{"id":"s","segments":[',
      1_000_000,
      (i) => `${comma(i)}{"id":"${i}"}`,
      ']}]}\n',
    );
    const { code, peakMebibytes } = await imported(segments);
    expect(code).toBe(0);
    expect(peakMebibytes).toBeLessThan(most.largeLine);
  });

  it.runIf(isSoak)('with a line of ten million values, which is refused', async () => {
    const { counts, stderr, peakMebibytes } = await imported(many('[1', 10_000_000, () => ',1', ']\n'));
    expect(counts).toMatchObject({ rejected: 1 });
    expect(stderr).toContain(`The line holds more than ${maxValues} values. Split it.`);
    expect(peakMebibytes).toBeLessThan(most.largeLine);
  });

  it.runIf(isSoak)('with a document of three million lines that does not end', async () => {
    const { counts, peakMebibytes } = await imported(many('{\n', 3_000_000, () => '\n', ''));
    expect(counts).toMatchObject({ rejected: 1 });
    expect(peakMebibytes).toBeLessThan(most.lines);
  });

  it.runIf(isSoak)('with a packed line of half a gibibyte', async () => {
    const line = Array<Buffer>(512).fill(megabyte);
    const { counts, stderr, peakMebibytes } = await imported(line, { isPacked: true });
    expect(counts).toMatchObject({ rejected: 1 });
    expect(stderr).toContain('The line is longer than 32 MiB (about 512)');
    expect(peakMebibytes).toBeLessThan(most.lines);
  });
});

it.each(['participants_v2', 'sessions'])(
  'a line lists a million %s at most',
  { timeout: longestMs },
  (list) => {
    const people = Array.from({ length: maxEntries + 1 }, (_, i) => `{"id":"${i}"}`);
    const refusal = (text: string) => {
      const contents = contentsOf(Buffer.from(text));
      return 'refused' in contents ? contents.refused.reason : undefined;
    };
    const call = (entries: readonly string[]) => `{"id":"x","version":1,"${list}":[${entries.join()}]}`;
    expect(refusal(call(people))).toMatch(/^A call lists more than 1000000 /);
  },
);
