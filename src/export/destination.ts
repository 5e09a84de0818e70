/** Where an export goes: a file that can be gone on with, or a stream that cannot. */
import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

/** Where an interrupted export stands. */
export interface Checkpoint {
  /** What was asked for, in full: another question does not go on with this file. */
  readonly asked: string;
  readonly bytes: number;
  readonly after: string | undefined;
  readonly writer: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly damagedCalls: readonly string[];
  readonly asOf: number;
  readonly beganDateTime: string;
}

export interface Destination {
  readonly bytes: number;
  write(bytes: Uint8Array): Promise<void>;
  /** On disk when it resolves; nothing where there is nothing to go on with. */
  checkpoint(at: Omit<Checkpoint, 'bytes'>): Promise<void>;
  /** @returns SHA-256 of all that was written, in hexadecimal */
  finish(): Promise<string>;
  /** Lets go of the file without an end: another run goes on with it. */
  abandon(): Promise<void>;
}

const checkpoints = z.object({
  asked: z.string(),
  bytes: z.number(),
  after: z.string().optional(),
  writer: z.string(),
  counts: z.record(z.string(), z.number()),
  damagedCalls: z.array(z.string()).default([]),
  asOf: z.number(),
  beganDateTime: z.string(),
});

/** The file that grows until the export is done. */
export const partOf = (path: string) => `${path}.part`;
const stateOf = (path: string) => `${path}.part.state`;
export const manifestOf = (path: string) => `${path}.manifest.json`;

/** @returns `undefined` when there is no export to go on with */
export async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  try {
    const read = checkpoints.safeParse(JSON.parse(await readFile(stateOf(path), 'utf8')));
    return read.success ? { ...read.data, after: read.data.after } : undefined;
  } catch {
    return undefined; // none, or cut short before the first was whole: the file begins anew
  }
}

/** @param from The checkpoint to go on from; what was written after it is written again. */
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

/** @param signal Ends the wait for a reader that reads nothing. */
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

/** Puts a text in place of a file's, whole or not at all. */
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

/** A name that was changed is on disk when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path)).catch(() => undefined); // not every system opens folders
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
