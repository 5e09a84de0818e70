/** Folds text for searching: case, accents and character width do not count. */
import { percentDecoded } from '../../base/percent.ts';
import { trimEnd } from '../../base/trim-end.ts';

/** Letters whose accent Unicode decomposition does not separate. */
const plain: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ς: 'σ',
};
const oneWithAccent = new RegExp(`[${Object.keys(plain).join('')}]`, 'g');
/** Accents of the Latin, Greek and Cyrillic scripts; marks of other scripts are letters to their readers. */
const accents = /[\u0300-\u036f]/g;
/** Characters between words, including control characters. */
const spaces = /[\s\p{Cc}]+/gu;
const ascii = /^[\x20-\x7e]*$/;

/** Folds a text. Folding is idempotent. */
export function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase().trim().replace(/ {2,}/g, ' ');
  return (
    text
      .toWellFormed()
      // Again after lower-casing: a capital may have an accent that is part of its small letter.
      .normalize('NFKD')
      .toLowerCase()
      .normalize('NFKD')
      .replace(accents, '')
      .replace(oneWithAccent, (letter) => plain[letter]!)
      .normalize('NFC')
      .replace(spaces, ' ')
      .trim()
  );
}

export function digitsOf(text: string): string {
  return text.normalize('NFKC').replace(/[^0-9]/g, '');
}

/** Returns a meeting's URL for comparison: without what clients append, and percent-decoded. */
export function meetingUrl(url: string): string {
  const bare = url.trim().split(/[?#]/, 1)[0]!;
  return trimEnd(percentDecoded(bare).toLowerCase(), '/');
}
