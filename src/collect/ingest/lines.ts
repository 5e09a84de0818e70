/** Text units: what is read and taken, or rejected, as one. */

/** A line, or a value of a document over many lines. */
export interface Line {
  /** Of the line at which it begins, counted from 1. */
  readonly number: number;
  /** Without its line end and without a byte order mark; empty when it is too long to hold. */
  readonly bytes: Buffer;
  /** Length when it is longer than allowed. */
  readonly tooLong: number | undefined;
  /** True when what is too long goes on over several lines. */
  readonly isRecord?: boolean;
  /** False for a last line that no line end follows. */
  readonly ended: boolean;
  /** Set for a piece of a response that is too long to be held: `more` pieces follow, or this is its `end`. */
  readonly piece?: 'more' | 'end';
  /** What is wrong between values: there is no text to read. */
  readonly problem?: string;
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Without what stands before a text (a byte order mark, the separator of RFC 7464) and without a carriage return. */
export function trimmedLine(line: Buffer): Buffer {
  let bytes = line;
  const first = bytes[0];
  if (first === 0x1e) bytes = bytes.subarray(1);
  if (bytes[0] === 0xef) while (bytes.subarray(0, 3).equals(byteOrderMark)) bytes = bytes.subarray(3);
  return bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes;
}

export function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09);
}

/** Line ends in a text. */
export function linesIn(text: Buffer): number {
  let lines = 0;
  for (let at = text.indexOf(0x0a); at >= 0; at = text.indexOf(0x0a, at + 1)) lines++;
  return lines;
}

export function wholeLine(number: number, bytes: Buffer): Line {
  return { number, bytes, tooLong: undefined, ended: true };
}

/** Something that is wrong between values. */
export function noteAt(number: number, problem: string): Line {
  return { ...wholeLine(number, nothing), problem };
}

const nothing = Buffer.alloc(0);
