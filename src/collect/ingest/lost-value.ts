/** A value that was given up: the beginning of its text, to be shown, and the way to the next value. */
import { GrowingBytes } from './growing-bytes.ts';
import { type Line, trimmedLine, wholeLine } from './lines.ts';

/** Of its text, so much is kept. */
const shownBytes = 2 ** 16;

export interface Begun {
  readonly number: number;
  /** Bytes before it on its line. */
  readonly column: number;
  /** True when it was given as too long already. */
  readonly isGiven?: boolean;
}

export class LostValue {
  readonly #begun: Begun;
  readonly #shown = new GrowingBytes();
  /** True while only white space was met on the line. */
  #isLeading: boolean;
  #lines = 0;

  constructor(begun: Begun, isLeading: boolean) {
    this.#begun = begun;
    this.#isLeading = isLeading;
  }

  get column(): number {
    return this.#begun.column;
  }

  /** Keeps text of it, as much as is shown. */
  show(text: Buffer): void {
    this.#shown.append(text.subarray(0, Math.max(0, shownBytes - this.#shown.length)));
  }

  /**
   * Looks for a line on which a value begins, or the array ends, as far left as this one did.
   *
   * @param isInside Whether an array is open, which may end.
   * @returns Where it is; `undefined` when it is not in this text.
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

  /** Lines that were passed since it was last asked. */
  takeLines(): number {
    const lines = this.#lines;
    this.#lines = 0;
    return lines;
  }

  /** What is given of it; nothing when it was given as too long already. */
  *line(ended: boolean): Generator<Line> {
    const { number, isGiven = false } = this.#begun;
    if (!isGiven) yield { ...wholeLine(number, trimmedLine(this.#shown.take())), ended };
  }
}
