import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importSources } from '../../src/collect/ingest/import.ts';
import type { ImportProblem } from '../../src/collect/ingest/problems.ts';
import { sentenceOf } from '../../src/collect/ingest/refused.ts';
import type { Reject } from '../../src/collect/ingest/rejections.ts';
import { findSources } from '../../src/collect/ingest/sources.ts';
import { aRecord, participants } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const tenantId = '11111111-1111-4111-8111-111111111111';
let folder: string;
let server: TestServer;
let files = 0;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
  server = await startTestServer();
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** Imports one file of this content. */
async function importFile(
  content: string | Uint8Array,
  { name = `${files++}.jsonl`, maxLineBytes = 2 ** 20 } = {},
) {
  const path = join(folder, name);
  writeFileSync(path, content);
  return importPaths([path], maxLineBytes);
}

async function importPaths(paths: string[], maxLineBytes = 2 ** 20, stdin = Readable.from([])) {
  const { sources, missing } = await findSources(paths, stdin);
  expect(missing).toEqual([]);
  const rejects: Reject[] = [];
  const problems: ImportProblem[] = [];
  const counts = await importSources(sources, {
    tenantId,
    store: server.store,
    maxLineBytes,
    onReject: (reject) => void rejects.push(reject),
    onProblem: (problem) => void problems.push(problem),
    onRead: () => undefined,
  });
  const reasons = rejects.map((reject) => `${reject.line}: ${sentenceOf(reject)}`);
  return { ...counts, reasons, rejects, problems };
}

const roll = async (id: string) => {
  const response = await server.get(`/v1.0/communications/callRecords/${id}/participants_v2`, {
    accept: 'application/json;odata.metadata=none',
  });
  return ((await response.json()) as { value?: { id: string }[] }).value?.map(
    (participant) => participant.id,
  );
};
const line = (id: string, more = {}) =>
  JSON.stringify(aRecord(id, { participants_v2: participants(2), ...more }));

describe('bad lines are set aside one by one, and the rest goes in', () => {
  it.each<[string, string | Uint8Array, string[]]>([
    ['not JSON', 'not json', ["2: Not JSON: 'null' expected at byte 1."]],
    ['a number', '17', ['2: Expected a JSON object: a callRecord or a response.']],
    ['no id', '{"version":1}', ['2: A callRecord has no id.']],
    ['an empty id', '{"id":"","version":1}', ['2: A callRecord has no id.']],
    [
      'something else',
      '{"id":"x","name":"y"}',
      ['2: This is not a callRecord: it has neither a version nor a start nor a list of a call.'],
    ],
    [
      'invalid UTF-8',
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]),
      ['2: The line is not UTF-8. Save the file as UTF-8, or as UTF-16 with a byte order mark.'],
    ],
    [
      'too long',
      `{"id":"x","version":1,"y":"${'z'.repeat(2 ** 20)}"}`,
      ['2: The line is longer than 1 MiB (about 2): raise --max-line-mb to import it.'],
    ],
    [
      'an error response',
      '{"error":{"code":"NotFound","message":""}}',
      ['2: This is an error response, not a callRecord.'],
    ],
    [
      'a log row without its time',
      '{"@odata.type":"#microsoft.graph.callRecords.pstnCallLogRow","id":"x"}',
      ['2: A pstnCallLogRow has neither a startDateTime nor another date and time with a zone.'],
    ],
    [
      'a log row of several kinds',
      '{"userId":"x","userPrincipalName":"y"}',
      ['2: The row fits several logs: name its log with "@odata.type".'],
    ],
  ])('%s', async (_name, bad, reasons) => {
    const before = `bad-${files}-a`;
    const after = `bad-${files}-b`;
    const result = await importFile(
      Buffer.concat([
        Buffer.from(`${line(before)}\n`),
        Buffer.from(bad),
        Buffer.from(`\n\n${line(after)}\n`),
      ]),
    );
    expect(result).toMatchObject({ records: 2, newVersions: 2, rejected: 1, reasons });
    expect([await roll(before), await roll(after)]).toEqual([
      ['participant-0', 'participant-1'],
      ['participant-0', 'participant-1'],
    ]);
  });

  it('a last line cut short', async () => {
    expect((await importFile(`${line('cut-1')}\n${line('cut-2').slice(0, 200)}`)).reasons).toEqual([
      '2: The last line is truncated: The JSON text is truncated: it ends inside a value.',
    ]);
  });

  it('a packed file cut short', async () => {
    const whole = gzipSync(
      Array.from({ length: 500 }, (_, i) => `${line(`gz-${i}`, { joinWebUrl: String(i * 7919) })}\n`).join(
        '',
      ),
    );
    const { records, reasons } = await importFile(whole.subarray(0, whole.length >> 1), {
      name: 'cut.jsonl.gz',
    });
    expect(records).toBeGreaterThan(0);
    expect(reasons.at(-1)).toMatch(/^\d+: The file cannot be read to its end: it is truncated or damaged\.$/);
  });
});

