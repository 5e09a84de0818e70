/** Defines where hostile texts are inserted, and how long they may be at an entry point. */

type Around = (text: string) => string;
export const inside =
  (before: string, after = ''): Around =>
  (text) =>
    before + text + after;
export const plain: Around = (text) => text;
export const encoded: Around = (text) => encodeURIComponent(text.toWellFormed());
export const url = 8192;
export const header = 32_768;
export const now = () => new Date('2026-11-02T12:00:00Z');

/** Returns the text as it is between JSON quotes. */
export const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
/** Returns a JSON document with the text as values and as a name… */
export const jsonAround = (members: readonly string[]): Around[] => [
  plain,
  (text) => `{${members.map((name) => `"${name}":"${inJson(text)}"`).join()}}`,
  (text) => `{"${inJson(text)}":1}`,
];
/** …and one with many members, one with a repeated member, and a deep one. */
export const jsonMade = (member: string) => [
  (length: number) => `{${manyMembers(length, (i) => `"m${i}":""`)}}`,
  (length: number) => `{${manyMembers(length, () => `"${member}":""`)}}`,
  (length: number) => `{"${member}":[${manyMembers(length, () => '{}')}]}`,
  (length: number) => `{"${member}":${'['.repeat(length / 2)}${']'.repeat(length / 2)}}`,
  (length: number) => `{"${member}":${'['.repeat(length)}`,
  (length: number) => `${`{"${member}":`.repeat(length / 8)}1${'}'.repeat(length / 8)}`,
];
export const manyMembers = (length: number, member: (i: number) => string) =>
  Array.from({ length: Math.ceil(length / 12) }, (_, i) => member(i)).join();
