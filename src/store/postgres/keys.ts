/**
 * Converts ids to keys: bytes, because an id may hold NUL and PostgreSQL's text may not, and limited to the size that a
 * B-tree accepts. A GUID takes 16 bytes instead of 36, because ids are most of the index of participants.
 */
import { createHash } from 'node:crypto';

const guidTag = 0;
const textTag = 1;
/** A longer id has a key of its beginning and a digest: longer than any other key, so equal to none. */
export const longestPlainKey = 255;
const digestBytes = 32;

/** Returns the key of an id. Keys have the order of the ids' bytes, except that GUIDs come first. */
export function keyOf(id: string): Buffer {
  return guidKeyOf(id) ?? Buffer.concat([Buffer.of(textTag), plainKeyOf(id)]);
}

const hyphens = [8, 13, 18, 23];
/** Offsets of the two digits of each byte in a GUID. */
const digitPairs = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
/** Values by character code: only lower-case GUIDs convert back to the same text. */
const digits = Int8Array.from({ length: 128 }, (_, code) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(code)),
);

/**
 * Parses a GUID by hand, because there are many; a regular expression and a hexadecimal conversion take five times as
 * long.
 */
function guidKeyOf(id: string): Buffer | undefined {
  if (id.length !== 36) return undefined;
  for (const at of hyphens) if (id.charCodeAt(at) !== 0x2d) return undefined;
  const key = Buffer.allocUnsafe(17);
  key[0] = guidTag;
  for (let i = 0; i < digitPairs.length; i++) {
    const at = digitPairs[i]!;
    const high = digits[id.charCodeAt(at)] ?? -1;
    const low = digits[id.charCodeAt(at + 1)] ?? -1;
    if (high < 0 || low < 0) return undefined;
    key[i + 1] = high * 16 + low;
  }
  return key;
}

/** Returns the key of an id where the order of the ids matters. */
export function plainKeyOf(id: string): Buffer {
  const bytes = Buffer.from(id);
  if (bytes.length <= longestPlainKey) return bytes;
  const digest = createHash('sha256').update(bytes).digest();
  return Buffer.concat([bytes.subarray(0, longestPlainKey + 1 - digestBytes), digest]);
}

/** Returns the whole id if its key does not contain it, to be stored beside the key. */
export function longIdOf(id: string): Buffer | null {
  const bytes = id.length * 3 <= longestPlainKey ? undefined : Buffer.from(id);
  return bytes !== undefined && bytes.length > longestPlainKey ? bytes : null;
}

/**
 * Returns the id of a key.
 *
 * @param longId As `longIdOf` returned it.
 */
export function idOf(key: Uint8Array, longId: Uint8Array | null): string {
  if (longId !== null) return Buffer.from(longId).toString();
  const bytes = Buffer.from(key.buffer, key.byteOffset + 1, key.byteLength - 1);
  if (key[0] === textTag) return bytes.toString();
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Returns a key as text, for a Map. */
export function keyName(key: unknown): string {
  const { buffer, byteOffset, byteLength } = key as Uint8Array; // the server returns keys in this form
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
}
