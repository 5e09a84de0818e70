/**
 * Reads the text of one system query option from left to right. OData reserves no words (`eq` may be a property, `NOT`
 * a search term), so there is no list of tokens: each parser reads what it expects at its position.
 *
 * RWS = 1*( SP / HTAB )
 * BWS = *( SP / HTAB )
 * odataIdentifier = ( letter / "_" ) *127( letter / "_" / digit / mark )
 * qualifiedName = odataIdentifier *( "." odataIdentifier )
 *
 * @see OData 4.01 ABNF, sections 6 (Names and identifiers) and 9 (Punctuation)
 */
import { Fault } from '../../contract/faults.ts';

type Target = '$filter' | '$orderby' | '$search' | '$select' | '$expand';

export interface Reader {
  readonly text: string;
  readonly target: Target;
  /** Index of the next character, from 0. */
  position: number;
  /** Number of open constructs around the position. */
  depth: number;
}

const maxLength = 8192;
const maxDepth = 100;
const maxNameLength = 128;

const clause: Readonly<Record<Target, string>> = {
  $filter: 'Invalid filter clause',
  $orderby: 'Invalid orderby clause',
  $search: 'Invalid search clause',
  $select: 'Parsing OData Select and Expand failed',
  $expand: 'Parsing OData Select and Expand failed',
};

/** Parses a text. @throws Fault `badQueryOption` unless `parse` reads the whole text, except for blanks around it. */
export function parseWhole<T>(text: string, target: Target, parse: (reader: Reader) => T): T {
  const reader: Reader = { text, target, position: 0, depth: 0 };
  if (text.length > maxLength) throw refuse(reader, `The text is longer than ${maxLength} characters.`);
  const tree = parse(reader);
  skipBlanks(reader);
  if (reader.position < text.length) throw syntaxError(reader);
  return tree;
}

export function syntaxError(reader: Reader, position = reader.position): Fault {
  return problemAt(reader, 'Syntax error', position);
}

/** Returns the fault. @param problem The start of a sentence that ends in `at position 3 in '…'`. */
export function problemAt(reader: Pick<Reader, 'text' | 'target'>, problem: string, position: number): Fault {
  return refuse(reader, `${problem} at position ${position} in '${excerpt(reader.text, position)}'.`);
}

function refuse({ target }: Pick<Reader, 'target'>, message: string): Fault {
  return new Fault('badQueryOption', `${clause[target]}: ${message}`, { target });
}

/** Returns a short text whole, or the part of a long one around the position. */
function excerpt(text: string, position: number): string {
  if (text.length <= 256) return text;
  const start = Math.max(0, position - 100);
  const end = position + 100;
  return `${start > 0 ? '…' : ''}${text.slice(start, end)}${end < text.length ? '…' : ''}`;
}

/** Opens a construct that may hold others of its kind; `leave` closes it. */
export function enter(reader: Reader): void {
  reader.depth += 1;
  if (reader.depth > maxDepth) {
    throw problemAt(reader, `Recursion depth exceeds the allowed limit of ${maxDepth}`, reader.position);
  }
}

export function leave(reader: Reader): void {
  reader.depth -= 1;
}

/** Returns the next character's UTF-16 code; -1 at the end. */
export function peek({ text, position }: Reader): number {
  return position < text.length ? text.charCodeAt(position) : -1;
}

export function skipBlanks(reader: Reader): void {
  for (let code = peek(reader); code === 32 || code === 9; code = peek(reader)) reader.position += 1;
}

/** Reads the text if it comes next; the letter case must match. */
export function take(reader: Reader, text: string): boolean {
  if (!reader.text.startsWith(text, reader.position)) return false;
  reader.position += text.length;
  return true;
}

/** Reads the text, with blanks around it, if it comes next; otherwise does not move. */
export function takeSeparator(reader: Reader, text: string): boolean {
  const start = reader.position;
  skipBlanks(reader);
  if (!take(reader, text)) {
    reader.position = start;
    return false;
  }
  skipBlanks(reader);
  return true;
}

function expect(reader: Reader, text: string): void {
  if (!take(reader, text)) throw syntaxError(reader);
}

export function expectClosing(reader: Reader): void {
  skipBlanks(reader);
  expect(reader, ')');
}

export function takeMatch(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.position;
  if (!pattern.test(reader.text)) return undefined;
  const start = reader.position;
  reader.position = pattern.lastIndex;
  return reader.text.slice(start, reader.position);
}

