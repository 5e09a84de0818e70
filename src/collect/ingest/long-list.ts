/** A response whose list is longer than a line may be: its elements are given in pieces, each a response of its own. */
import { GrowingBytes } from './growing-bytes.ts';
import { JsonWalk } from './json-walk.ts';

/** Elements given together: each piece repeats what stands before the list. */
const pieceBytes = 2 ** 20;
const mostBefore = 2 ** 20;
/** What Graph's responses hold in lists: entities, and the responses of a batch. */
const namedBefore = /"(?:value|responses)"\s*:\s*$/;
const comma = Buffer.from(',');
const closing = Buffer.from(']}');

export class LongList {
  readonly column: number;
  /** The object up to the list's first bracket. */
  readonly #before: Buffer;
  readonly #elements = new GrowingBytes();
  #number = 0;

  /** @param column Of the response on its line. */
  constructor(before: Buffer, column: number) {
    this.#before = before;
    this.column = column;
  }

  /** Line of the first element that was not given yet. */
  get number(): number {
    return this.#number;
  }

  get isFull(): boolean {
    return this.#elements.length >= pieceBytes;
  }

  add(element: Buffer, number: number): void {
    if (this.#elements.length === 0) this.#number = number;
    else this.#elements.append(comma);
    this.#elements.append(element);
  }

  /** @param after From the list's last bracket to the end of the object, where it has been read. */
  take(after: Buffer = closing): Buffer {
    return Buffer.concat([this.#before, this.#elements.take(), after]);
  }
}

/**
 * @param text An object, or its beginning.
 * @returns Offset of the first element of the list that makes it long; `undefined` when that is no list of a response.
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
