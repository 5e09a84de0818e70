/**
 * Reads the text of one system query option from left to right. OData's words have no meaning of their own (`eq` may be
 * a property, `NOT` a search term), so there is no list of tokens: each parser takes what it expects where it stands.
 *
 *     RWS             = 1*( SP / HTAB )
 *     BWS             =  *( SP / HTAB )
 *     odataIdentifier = ( letter / "_" ) *127( letter / "_" / digit / mark )
 *     qualifiedName   = odataIdentifier *( "." odataIdentifier )
 *
 * @see OData 4.01 ABNF, sections 6 (Names and identifiers) and 9 (Punctuation)
 */
import { Fault } from '../faults.ts';

export type Target = '$filter' | '$orderby' | '$search' | '$select' | '$expand';

export interface Reader {
  readonly text: string;
  readonly target: Target;
  /** Where the next character stands, from 0. */
  position: number;
  /** Constructs that are open around it. */
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

/** @throws Fault `badQueryOption` unless `parse` takes the whole text, blanks around it aside. */
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

/** @param problem In words that `at position 3 in '…'` continues. */
export function problemAt(reader: Reader, problem: string, position: number): Fault {
  return refuse(reader, `${problem} at position ${position} in '${excerpt(reader.text, position)}'.`);
}

function refuse({ target }: Reader, message: string): Fault {
  return new Fault('badQueryOption', `${clause[target]}: ${message}`, { target });
}

/** The whole of a short text; of a long one what stands around the position. */
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

/** The next character's UTF-16 code; -1 at the end. */
export function peek({ text, position }: Reader): number {
  return position < text.length ? text.charCodeAt(position) : -1;
}

export function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** @returns Whether there was a blank. */
export function skipBlanks(reader: Reader): boolean {
  const start = reader.position;
  while (isBlank(peek(reader))) reader.position += 1;
  return reader.position > start;
}

/** Takes the text when it comes next, letter case and all. */
export function take(reader: Reader, text: string): boolean {
  if (!reader.text.startsWith(text, reader.position)) return false;
  reader.position += text.length;
  return true;
}

/** Takes the text, with blanks around it, when it comes next; takes nothing otherwise. */
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

export function expect(reader: Reader, text: string): void {
  if (!take(reader, text)) throw syntaxError(reader);
}

/** Takes what a sticky expression matches. */
export function takeMatch(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.position;
  if (!pattern.test(reader.text)) return undefined;
  const start = reader.position;
  reader.position = pattern.lastIndex;
  return reader.text.slice(start, reader.position);
}

/** @returns The name, or the empty text when none comes next. */
export function takeName(reader: Reader): string {
  const { text, position: start } = reader;
  let end = start;
  for (let length = nameCharacter(text, end); length > 0; length = nameCharacter(text, end)) {
    if (end === start && !startsName(text, start)) return '';
    end += length;
  }
  if (end - start > maxNameLength && Array.from(text.slice(start, end)).length > maxNameLength) {
    throw problemAt(reader, `A name is longer than ${maxNameLength} characters`, start);
  }
  reader.position = end;
  return text.slice(start, end);
}

/** A name, or names joined by dots; the empty text when none comes next. */
export function takeQualifiedName(reader: Reader): string {
  const start = reader.position;
  if (takeName(reader) === '') return '';
  while (peek(reader) === 46 && startsName(reader.text, reader.position + 1)) {
    reader.position += 1;
    takeName(reader);
  }
  return reader.text.slice(start, reader.position);
}

export function expectName(reader: Reader): string {
  const name = takeName(reader);
  if (name === '') throw syntaxError(reader);
  return name;
}

const leading = /^[\p{L}\p{Nl}]/u;
const following = /^[\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}\p{Cf}]/u;

function startsName(text: string, position: number): boolean {
  const code = text.charCodeAt(position);
  if (code < 128) return isAsciiLetter(code) || code === 95;
  const point = text.codePointAt(position);
  return point !== undefined && leading.test(String.fromCodePoint(point));
}

/** Whether the character at the position would lengthen a qualified name that ends before it. */
export function continuesName(text: string, position: number): boolean {
  return text.charCodeAt(position) === 46 || nameCharacter(text, position) > 0;
}

/** UTF-16 units of the name character at the position; 0 when there is none. */
function nameCharacter(text: string, position: number): number {
  const code = text.charCodeAt(position);
  if (code < 128) return isAsciiLetter(code) || isDigit(code) || code === 95 ? 1 : 0;
  const point = text.codePointAt(position);
  if (point === undefined || !following.test(String.fromCodePoint(point))) return 0;
  return point > 0xffff ? 2 : 1;
}

function isAsciiLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}
