/**
 * Splits a response whose list exceeds the maximum line length: its elements are yielded in pieces, each a separate
 * response.
 */
import { GrowingBytes } from './growing-bytes.ts';
import { JsonWalk } from './json-walk.ts';

/** Bytes of elements per piece: each piece repeats the text before the list. */
const pieceBytes = 2 ** 20;
const mostBefore = 2 ** 20;
/** Matches the lists of Graph's responses: entities, and the responses of a batch. */
const namedBefore = /"(?:value|responses)"\s*:\s*$/;
const comma = Buffer.from(',');
const closing = Buffer.from(']}');

export class LongList {
  readonly column: number;
  /** The object up to the list's opening bracket. */
  readonly #before: Buffer;
  readonly #elements = new GrowingBytes();
  /** The line of the first element that was not yielded yet. */
  number = 0;

  /** Starts a list. @param column The column of the response on its line. */
  constructor(before: Buffer, column: number) {
    this.#before = before;
    this.column = column;
  }

  get isFull(): boolean {
    return this.#elements.length >= pieceBytes;
  }

  add(element: Buffer, number: number): void {
    if (this.#elements.length === 0) this.number = number;
    else this.#elements.append(comma);
    this.#elements.append(element);
  }

  /**
   * Returns the next piece. @param after The text from the list's closing bracket to the end of the object, when it has
   * been read.
   */
  take(after: Buffer = closing): Buffer {
    return Buffer.concat([this.#before, this.#elements.take(), after]);
  }
}

/**
 * Finds the long list of a response.
 *
 * @param text An object, or its beginning.
 * @returns The offset of the list's first element; `undefined` when the long list is not one of a response.
 */
export function longListAt(text: Buffer): number | undefined {
  if (text[0] !== 0x7b) return undefined;
  const walk = new JsonWalk();
  let pos = walk.feed(text, 0, text.length);
  walk.watchOpened();
  while (pos < text.length) {
    pos = walk.feed(text, pos, text.length);
    if (walk.event === 'begin' && text[pos - 1] === 0x5b) {
      const name = text.toString('latin1', Math.max(0, pos - 65), pos - 1);
      if (namedBefore.test(name)) return pos > mostBefore ? undefined : pos;
    } else if (walk.event !== 'begin' && walk.event !== 'end') return undefined;
  }
  return undefined;
}
