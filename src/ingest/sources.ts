/** What `import` reads: files, folders, standard input; compressed or not. */
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';

export interface Source {
  /** How messages name it. */
  readonly name: string;
  /** Bytes to read, before unpacking; `undefined` for standard input. */
  readonly size: number | undefined;
  /** @param onRead Told how many bytes were read, before unpacking. */
  readonly open: (onRead: (bytes: number) => void) => AsyncIterable<Uint8Array>;
}

const named = /\.(json|jsonl|ndjson)(\.(gz|zst))?$/i;
const naturally = new Intl.Collator('en', { numeric: true });

/** @returns The files below the paths, those of a folder in natural order, and the paths that cannot be read. */
export async function findSources(
  paths: readonly string[],
  standardInput: Readable,
): Promise<{ sources: Source[]; missing: string[] }> {
  const sources: Source[] = [];
  const missing: string[] = [];
  for (const path of paths) {
    if (path === '-') {
      sources.push({
        name: '(standard input)',
        size: undefined,
        open: (onRead) => unpacked(standardInput, onRead),
      });
      continue;
    }
    try {
      const info = await stat(path);
      if (!info.isDirectory()) sources.push(fileSource(path, info.isFile() ? info.size : undefined));
      else {
        const names = (await readdir(path, { recursive: true })).filter((name) => named.test(name));
        for (const name of names.sort((a, b) => naturally.compare(a, b))) {
          const file = join(path, name);
          sources.push(fileSource(file, (await stat(file)).size));
        }
      }
    } catch {
      missing.push(path);
    }
  }
  return { sources, missing };
}

function fileSource(path: string, size: number | undefined): Source {
  return {
    name: path,
    size,
    open: (onRead) => unpacked(createReadStream(path, { highWaterMark: 2 ** 20 }), onRead),
  };
}

/** Unpacks by the first bytes, whatever the name says. */
async function* unpacked(stream: Readable, onRead: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const chunks = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator](); // a stream of bytes: no encoding is set
  const first = await chunks.next();
  if (first.done === true) return;
  async function* counted(): AsyncGenerator<Buffer> {
    for (let next = first; next.done !== true; next = await chunks.next()) {
      onRead(next.value.length);
      yield next.value;
    }
  }
  const magic = first.value.subarray(0, 4).toString('hex');
  const unpack = magic.startsWith('1f8b')
    ? createGunzip()
    : magic === '28b52ffd'
      ? createZstdDecompress()
      : undefined;
  if (unpack === undefined) yield* counted();
  else {
    const packed = Readable.from(counted());
    packed.on('error', (error) => unpack.destroy(error));
    yield* packed.pipe(unpack) as AsyncIterable<Buffer>;
  }
}
