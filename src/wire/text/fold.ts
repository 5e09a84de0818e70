/** Text as it is looked for: case, accents and the width of characters do not count. */
import { trimEnd } from '../../base/trim-end.ts';

/** Letters that are one with their accent: no decomposition takes it off. */
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
/** Accents of the Latin, Greek and Cyrillic scripts; marks of others are letters to their readers. */
const accents = /[\u0300-\u036f]/g;
/** What parts words, control characters among it. */
const spaces = /[\s\p{Cc}]+/gu;
const ascii = /^[\x20-\x7e]*$/;

/** Folding twice is folding once. */
export function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase().trim().replace(/ {2,}/g, ' ');
  return (
    text
      .toWellFormed()
      // Once more after the case is gone: a capital may have an accent that its small letter is written with.
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

/** A meeting's URL as it is compared: without what clients add to it, however much of it is percent-encoded. */
export function meetingUrl(url: string): string {
  const bare = url.trim().split(/[?#]/, 1)[0]!;
  let plainText = bare;
  try {
    plainText = decodeURIComponent(bare);
  } catch {
    // A stray percent sign stands for itself.
  }
  return trimEnd(plainText.toLowerCase(), '/');
}
