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
/** By which a packed file is told from one that is not. */
const magicBytes = 4;
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
export async function* unpacked(
  stream: Readable,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const chunks = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator](); // a stream of bytes: no encoding is set
  const first: Buffer[] = [];
  let length = 0;
  while (length < magicBytes) {
    const next = await chunks.next();
    if (next.done === true) break;
    first.push(next.value);
    length += next.value.length;
  }
  async function* counted(): AsyncGenerator<Buffer> {
    for (const chunk of first) {
      onRead(chunk.length);
      yield chunk;
    }
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
      onRead(next.value.length);
      yield next.value;
    }
  }
  const magic = Buffer.concat(first).toString('hex', 0, magicBytes);
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
