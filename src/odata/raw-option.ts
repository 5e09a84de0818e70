import { peek, problemAt, type Reader, syntaxError } from './lexer.ts';
import { takeQuoted } from './literals.ts';
import { trimEnd } from '../trim-end.ts';

const opening = '([{';
const closing = ')]}';

/**
 * The text of a nested option whose own grammar is another's matter (`$compute`, `$apply`), up to the `;` or `)` that
 * ends it. Brackets in it come in pairs, and those in quotes do not count.
 *
 * @throws Fault `badQueryOption` when it is empty, or when a quote or bracket is not closed.
 */
export function takeRaw(reader: Reader): string {
  const start = reader.position;
  const open: string[] = [];
  for (let code = peek(reader); code >= 0; code = peek(reader)) {
    const character = String.fromCharCode(code);
    if (character === "'") {
      takeQuoted(reader);
      continue;
    }
    if (character === '"') {
      takeDoubleQuoted(reader);
      continue;
    }
    if (open.length === 0 && (character === ';' || character === ')')) break;
    if (opening.includes(character)) open.push(closing.charAt(opening.indexOf(character)));
    else if (closing.includes(character) && open.pop() !== character) throw syntaxError(reader);
    reader.position += 1;
  }
  const text = trimEnd(reader.text.slice(start, reader.position), ' \t');
  if (text === '' || open.length > 0) throw syntaxError(reader);
  return text;
}

/** A text in double quotes; a backslash keeps the character behind it from closing it. */
function takeDoubleQuoted(reader: Reader): void {
  const { text } = reader;
  let end = reader.position + 1;
  while (end < text.length && text.charCodeAt(end) !== 34) end += text.charCodeAt(end) === 92 ? 2 : 1;
  if (end >= text.length) throw problemAt(reader, 'There is an unterminated string literal', text.length);
  reader.position = end + 1;
}
