/** Represents an abandoned value: keeps the start of its text for display, and searches for the next value. */
import { GrowingBytes } from './growing-bytes.ts';
import { type Line, trimmedLine, wholeLine } from './lines.ts';

/** The maximum bytes of text kept. */
const shownBytes = 2 ** 16;

export interface Begun {
  readonly number: number;
  /** Bytes before it on its line. */
  readonly column: number;
  /** True when it was already reported as too long. */
  readonly isGiven?: boolean;
}

export class LostValue {
  readonly #begun: Begun;
  readonly #shown = new GrowingBytes();
  /** True while the line has only white space so far. */
  #isLeading: boolean;
  #lines = 0;

  constructor(begun: Begun, isLeading: boolean) {
    this.#begun = begun;
    this.#isLeading = isLeading;
  }

  get column(): number {
    return this.#begun.column;
  }

  /** Keeps text for display, up to the maximum. */
  show(text: Buffer): void {
    this.#shown.append(text.subarray(0, Math.max(0, shownBytes - this.#shown.length)));
  }

  /**
   * Searches for a line on which a value begins or the array ends at the same or a smaller indentation.
   *
   * @param isInside True when an array is open, which may end.
   * @returns The offset; `undefined` when this text has none.
   */
  find(
    bytes: Buffer,
    start: number,
    isInside: boolean,
    columnOf: (at: number) => number,
  ): number | undefined {
    for (let at = start; at < bytes.length; at++) {
      if (!this.#isLeading) {
        const end = bytes.indexOf(0x0a, at);
        if (end < 0) break;
        at = end;
        this.#lines++;
        this.#isLeading = true;
        continue;
      }
      const byte = bytes[at]!;
      if (byte === 0x0a) this.#lines++;
      if (byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a || byte === 0x2c) continue;
      this.#isLeading = false;
      if (columnOf(at) > this.column) continue;
      if (byte === 0x7b || byte === 0x5b || (byte === 0x5d && isInside)) {
        this.show(bytes.subarray(start, at));
        return at;
      }
    }
    this.show(bytes.subarray(start));
    return undefined;
  }

  /** Returns the number of lines passed since the last call. */
  takeLines(): number {
    const lines = this.#lines;
    this.#lines = 0;
    return lines;
  }

  /** Yields its line; nothing when it was already reported as too long. */
  *line(ended: boolean): Generator<Line> {
    const { number, isGiven = false } = this.#begun;
    if (!isGiven) yield { ...wholeLine(number, trimmedLine(this.#shown.take())), ended };
  }
}
