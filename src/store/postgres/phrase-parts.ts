/** Converts phrases to numbers of their parts: a phrase that contains a text has all parts of the text. */
import { fnv, fnvStart } from '../hash64.ts';

const longest = 3;

/** Returns the parts of a stored phrase: every substring of one to three characters. */
export function partsOf(tenant: number, kind: number, text: string): readonly number[] {
  return [...partsWithin(tenant, kind, text, 1, longest)];
}

/** Returns the parts of a search text: its substrings of three characters, or the whole of a shorter text. */
export function partsWanted(tenant: number, kind: number, texts: readonly string[]): readonly number[] {
  const parts = new Set<number>();
  for (const text of texts) {
    const length = Math.min(longest, Array.from(text).length);
    for (const part of partsWithin(tenant, kind, text, length, length)) parts.add(part);
  }
  return [...parts];
}

/**
 * Returns the substrings of these lengths, hashed with their tenant and kind. Two may have the same number, so the text
 * itself is checked afterwards.
 */
function partsWithin(tenant: number, kind: number, text: string, fewest: number, most: number): Set<number> {
  const begun = fnv(fnvStart, `${tenant} ${kind} `);
  const parts = new Set<number>();
  const characters = Array.from(text);
  for (let i = 0; i < characters.length; i++) {
    let part = begun;
    for (let length = 1; length <= most && i + length <= characters.length; length++) {
      part = fnv(part, characters[i + length - 1]!);
      if (length >= fewest) parts.add(part);
    }
  }
  return parts;
}
