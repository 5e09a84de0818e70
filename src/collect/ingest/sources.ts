/** Finds and opens what `import` reads: files, folders and standard input, compressed or not. */
import { createReadStream, type Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';

export interface Source {
  /** The name in messages. */
  readonly name: string;
  /** Bytes to read, before decompression; `undefined` for standard input. */
  readonly size: number | undefined;
  /** The modification time of a file. */
  readonly timeMs?: number;
  /** Opens the source. @param onRead Called with the number of bytes read, before decompression. */
  readonly open: (onRead: (bytes: number) => void) => AsyncIterable<Uint8Array>;
}

const named = /\.(json|jsonl|ndjson)(\.(gz|zst))?$/i;
/** The number of first bytes that identify a compressed file. */
const magicBytes = 4;
const naturally = new Intl.Collator('en', { numeric: true });

/** Files of a folder that are skipped because of their names. */
export interface PassedOver {
  readonly folder: string;
  readonly count: number;
  /** The first of them, relative to the folder. */
  readonly names: readonly string[];
}

interface FoundSources {
  readonly sources: readonly Source[];
  /** Paths that cannot be read. */
  readonly missing: readonly string[];
  readonly passedOver: readonly PassedOver[];
  /** Folders without files to read. */
  readonly empty: readonly string[];
}

const shownNames = 5;
/** Files that operating systems and `rollcall export` add. */
const ofNoUser = /^(?:\..*|thumbs\.db|desktop\.ini)$/i;
const manifestEnding = '.manifest.json';

/** Finds the files under the paths, those of a folder in natural order. */
export async function findSources(paths: readonly string[], standardInput: Readable): Promise<FoundSources> {
  const sources: Source[] = [];
  const missing: string[] = [];
  const passedOver: PassedOver[] = [];
  const empty: string[] = [];
  for (const path of paths) {
    if (path === '-') {
      const open = (onRead: (bytes: number) => void) => unpacked(standardInput, onRead);
      sources.push({ name: '(standard input)', size: undefined, open });
      continue;
    }
    try {
      const info = await stat(path);
      if (!info.isDirectory()) sources.push(fileSource(path, info));
      else {
        const { read, others } = await filesIn(path);
        sources.push(...read);
        if (read.length === 0) empty.push(path);
        if (others.length > 0)
          passedOver.push({ folder: path, count: others.length, names: others.slice(0, shownNames) });
      }
    } catch {
      missing.push(path);
    }
  }
  return { sources, missing, passedOver, empty };
}

async function filesIn(folder: string): Promise<{ read: Source[]; others: string[] }> {
  const read: Source[] = [];
  const others: string[] = [];
  const names = await readdir(folder, { recursive: true });
  const all = new Set(names);
  for (const name of names.sort((a, b) => naturally.compare(a, b))) {
    const file = join(folder, name);
    if (ofNoUser.test(basename(name))) continue;
    // The manifest of an export describes the file next to it.
    if (name.endsWith(manifestEnding) && all.has(name.slice(0, -manifestEnding.length))) continue;
    const info = await stat(file);
    if (info.isDirectory()) continue;
    if (named.test(name)) read.push(fileSource(file, info));
    else others.push(name);
  }
  return { read, others };
}

function fileSource(path: string, info: Stats): Source {
  return {
    name: path,
    size: info.isFile() ? info.size : undefined,
    timeMs: info.mtimeMs,
    open: (onRead) => unpacked(createReadStream(path, { highWaterMark: 2 ** 20 }), onRead),
  };
}

/** Decompresses by the first bytes, regardless of the name. */
export async function* unpacked(
  stream: Readable,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const chunks = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator](); // a byte stream, because no encoding is set
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
