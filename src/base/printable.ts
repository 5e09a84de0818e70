/** Escapes external text for a terminal or a log: it cannot move the cursor, hide text or begin a line. */

/**
 * Control characters (escape sequences begin with one), the line ends of Unicode, and what reverses or hides text.
 * U+200C and U+200D stay: names are spelled with them.
 */
const unprintable =
  /[\p{Cc}\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0001}\u{E0020}-\u{E007F}]/gu;

/**
 * Writes what does not print as JSON's escape of it, which a JSON text still means the same with.
 *
 * @returns One line
 */
export function printable(text: string): string {
  return text.replace(unprintable, escaped);
}

/** The same, with the line ends of a text of several lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** A value as a line of JSON that prints. */
export function printableJson(value: unknown): string {
  return printable(JSON.stringify(value));
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, i) => character.charCodeAt(i))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
}
