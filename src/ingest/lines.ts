/** A stream of bytes to lines, in memory bounded by the longest line allowed. */
import { GrowingBytes } from './growing-bytes.ts';

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
const nothing = Buffer.alloc(0);

export async function* readLines(
  source: AsyncIterable<Uint8Array>,
  maxLineBytes: number,
): AsyncGenerator<Line> {
  /** The beginning of a line whose end is in a later chunk. */
  const begun = new GrowingBytes();
  let length = 0;
  let number = 0;
  const take = (piece: Buffer) => {
    length += piece.length;
    if (length > maxLineBytes) begun.clear();
    else begun.append(piece);
  };
  const finish = (last: Buffer, ended: boolean): Line => {
    number++;
    length += last.length;
    const tooLong = length > maxLineBytes ? length : undefined;
    let bytes: Buffer = nothing;
    if (tooLong === undefined) {
      if (begun.length === 0) bytes = last;
      else {
        begun.append(last);
        bytes = begun.take();
      }
    }
    begun.clear();
    length = 0;
    if (number === 1 && bytes.subarray(0, 3).equals(byteOrderMark)) bytes = bytes.subarray(3);
    if (bytes.at(-1) === 0x0d) bytes = bytes.subarray(0, -1);
    return { number, bytes, tooLong, ended };
  };
  for await (const chunk of source) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
      yield finish(bytes.subarray(start, end), true);
      start = end + 1;
    }
    take(bytes.subarray(start));
  }
  if (length > 0) yield finish(nothing, false);
}
