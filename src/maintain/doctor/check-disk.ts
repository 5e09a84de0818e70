/** Checks that the disk of a SQLite store has free space. */
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { attention, type Finding, well, wrong } from './finding.ts';

const tight = { bytes: 5e9, share: 0.1 };
const full = { bytes: 2e8 };

export async function checkDisk(path: string, room: typeof statfs = statfs): Promise<readonly Finding[]> {
  const { bavail, blocks, bsize } = await room(dirname(path));
  const free = bavail * bsize;
  const says = `${(free / 1e9).toFixed(1)} GB are free on the disk of the store, ${Math.round((bavail / blocks) * 100)} %.`;
  const remedy =
    'Free some space, delete old calls (rollcall retention --keep-days), or move the store (rollcall store copy).';
  if (free < full.bytes) return [wrong('disk', says, remedy)];
  if (free < tight.bytes && bavail / blocks < tight.share) return [attention('disk', says, remedy)];
  return [well('disk', says)];
}
