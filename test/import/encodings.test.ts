import { Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { linesOf } from '../../src/collect/ingest/source-lines.ts';
import { unpacked } from '../../src/collect/ingest/sources.ts';

/** The texts, or the reason why there are none, of a source of these bytes. */
async function read(bytes: Uint8Array, chunk = 2 ** 20): Promise<string[]> {
  const all = Buffer.from(bytes);
  const pieces = Array.from({ length: Math.ceil(all.length / chunk) }, (_, i) =>
    all.subarray(i * chunk, (i + 1) * chunk),
  );
  const open = (onRead: (bytes: number) => void) => unpacked(Readable.from(pieces), onRead);
  const texts: string[] = [];
  for await (const line of linesOf({ name: 'x', size: undefined, open }, 2 ** 20, () => undefined))
    texts.push(line.unreadable ?? line.bytes.toString());
  return texts;
}
const encodings: Record<string, (text: string) => Buffer> = {
  'UTF-8 with a byte order mark': (text) => Buffer.from(`\ufeff${text}`),
  'UTF-16, little-endian': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'UTF-16, big-endian': (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
};

it.each(Object.entries(encodings))(
  '%s is read as UTF-8 is, packed or not, however it is cut',
  async (_, encode) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ name: fc.string({ unit: 'grapheme' }) }), { minLength: 1, maxLength: 5 }),
        fc.constantFrom(undefined, 1),
        fc.constantFrom((bytes: Buffer) => bytes, gzipSync, zstdCompressSync),
        fc.integer({ min: 1, max: 40 }),
        async (records, space, pack, chunk) => {
          const text = records.map((one) => JSON.stringify(one, null, space)).join('\r\n');
          // What cmdlets append begins with a mark of its own.
          const texts = await read(pack(encode(`${text}\r\n\ufeff{"last":true}`)), chunk);
          expect(texts.map((one) => JSON.parse(one) as unknown)).toEqual([...records, { last: true }]);
        },
      ),
    );
  },
);

it('half a surrogate pair of UTF-16 becomes its escape', async () => {
  const text = Buffer.from('\ufeff{"a":"\ud83d\ude00 \ud83d!","b":"\ude00"}', 'utf16le');
  for (const chunk of [1, 3, 4, 100])
    expect(await read(text, chunk)).toEqual(['{"a":"😀 \\ud83d!","b":"\\ude00"}']);
});

it('a byte order mark is taken wherever a document or a line begins', async () => {
  expect(
    await read(Buffer.from('\ufeff[\n\ufeff{"a":1},\ufeff{"a":2}]\n\ufeff\ufeff{"a":3}\n\ufeff{\n"a":4}')),
  ).toEqual(['{"a":1}', '{"a":2}', '{"a":3}', '{\n"a":4}']);
  expect(await read(Buffer.from('\u001e{"a":1}\n\u001e{"a":2}\n'))).toEqual(['{"a":1}', '{"a":2}']);
});

const text = '{"id":"x","version":1}\n';
it.each<[string, Buffer, RegExp]>([
  [
    'UTF-16 without a mark',
    Buffer.from(text, 'utf16le'),
    /UTF-16 \(little-endian\) without a byte order mark/,
  ],
  [
    'the other UTF-16',
    Buffer.from(text, 'utf16le').swap16(),
    /UTF-16 \(big-endian\) without a byte order mark/,
  ],
  ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]), /UTF-32/],
  ['UTF-32 without a mark', Buffer.from([0, 0, 0, 0x7b, 0, 0, 0, 0x7d]), /UTF-32/],
  ['zip', Buffer.from('PK\x03\x04\x14\0\0\0'), /zip archive.*Unpack it/],
  ['packed twice', gzipSync(gzipSync(text)), /compressed twice/],
  [
    'tar',
    gzipSync(Buffer.concat([Buffer.alloc(257, 'a'), Buffer.from('ustar\x0000'), Buffer.alloc(300)])),
    /tar/,
  ],
  ['bzip2', Buffer.from('BZh91AY'), /bzip2/],
  ['xz', Buffer.from('\xfd7zXZ\0', 'latin1'), /xz/],
  ['Parquet', Buffer.from('PAR1\x15'), /Parquet/],
  ['Avro', Buffer.from('Obj\x01\x04'), /Avro/],
  ['SQLite', Buffer.from('SQLite format 3\0'), /SQLite/],
])('a file that is %s is one rejection that names it', async (_, bytes, reason) => {
  for (const chunk of [1, 100]) {
    const texts = await read(bytes, chunk);
    expect(texts).toHaveLength(1);
    expect(texts[0]).toMatch(reason);
    expect(texts[0]).toMatch(/(Unpack|Decompress|Save|Export)/);
  }
});

it('a text cut short in a character of UTF-16 gives what was there before', async () => {
  const bytes = Buffer.from('\ufeff{"a":1}\n{"b":2', 'utf16le');
  expect(await read(bytes.subarray(0, -1))).toEqual([
    '{"a":1}',
    '{"b":',
    'The file ends in the middle of a UTF-16 character: it is truncated.',
  ]);
});
