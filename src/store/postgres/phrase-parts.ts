/** Parts of phrases as numbers: a phrase that holds a text has the parts of the text, whatever else it has. */
import { hashPair } from '../hash64.ts';

const longest = 3;

/** Of what is stored: every part of one to three characters. */
export function partsOf(tenant: number, kind: number, text: string): readonly number[] {
  const parts = new Set<number>();
  for (let length = 1; length <= longest; length++) addParts(parts, tenant, kind, text, length);
  return [...parts];
}

/** Of what is looked for: those of three characters, or the whole where it is shorter. */
export function partsWanted(tenant: number, kind: number, texts: readonly string[]): readonly number[] {
  const parts = new Set<number>();
  for (const text of texts) addParts(parts, tenant, kind, text, Math.min(longest, Array.from(text).length));
  return [...parts];
}

function addParts(parts: Set<number>, tenant: number, kind: number, text: string, length: number): void {
  const characters = Array.from(text);
  for (let i = 0; i + length <= characters.length; i++)
    parts.add(numberOf(`${tenant} ${kind} ${characters.slice(i, i + length).join('')}`));
}

/** Signed, as the column is. Two parts may share a number: the text itself is asked afterwards. */
function numberOf(part: string): number {
  return hashPair(part)[0] | 0;
}
