/** Writes an export to a file, which can be resumed, or to a stream, which cannot. */
import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

const checkpoints = z.object({
  /** The complete query: an export with another query does not resume this file. */
  asked: z.string(),
  bytes: z.number(),
  after: z.string().optional(),
  writer: z.string(),
  counts: z.record(z.string(), z.number()),
  damagedCalls: z.array(z.string()).default([]),
  asOf: z.number(),
  beganDateTime: z.string(),
});

/** The position of an interrupted export. */
export type Checkpoint = z.infer<typeof checkpoints>;

export interface Destination {
  readonly bytes: number;
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves when the position is on disk; does nothing for a stream. */
  checkpoint(at: Omit<Checkpoint, 'bytes'>): Promise<void>;
  /** Ends the export. @returns SHA-256 of all written bytes, in hexadecimal */
  finish(): Promise<string>;
  /** Closes the file without completing it, so that another run can resume it. */
  abandon(): Promise<void>;
}

/** Returns the path of the file that grows until the export is complete. */
export const partOf = (path: string) => `${path}.part`;
const stateOf = (path: string) => `${path}.part.state`;
export const manifestOf = (path: string) => `${path}.manifest.json`;

/** Reads the position. @returns `undefined` when there is no export to resume */
export async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  try {
    const read = checkpoints.safeParse(JSON.parse(await readFile(stateOf(path), 'utf8')));
    return read.data;
  } catch {
    return undefined; // absent, or truncated before the first one was complete: the file starts again
  }
}

/** Opens a file. @param from The position to resume from; bytes after it are overwritten. */
export async function fileDestination(path: string, from: Checkpoint | undefined): Promise<Destination> {
  const part = partOf(path);
  const hash = createHash('sha256');
  let bytes = 0;
  if (from !== undefined) {
    await truncate(part, from.bytes);
    await hashFile(part, hash);
    bytes = from.bytes;
  }
  const file = await open(part, from === undefined ? 'w' : 'a', 0o600);
  return {
    get bytes() {
      return bytes;
    },
    async write(more) {
      await writeAll(file, more);
      hash.update(more);
      bytes += more.length;
    },
    async checkpoint(at) {
      await file.sync();
      await replace(stateOf(path), JSON.stringify({ ...at, bytes }));
    },
    async finish() {
      await file.sync();
      await file.close();
      await rename(part, path);
      await rm(stateOf(path), { force: true });
      await syncFolder(path);
      return hash.digest('hex');
    },
    abandon: () => file.close(),
  };
}

/** Opens a stream. @param signal Ends the wait for a reader that does not read. */
export function streamDestination(stream: NodeJS.WritableStream, signal: AbortSignal): Destination {
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    async write(more) {
      hash.update(more);
      bytes += more.length;
      if (!stream.write(more)) await once(stream, 'drain', { signal });
    },
    checkpoint: () => Promise.resolve(),
    finish: () => Promise.resolve(hash.digest('hex')),
    abandon: () => Promise.resolve(),
  };
}

/** Replaces the content of a file atomically. */
export async function replace(path: string, text: string): Promise<void> {
  const next = `${path}.next`;
  await writeFile(next, text, { mode: 0o600, flush: true });
  await rename(next, path);
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
}

async function hashFile(path: string, hash: Hash): Promise<void> {
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
}

/** Flushes the folder: a rename is on disk only after that. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path)).catch(() => undefined); // some systems cannot open folders
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
