/** Imports for which several threads read. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { Tinypool } from 'tinypool';
import { afterAll, expect, it, onTestFinished, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { ImportThreads, threadsToImport } from '../../src/cli/import-threads.ts';
import { generateLines } from '../../src/generate/generate.ts';
import { generateLogRows } from '../../src/generate/log-rows.ts';
import { importSources, type Reject } from '../../src/ingest/import.ts';
import type { LineContents, LineReader } from '../../src/ingest/line-contents.ts';
import { findSources, type Source } from '../../src/ingest/sources.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { StoreError } from '../../src/store/store.ts';
import { oddLines } from '../support/filled-store.ts';
import { aParticipant, aRecord, participants } from '../support/records.ts';
import { storedRows } from '../support/stored-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
const tenantId = '11111111-1111-4111-8111-111111111111';
const options = { seed: 3, users: 40, largest: 200, days: 5, until: new Date('2026-11-01'), tenantId };
const maxLineBytes = 2 ** 20;

const lines: readonly Buffer[] = [
  ...generateLines({ ...options, calls: 60, sessions: true, media: true }),
  ...generateLogRows({ ...options, rows: 20 }),
  ...oddLines,
  ...[1, 2, 3].map((version) =>
    JSON.stringify(aRecord('often', { version, participants_v2: participants(version) })),
  ),
  `[${oddLines.join()}]`,
  `{"value":[${oddLines.slice(0, 3).join()},{"id":""},17]}`,
  JSON.stringify(aRecord('twice', { participants_v2: [aParticipant('one'), aParticipant('one')] })),
  ...['not json', '17', '', ' \t', '\ufeff{}', '{"id":"\\ud800","version":1}', '{"id":"x","version":"1"}'],
  oddLines[0]!.slice(0, 90),
  `{"id":"${'x'.repeat(2 ** 20)}"}`,
]
  .map((line) => Buffer.from(line))
  .concat(Buffer.from([0x7b, 0xff, 0xfe]));

let stores = 0;
/** What an import comes to: what it tells, and every row of the store and all that is found in it. */
async function imported(sources: readonly Source[], reader?: LineReader) {
  const path = join(folder, `${stores++}.db`);
  const rejects: Reject[] = [];
  const counts = await (async () => {
    await using store = openSqliteStore(path, {
      clock: { ...systemClock, now: () => new Date('2026-11-02') },
    });
    const told = await importSources(sources, {
      ...{ tenantId, store, maxLineBytes },
      ...(reader && { reader }),
      onReject: (reject) => void rejects.push(reject),
      onRead: () => undefined,
    });
    return { ...told, found: (await store.search.find(tenantId, {}, undefined, 1000)).calls };
  })();
  const shown = rejects.map(({ text, ...reject }) => ({ ...reject, text: text.toString('latin1') }));
  return { counts, rejects: shown, rows: storedRows(path) };
}

const textOf = (all: readonly Buffer[]) => Buffer.concat(all.flatMap((line) => [line, Buffer.from('\n')]));
const aSource = (content: Buffer): Source => ({
  ...{ name: 'lines', size: undefined },
  open: () => Readable.from([content]),
});

it('come to the same as when one thread reads, whatever the lines are', { timeout: 300_000 }, async () => {
  await using reader = new ImportThreads(2, 0);
  const picked = fc.array(fc.nat({ max: lines.length - 1 }), { maxLength: 150, size: 'max' });
  const files = fc.array(picked, { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(files, fc.boolean(), async (all, isEnded) => {
      const texts = all.map((file) => textOf(file.map((i) => lines[i]!)));
      const sources = texts.map((text) => aSource(isEnded ? text : text.subarray(0, -1)));
      expect(await imported(sources, reader)).toEqual(await imported(sources));
    }),
    { numRuns: 12 },
  );
});

it('take over from the thread that asks, and tell what is not taken in its order', async () => {
  const many = Array.from({ length: 6000 }, (_, i) =>
    i % 500 === 7 ? 'bad' : JSON.stringify(aRecord(`call-${i}`, { participants_v2: participants(3) })),
  );
  const packed = gzipSync(Buffer.from(many.join('\n')));
  const files = Object.entries({
    'a.jsonl.gz': packed,
    'b.jsonl.gz': packed.subarray(0, packed.length - 4000),
    'c.json': Buffer.from(`[\n${oddLines[0]},\n17]\n`),
    'd.json': Buffer.from('{\n"id":"x",\n'),
  });
  const paths = files.map(([name]) => join(folder, name));
  for (const [i, [, content]] of files.entries()) writeFileSync(paths[i]!, content);
  const { sources } = await findSources(paths, Readable.from([]));
  await using reader = new ImportThreads(3, 2 ** 21);
  expect(reader.width).toBe(1);
  const result = await imported(sources, reader);
  expect(reader.width).toBeGreaterThan(3);
  expect(result).toEqual(await imported(sources));
  expect(result.counts).toMatchObject({ newVersions: 5988 + 1, rejected: result.rejects.length });
  const brokenOff = result.rejects.filter(({ reason }) => reason.includes('cannot be read to its end'));
  expect(brokenOff.map(({ file }) => file)).toEqual([paths[1]]);
});

it('each read what they were given, also what arrives while they start', async () => {
  await using reader = new ImportThreads(2, 0);
  const both = [[lines[0]!, lines[1]!], [Buffer.from('17')]];
  const read = await Promise.all(both.map((some) => reader.read(some)));
  const told = (one: LineContents) => ('refused' in one ? one.refused : 'received');
  expect(read.map((some) => some.map(told))).toEqual([
    ['received', 'received'],
    [expect.stringContaining('object') as string],
  ]);
});

it('are as many as are needed: none for what is small', async () => {
  await using reader = new ImportThreads(2);
  const { counts } = await imported([aSource(textOf(lines))], reader);
  expect(counts.records).toBeGreaterThan(60);
  expect(reader.width).toBe(1);
});

it('take all cores and no more than four, and none where memory is short', () => {
  expect([1, 2, 3, 5, 64].map((cores) => threadsToImport(cores, true))).toEqual([0, 2, 3, 4, 4]);
  expect(threadsToImport(8, false)).toBe(0);
});

it('wait for what is stored, so that no more than some text is in memory', async () => {
  await using reader = new ImportThreads(4, 0);
  const widths = [];
  for (const mebibytes of [1, 8, 20]) {
    await reader.read([Buffer.from(' '.repeat(mebibytes * 2 ** 20))]);
    widths.push(reader.width);
  }
  expect(widths).toEqual([16, 4, 2]);
});

it('tell that one of them has no memory left, and the next step', async () => {
  const worker = new Worker('const all = []; for (;;) all.push([all.length]);', {
    eval: true,
    resourceLimits: { maxOldGenerationSizeMb: 8 },
  });
  const [error] = (await once(worker, 'error')) as [Error];
  const run = vi.spyOn(Tinypool.prototype, 'run').mockRejectedValue(error);
  onTestFinished(() => run.mockRestore());
  await using reader = new ImportThreads(1, 0);
  const asked = reader.read([Buffer.from('{}')]);
  await expect(asked).rejects.toThrow(StoreError);
  await expect(asked).rejects.toThrow('Give each more with NODE_OPTIONS=--max-old-space-size=');
});
