/** Lines of the page: no line is longer than a reader of the source can take in. */
const usualLength = 118;
const longestLine = 200;

/** Code as one piece; a piece that is too long for any line is divided at its blanks. */
const piece = /`[^`]*`\S*|\S+/g;

/**
 * Breaks a text into lines.
 *
 * @param lead What the first line begins with; the others are indented as far.
 */
export function wrapped(lead: string, text: string): string {
  const indent = ' '.repeat(lead.length);
  const lines: string[] = [];
  let line = lead;
  const pieces = [...text.matchAll(piece)]
    .map(([found]) => found)
    .flatMap((found) => (found.length + lead.length > longestLine ? found.split(' ') : [found]));
  for (const next of pieces) {
    if (line.trim() === lead.trim() || line === indent) line += next;
    else if (line.length + 1 + next.length <= usualLength) line += ` ${next}`;
    else {
      lines.push(line);
      line = indent + next;
    }
  }
  return [...lines, line].join('\n');
}
