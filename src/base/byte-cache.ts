/** Provides a cache bounded by the bytes of its keys and values, so that clients cannot make it grow further. */
import { LRUCache } from 'lru-cache';

export type ByteCache<V extends object | number, K extends string | number = string> = LRUCache<K, V>;

interface ByteCacheOptions<V> {
  /** Maximum bytes of all entries; the least recently used are evicted. A larger entry is not stored. */
  readonly maxBytes: number;
  /** Bytes of a value without its key; 0 when absent. */
  readonly bytesOf?: (value: V) => number;
}

/** Overhead of an entry in bytes: its place in the cache and a small object. */
const entryBytes = 256;

export function createByteCache<V extends object | number, K extends string | number = string>({
  maxBytes,
  bytesOf,
}: ByteCacheOptions<V>): ByteCache<V, K> {
  return new LRUCache<K, V>({
    maxSize: maxBytes,
    sizeCalculation: (value, key) =>
      entryBytes + (typeof key === 'string' ? textBytes(key) : 0) + (bytesOf?.(value) ?? 0),
  });
}

/** Returns an upper bound of a text's bytes: V8 stores a character in one or two bytes. */
export function textBytes(text: string): number {
  return 2 * text.length;
}

export function sumOfTextBytes(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + textBytes(text), 0);
}
