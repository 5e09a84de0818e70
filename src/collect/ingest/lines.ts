/** Defines text units, each of which is imported or rejected as a whole. */

/** A line, or a value of a multi-line document. */
export interface Line {
  /** The number of its first line, counted from 1. */
  readonly number: number;
  /** The bytes without line end and byte order mark; empty when it is too long to hold. */
  readonly bytes: Buffer;
  /** Its length when it exceeds the limit. */
  readonly tooLong: number | undefined;
  /** True when a value that is too long spans several lines. */
  readonly isRecord?: boolean;
  /** False for a last line without a line end. */
  readonly ended: boolean;
  /** Set for a piece of a response that is too long to hold: `more` pieces follow, or this is the `end`. */
  readonly piece?: 'more' | 'end';
  /** The problem between values, where there is no text to read. */
  readonly problem?: string;
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Returns the line without leading byte order marks or separators (RFC 7464), and without a carriage return. */
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

export function linesIn(text: Buffer): number {
  let lines = 0;
  for (let at = text.indexOf(0x0a); at >= 0; at = text.indexOf(0x0a, at + 1)) lines++;
  return lines;
}

export function wholeLine(number: number, bytes: Buffer): Line {
  return { number, bytes, tooLong: undefined, ended: true };
}

/** Returns a line that reports a problem between values. */
export function noteAt(number: number, problem: string): Line {
  return { ...wholeLine(number, nothing), problem };
}

const nothing = Buffer.alloc(0);
