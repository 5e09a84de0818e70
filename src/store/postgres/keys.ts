/**
 * Ids as they stand in keys: bytes, since an id may be any text and PostgreSQL's text holds no NUL, and no more of them
 * than a B-tree takes. A GUID is 16 bytes instead of 36: ids are most of what the index of participants holds.
 */
import { createHash } from 'node:crypto';

const guidTag = 0;
const textTag = 1;
/** Longer ids stand in keys with their beginning and a digest: longer than any other key, so equal to none. */
export const longestPlainKey = 255;
const digestBytes = 32;

/** Key of an id. Keys order as the bytes of the ids do, but that GUIDs come first. */
export function keyOf(id: string): Buffer {
  return guidKeyOf(id) ?? Buffer.concat([Buffer.of(textTag), plainKeyOf(id)]);
}

const hyphens = [8, 13, 18, 23];
/** Where the two digits of each byte stand in a GUID. */
const digitPairs = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
/** By the code of a character: GUIDs in small letters alone are the same text again. */
const digits = Int8Array.from({ length: 128 }, (_, code) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(code)),
);

/** By hand: there are many of them, and a pattern and a hexadecimal text take five times as long. */
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

/** Key of an id where the order of the ids counts. */
export function plainKeyOf(id: string): Buffer {
  const bytes = Buffer.from(id);
  if (bytes.length <= longestPlainKey) return bytes;
  const digest = createHash('sha256').update(bytes).digest();
  return Buffer.concat([bytes.subarray(0, longestPlainKey + 1 - digestBytes), digest]);
}

/** The id whole where its key does not hold it, to be stored beside the key. */
export function longIdOf(id: string): Buffer | null {
  const bytes = id.length * 3 <= longestPlainKey ? undefined : Buffer.from(id);
  return bytes !== undefined && bytes.length > longestPlainKey ? bytes : null;
}

/** @param longId As `longIdOf` gave it. */
export function idOf(key: Uint8Array, longId: Uint8Array | null): string {
  if (longId !== null) return Buffer.from(longId).toString();
  const bytes = Buffer.from(key.buffer, key.byteOffset + 1, key.byteLength - 1);
  if (key[0] === textTag) return bytes.toString();
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** A key as text to be looked up by. */
export function keyName(key: unknown): string {
  const { buffer, byteOffset, byteLength } = key as Uint8Array; // as the server gives keys
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
}
