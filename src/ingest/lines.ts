/** A stream of bytes to lines, in memory bounded by the longest line allowed. */

export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** Without its line end and without a byte order mark; empty when the line is too long to hold. */
  readonly bytes: Buffer;
  /** Length when the line is longer than allowed. */
  readonly tooLong: number | undefined;
  /** False for a last line that no line end follows. */
  readonly ended: boolean;
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

export async function* readLines(
  source: AsyncIterable<Uint8Array>,
  maxLineBytes: number,
): AsyncGenerator<Line> {
  let pieces: Buffer[] = [];
  let held = 0;
  let length = 0;
  let number = 0;
  const take = (piece: Buffer) => {
    length += piece.length;
    if (length > maxLineBytes) {
      pieces = [];
      held = 0;
    } else if (piece.length > 0) {
      pieces.push(piece);
      held += piece.length;
    }
  };
  const finish = (ended: boolean): Line => {
    number++;
    const tooLong = length > maxLineBytes ? length : undefined;
    let bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, held);
    if (number === 1 && bytes.subarray(0, 3).equals(byteOrderMark)) bytes = bytes.subarray(3);
    if (bytes.at(-1) === 0x0d) bytes = bytes.subarray(0, -1);
    pieces = [];
    held = 0;
    length = 0;
    return { number, bytes, tooLong, ended };
  };
  for await (const chunk of source) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
      take(bytes.subarray(start, end));
      yield finish(true);
      start = end + 1;
    }
    take(bytes.subarray(start));
  }
  if (length > 0) yield finish(false);
}