const following = String.raw`\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}\p{Cf}`;
const name = String.raw`[\p{L}\p{Nl}_][${following}]*`;
const namePattern = new RegExp(name, 'uy');
const qualifiedNamePattern = new RegExp(String.raw`${name}(?:\.${name})*`, 'uy');
const continuingPattern = new RegExp(`[.${following}]`, 'uy');

/** Reads a name; returns the empty text when none comes next. */
export function takeName(reader: Reader): string {
  return checkLength(reader, takeMatch(reader, namePattern) ?? '');
}

/** Reads a name, or names joined by dots; returns the empty text when none comes next. */
export function takeQualifiedName(reader: Reader): string {
  return checkLength(reader, takeMatch(reader, qualifiedNamePattern) ?? '');
}

function checkLength(reader: Reader, taken: string): string {
  if (taken.length <= maxNameLength) return taken;
  let start = reader.position - taken.length;
  for (const part of taken.split('.')) {
    if (part.length > maxNameLength && Array.from(part).length > maxNameLength)
      throw problemAt(reader, `A name is longer than ${maxNameLength} characters`, start);
    start += part.length + 1;
  }
  return taken;
}

export function expectName(reader: Reader): string {
  const name = takeName(reader);
  if (name === '') throw syntaxError(reader);
  return name;
}

/** Reads `@Ns.Term#qualifier` or a parameter alias. @returns Whether one came next */
export function takeAnnotation(reader: Reader): boolean {
  if (!take(reader, '@')) return false;
  if (takeQualifiedName(reader) === '') throw syntaxError(reader);
  if (take(reader, '#')) expectName(reader);
  return true;
}

/** Returns whether the character at the position would continue a qualified name that ends before it. */
export function continuesName(text: string, position: number): boolean {
  continuingPattern.lastIndex = position;
  return continuingPattern.test(text);
}

const quoted = /'(?:[^']|'')*'(?!')/y;
/** An escaped character does not close the text. */
const doubleQuoted = /"(?:[^"\\]|\\.)*"/sy;

/** Reads a text in single quotes, from its opening quote. @returns Its content, unescaped */
export function takeQuoted(reader: Reader): string {
  return takeClosed(reader, quoted).slice(1, -1).replaceAll("''", "'");
}

function takeClosed(reader: Reader, pattern: RegExp): string {
  const taken = takeMatch(reader, pattern);
  if (taken === undefined)
    throw problemAt(reader, 'There is an unterminated string literal', reader.text.length);
  return taken;
}

/** Each opening bracket is followed by its closing one. */
const allBrackets = '()[]{}';

/**
 * Skips text up to one of `ends` outside quotes and brackets, or to the end of the text.
 *
 * @param quotes Characters that open a text in which brackets and ends do not count.
 * @throws Fault `badQueryOption` when a quote or bracket is not closed, or closes nothing.
 */
function skipTo(reader: Reader, ends: string, quotes = `'"`, brackets = allBrackets): void {
  const { text } = reader;
  const open: string[] = [];
  while (reader.position < text.length) {
    const character = text.charAt(reader.position);
    if (open.length === 0 && ends.includes(character)) return;
    if (quotes.includes(character)) {
      takeClosed(reader, character === "'" ? quoted : doubleQuoted);
      continue;
    }
    const bracket = brackets.indexOf(character);
    if (bracket >= 0 && bracket % 2 === 0) open.push(brackets.charAt(bracket + 1));
    else if (bracket >= 0 && open.pop() !== character) throw syntaxError(reader);
    reader.position += 1;
  }
  if (open.length > 0) throw syntaxError(reader);
}

/** Skips a value. In `$search`, an apostrophe may be part of a word, and quotes may enclose what was typed so far. */
export function skipOptionValue(reader: Reader, option: string, ends: string): void {
  skipBlanks(reader);
  const start = reader.position;
  if (option !== '$search') skipTo(reader, ends);
  else if (peek(reader) === 39) takeQuoted(reader);
  else skipTo(reader, ends, '"', '()');
  if (reader.position === start) throw syntaxError(reader);
}

/** Skips from the opening bracket that comes next to the matching closing one. */
export function skipBrackets(reader: Reader): void {
  const closing = allBrackets.charAt(allBrackets.indexOf(reader.text.charAt(reader.position)) + 1);
  reader.position += 1;
  skipTo(reader, closing);
  expect(reader, closing);
}
