/** Counts differences between a text and the model; the scanner continues, and the text stays as it is. */
import type { Shape } from './shapes.ts';

type OddNote = 'wrongType' | 'loneSurrogate' | 'memberTwice';

/** Counts notes by kind. */
export class OddNotes {
  total = 0;
  readonly #counts = { wrongType: 0, loneSurrogate: 0, memberTwice: 0 };

  add(note: OddNote): void {
    this.total++;
    this.#counts[note]++;
  }

  /** Removes one note, where another kind of note replaces it. */
  forgive(note: OddNote): void {
    if (this.#counts[note] === 0) return;
    this.total--;
    this.#counts[note]--;
  }

  /** Returns the notes since the last call and clears them: each part of a call is counted separately. */
  take(): readonly (readonly [OddNote, number])[] {
    const taken = Object.entries(this.#counts).filter(([, count]) => count > 0) as [OddNote, number][]; // the keys of `OddNote`
    this.clear();
    return taken;
  }

  clear(): void {
    this.total = 0;
    this.#counts.wrongType = this.#counts.loneSurrogate = this.#counts.memberTwice = 0;
  }
}

const number = /^"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?"/;
/** The longest accepted text of a 64-bit or decimal number. */
const longestNumber = 400;
/** OData JSON Format 4.01, section 7.1. */
const notFinite = /^"(?:NaN|-?INF)"/;

/**
 * Returns the end of a string that is a wide number in quotes, as under `IEEE754Compatible=true`; `undefined` for any
 * other string.
 */
export function quotedNumberEnd(bytes: Buffer, start: number, { wide }: Shape): number | undefined {
  if (!wide) return undefined;
  const match = number.exec(bytes.toString('latin1', start, Math.min(bytes.length, start + longestNumber)));
  return match === null ? undefined : start + match[0].length;
}

/** Bytes of `"-INF"` with every letter escaped. */
const longestNotFinite = 2 + 4 * 6;
const escapedLetter = /\\u00([0-9a-f]{2})/gi;

/** Returns true for a string that stands for a number without digits in JSON. */
export function isNotFinite(bytes: Buffer, start: number): boolean {
  const text = bytes.toString('latin1', start, Math.min(bytes.length, start + longestNotFinite));
  return notFinite.test(
    text.replaceAll(escapedLetter, (_, code: string) => String.fromCharCode(parseInt(code, 16))),
  );
}

/**
 * Returns the text with bare numbers.
 *
 * @param quoted Pairs of the start and the end of numbers in quotes.
 */
export function unquoted(bytes: Buffer, start: number, end: number, quoted: readonly number[]): Buffer {
  const pieces: Buffer[] = [];
  let at = start;
  for (let i = 0; i < quoted.length; i += 2) {
    pieces.push(bytes.subarray(at, quoted[i]), bytes.subarray(quoted[i]! + 1, quoted[i + 1]! - 1));
    at = quoted[i + 1]!;
  }
  pieces.push(bytes.subarray(at, end));
  return Buffer.concat(pieces);
}
