/** Finds parts of a text as a search does, and returns where they stand in the text as received. */
import { fold } from './fold.ts';

/** A range of a text, in UTF-16 units. */
export interface FoldedRange {
  readonly start: number;
  readonly length: number;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

interface Folded {
  readonly text: string;
  /** For each unit of the folded text, the start and the end in the original. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/**
 * Returns the ranges of a text in which folded parts occur, ordered and without overlaps. A range covers whole
 * characters: `ss` is found in `Strauß` as `ß`.
 *
 * @param parts Folded. One that does not occur adds no range.
 */
export function foldedRanges(text: string, parts: readonly string[]): readonly FoldedRange[] {
  const folded = foldedWithPlaces(text);
  const found = parts.flatMap((part) => {
    const at = part === '' ? -1 : folded.text.indexOf(part);
    if (at < 0) return [];
    return [{ start: folded.starts[at]!, end: folded.ends[at + part.length - 1]! }];
  });
  return joined(found);
}

/** Returns the range of digits in a text of other characters too, such as a phone number. */
export function digitRanges(text: string, parts: readonly string[]): readonly FoldedRange[] {
  const places = [...text.matchAll(/[0-9]/g)].map(({ index }) => index);
  const digits = places.map((place) => text[place]).join('');
  const part = parts.find((one) => one !== '' && digits.includes(one));
  if (part === undefined) return [];
  const at = digits.indexOf(part);
  return joined([{ start: places[at]!, end: places[at + part.length - 1]! + 1 }]);
}

function joined(ranges: readonly { readonly start: number; readonly end: number }[]): readonly FoldedRange[] {
  const merged: { start: number; end: number }[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last !== undefined && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else merged.push({ ...range });
  }
  return merged.map(({ start, end }) => ({ start, length: end - start }));
}

/** Folds each character by itself, so that its place is known; white space becomes one space, as in `fold`. */
function foldedWithPlaces(text: string): Folded {
  const starts: number[] = [];
  const ends: number[] = [];
  let folded = '';
  for (const { segment, index } of graphemes.segment(text)) {
    const own = fold(segment) || (folded === '' || folded.endsWith(' ') ? '' : ' ');
    folded += own;
    for (let i = 0; i < own.length; i++) {
      starts.push(index);
      ends.push(index + segment.length);
    }
  }
  return { text: folded, starts, ends };
}
