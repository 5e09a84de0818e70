/**
 * Tracks which entries a list already holds with identical text: pages overlap, and a repeated entry is stored once
 * (docs/decisions/0033-repeated-entries.md). It keeps one checksum per entry, and compares texts only when checksums
 * are equal.
 */
import { hash } from 'node:crypto';

export class HeldEntries {
  /** By checksum of the text: its position, or the positions of several texts by digest. */
  readonly #places = new Map<number, number | Map<string, number>>();
  readonly #textAt: (place: number) => Buffer;

  /** Creates the index. @param textAt Returns the text of a held entry. */
  constructor(textAt: (place: number) => Buffer) {
    this.#textAt = textAt;
  }

  /**
   * Adds an entry.
   *
   * @param place The position for the entry.
   * @returns The position of an identical entry; `undefined` when there is none.
   */
  add(check: number, place: number, text: () => Buffer): number | undefined {
    const key = check | 0; // V8 looks up other keys more slowly
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
