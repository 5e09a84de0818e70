/** Parts of phrases as numbers: a phrase that holds a text has the parts of the text, whatever else it has. */
import { fnv, fnvStart } from '../hash64.ts';

const longest = 3;

/** Of what is stored: every part of one to three characters. */
export function partsOf(tenant: number, kind: number, text: string): readonly number[] {
  return [...partsWithin(tenant, kind, text, 1, longest)];
}

/** Of what is looked for: those of three characters, or the whole where it is shorter. */
export function partsWanted(tenant: number, kind: number, texts: readonly string[]): readonly number[] {
  const parts = new Set<number>();
  for (const text of texts) {
    const length = Math.min(longest, Array.from(text).length);
    for (const part of partsWithin(tenant, kind, text, length, length)) parts.add(part);
  }
  return [...parts];
}

/**
 * Parts of so many characters, hashed with their tenant and kind. Two may share a number: the text itself is asked
 * afterwards.
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
