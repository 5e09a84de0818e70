/** Finds the end of a JSON value of any depth, without recursion. */

/** The part of a scanner that this uses. */
interface Walk {
  pos: number;
  peek(): number;
  string(): number;
  value(shape: undefined): boolean;
  unexpected(wanted: string): Error;
}

/**
 * Moves past the value at the position.
 *
 * @throws The result of `unexpected`, when it is not JSON
 */
export function skipValue(walk: Walk): void {
  /** Closing brackets of the open arrays and objects. */
  const closing: number[] = [];
  for (;;) {
    const byte = walk.peek();
    if (byte === 0x7b || byte === 0x5b) {
      const close = byte + 2; // the closing bracket of either
      walk.pos++;
      if (walk.peek() !== close) {
        closing.push(close);
        if (byte === 0x7b) skipName(walk);
        continue;
      }
      walk.pos++;
    } else walk.value(undefined);
    if (!leave(walk, closing)) return;
  }
}

/**
 * Leaves the arrays and objects that end here, and moves to the next value.
 *
 * @returns False when there is none.
 */
function leave(walk: Walk, closing: number[]): boolean {
  for (let close; (close = closing.at(-1)) !== undefined;) {
    const byte = walk.peek();
    if (byte !== close && byte !== 0x2c) throw walk.unexpected(`',' or '${String.fromCharCode(close)}'`);
    walk.pos++;
    if (byte === 0x2c) {
      if (close === 0x7d) skipName(walk);
      return true;
    }
    closing.pop();
  }
  return false;
}

function skipName(walk: Walk): void {
  if (walk.peek() !== 0x22) throw walk.unexpected('a member name');
  walk.string();
  if (walk.peek() !== 0x3a) throw walk.unexpected("':'");
  walk.pos++;
}
