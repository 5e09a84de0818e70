/** Applies edits to text by copying the parts that stay; the text is never parsed. */
import { replacement } from './edit-rules.ts';

/** The replacement texts, by number. */
const replacements: Readonly<Record<number, Buffer>> = {
  [replacement.nothing]: Buffer.alloc(0),
  [replacement.unknownFutureValue]: Buffer.from('unknownFutureValue'),
  [replacement.quote]: Buffer.from('"'),
};

/** The kinds of edit a reader applies; edits of other kinds are skipped. */
export type EditKinds = readonly [nothing: boolean, unknownFutureValue: boolean, quote: boolean];

/** A buffer that grows as it is written to. */
export class Output {
  #bytes: Buffer;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  text(text: string): void {
    this.bytesOf(Buffer.from(text));
  }

  bytesOf(bytes: Buffer): void {
    this.slice(bytes, 0, bytes.length);
  }

  slice(source: Buffer, start: number, end: number): void {
    if (end <= start) return;
    this.#reserve(end - start);
    source.copy(this.#bytes, this.#length, start, end);
    this.#length += end - start;
  }

  /**
   * Copies `source` from `start` to `end` and applies the edits in this range. For a cut that begins before `start`, it
   * also omits the comma after the cut, so that the copy does not begin with a comma.
   */
  edited(
    source: Buffer,
    start: number,
    end: number,
    edits: ArrayLike<number>,
    from: number,
    to: number,
    kinds: EditKinds,
    inserts: readonly string[] = [],
  ): void {
    let at = start;
    for (let i = from; i < to; i += 3) {
      const editStart = edits[i]!;
      const editEnd = edits[i + 1]!;
      if (editEnd < start || (editEnd === start && editStart < start)) continue;
      if (editStart >= end) break;
      const kind = edits[i + 2]!;
      if (kind < replacement.insert && !kinds[kind]) continue;
      this.slice(source, at, editStart);
      this.bytesOf(replacements[kind] ?? Buffer.from(inserts[kind - replacement.insert]!));
      at = editStart < start && source[editEnd] === 0x2c ? editEnd + 1 : editEnd;
    }
    this.slice(source, at, end);
  }

  /** Removes everything after `length`. */
  rewind(length: number): void {
    this.#length = length;
  }

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
