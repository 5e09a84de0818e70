/**
 * Which entries a list holds already, to the letter: pages overlap, and what is there is kept once
 * (docs/decisions/0033-repeated-entries.md). Of a million entries it keeps a checksum each, and reads only those that meet.
 */
import { hash } from 'node:crypto';

export class HeldEntries {
  /** By the checksum of the text: its place, or the places of several texts by their digests. */
  readonly #places = new Map<number, number | Map<string, number>>();
  readonly #textAt: (place: number) => Buffer;

  /** @param textAt Of an entry that is held. */
  constructor(textAt: (place: number) => Buffer) {
    this.#textAt = textAt;
  }

  /**
   * @param place Where the entry is to stand.
   * @returns Where it stands already; `undefined` when it does not.
   */
  add(check: number, place: number, text: () => Buffer): number | undefined {
    const key = check | 0; // V8 looks up others by a slower way
    const known = this.#places.get(key);
    if (known === undefined) {
      this.#places.set(key, place);
      return undefined;
    }
    let digests = known;
    if (typeof digests === 'number') {
      digests = new Map([[digestOf(this.#textAt(digests)), digests]]);
      this.#places.set(key, digests);
    }
    const digest = digestOf(text());
    const held = digests.get(digest);
    if (held === undefined) digests.set(digest, place);
    return held;
  }
}

function digestOf(text: Buffer): string {
  return hash('sha256', text, 'base64url');
}
