/** Escapes external text for a terminal or a log: it cannot move the cursor, hide text or begin a line. */

/**
 * Control characters (escape sequences start with one), Unicode line ends, and characters that reverse or hide text.
 * U+200C and U+200D stay, because names are spelled with them.
 */
const unprintable =
  /[\p{Cc}\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0001}\u{E0020}-\u{E007F}]/gu;

/** Replaces unprintable characters by their JSON escapes, so that a JSON text keeps its meaning. @returns One line */
export function printable(text: string): string {
  return text.replace(unprintable, escaped);
}

/** Does the same but keeps line ends. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

export function printableJson(value: unknown): string {
  return printable(JSON.stringify(value));
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, i) => character.charCodeAt(i))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
}
