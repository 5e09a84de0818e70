/**
 * Writes a store as an earlier release did, with each kind of invalid layout: edits beyond their entity, names of enumerations
 * masked because they were written with escapes, and no seals.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const vectors = new URL('../vectors/stores/', import.meta.url);
const unpacked = (name: string) => gunzipSync(readFileSync(new URL(name, vectors)));

/** Returns the lines that were imported into it. */
export function earlierLines(): readonly string[] {
  return unpacked('earlier-layouts.jsonl.gz').toString().trimEnd().split('\n');
}

export function writeEarlierStore(path: string): void {
  writeFileSync(path, unpacked('earlier-layouts.db.gz'));
}