describe('import takes what people have', () => {
  it('a byte order mark, CRLF, blank lines and no final line end', async () => {
    expect(await importFile(`\ufeff${line('bom')}\r\n\r\n   \r\n${line('crlf')}`)).toMatchObject({
      records: 2,
      rejected: 0,
    });
    expect(await roll('crlf')).toHaveLength(2);
  });

  it('pretty-printed records, arrays and list responses', async () => {
    const pretty = JSON.stringify(aRecord('pretty', { participants_v2: participants(3) }), null, 2);
    expect(await importFile(pretty, { name: 'pretty.json' })).toMatchObject({
      records: 1,
      participants: 3,
      rejected: 0,
    });
    expect(await roll('pretty')).toHaveLength(3);
    expect(
      await importFile(JSON.stringify([aRecord('in-array-1'), aRecord('in-array-2')], null, 1), {
        name: 'array.json',
      }),
    ).toMatchObject({ records: 2, rejected: 0 });
    expect(
      await importFile(JSON.stringify({ value: [aRecord('listed-1'), aRecord('listed-2')] }), {
        name: 'list.json',
      }),
    ).toMatchObject({ records: 2, rejected: 0 });
    expect((await server.get('/v1.0/communications/callRecords/listed-2')).status).toBe(200);
  });

  it('folders in natural order, .gz and .zst, and standard input', async () => {
    const inner = join(folder, 'folder', 'deep');
    mkdirSync(inner, { recursive: true });
    writeFileSync(join(inner, '10.jsonl.gz'), gzipSync(line('ten')));
    writeFileSync(join(inner, '9.jsonl.zst'), zstdCompressSync(Buffer.from(line('nine'))));
    writeFileSync(join(inner, 'notes.txt'), 'not for us');
    const { sources } = await findSources([join(folder, 'folder')], Readable.from([]));
    expect(sources.map(({ name }) => name)).toEqual([join(inner, '9.jsonl.zst'), join(inner, '10.jsonl.gz')]);
    expect(await importPaths([join(folder, 'folder')])).toMatchObject({ records: 2, rejected: 0 });
    expect(
      await importPaths(['-'], 2 ** 20, Readable.from([Buffer.from(gzipSync(line('piped')))])),
    ).toMatchObject({ records: 1 });
    expect((await findSources(['/does/not/exist'], Readable.from([]))).missing).toEqual(['/does/not/exist']);
  });

  it('pages of a call in any order, before the call itself or after', async () => {
    const people = participants(300);
    const page = (from: number, to: number, last: boolean) =>
      JSON.stringify({
        '@odata.context':
          "https://graph.microsoft.com/v1.0/$metadata#communications/callRecords('paged')/participants_v2",
        ...(last
          ? {}
          : {
              '@odata.nextLink':
                'https://graph.microsoft.com/v1.0/communications/callRecords/paged/participants_v2?$skiptoken=x',
            }),
        value: people.slice(from, to),
      });
    const content = [
      page(260, 300, true),
      page(0, 130, false),
      line('paged', { participants_v2: undefined }),
      page(130, 260, false),
    ].join('\n');
    expect(await importFile(content)).toMatchObject({ records: 1, participants: 300, rejected: 0 });
    const edition = await server.store.edition(tenantId, 'paged');
    expect([edition?.version, edition?.participants?.count, edition?.participants?.complete]).toEqual([
      1n,
      300,
      true,
    ]);
    const { value } = (await (
      await server.get('/v1.0/communications/callRecords/paged/participants_v2')
    ).json()) as { value: unknown[] };
    expect(value).toEqual(people.slice(0, 130));
    const again = await server.store.totals();
    await importFile(content);
    expect(await server.store.totals()).toEqual(again);
  });

  it('a page whose call is named by nothing is refused', async () => {
    expect((await importFile(JSON.stringify({ value: participants(1) }))).reasons).toEqual([
      '1: The page has no @odata.context, so its call is not known.',
    ]);
  });

  it('the same file twice changes nothing', async () => {
    const content = `${line('twice')}\n${line('twice', { version: 2 })}\n`;
    expect(await importFile(content)).toMatchObject({ newVersions: 2, unchanged: 0 });
    expect(await importFile(content)).toMatchObject({ newVersions: 0, unchanged: 2 });
  });
});
