/** A command on several lines, as a shell takes it when they are pasted. */

/** @param width Of a line, as far as options and their values can be parted. */
export function commandLines(command: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of command.split(/ (?=--?[a-zA-Z]|https?:|\| |&& |> )/)) {
    // Two for what goes on.
    if (line !== '' && line.length + 1 + piece.length + 2 > width) {
      lines.push(`${line} \\`);
      line = `  ${piece}`;
    } else line = line === '' ? piece : `${line} ${piece}`;
  }
  return [...lines, line];
}
