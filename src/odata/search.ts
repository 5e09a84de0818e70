/**
 * `$search`.
 *
 *     search     = BWS ( or / incomplete )
 *     or         = and *( RWS "OR" RWS and )
 *     and        = negation *( RWS [ "AND" RWS ] negation )
 *     negation   = "NOT" RWS negation / "(" BWS or BWS ")" / phrase / word
 *     phrase     = DQUOTE 1*( any character but DQUOTE ) DQUOTE
 *     word       = 1*( any character but blanks, parentheses, DQUOTE and ";"; not SQUOTE first )
 *     incomplete = SQUOTE *( SQUOTE SQUOTE / any other character ) SQUOTE
 *
 * `AND`, `OR` and `NOT` in capital letters are operators where they have operands, and words where not.
 *
 * @see OData 4.01 ABNF, section 2, rule `search`
 */
import {
  enter,
  expect,
  leave,
  parseWhole,
  peek,
  problemAt,
  type Reader,
  skipBlanks,
  syntaxError,
  takeMatch,
} from './lexer.ts';
import { takeQuoted } from './literals.ts';
import type { Search, SearchExpression } from './tree.ts';

/** @throws Fault `badQueryOption` with the position of what is not part of a search expression. */
export function parseSearch(text: string): Search {
  return parseWhole(text, '$search', (reader) => takeSearch(reader, wordPattern));
}

// The option's text comes decoded, so a semicolon in it was `%3B`; between options of an expand it ends the option.
const wordPattern = /[^ \t()"'][^ \t()"]*/y;
const nestedWordPattern = /[^ \t()"';][^ \t()";]*/y;

export function takeNestedSearch(reader: Reader): Search {
  return takeSearch(reader, nestedWordPattern);
}

function takeSearch(reader: Reader, word: RegExp): Search {
  skipBlanks(reader);
  if (peek(reader) === 39) return { kind: 'incomplete', text: takeQuoted(reader) };
  return takeOr(reader, word);
}

function takeOr(reader: Reader, word: RegExp): SearchExpression {
  enter(reader);
  const operands = [takeAnd(reader, word)];
  while (takeOperator(reader, orPattern)) operands.push(takeAnd(reader, word));
  leave(reader);
  return joined('or', operands);
}

function takeAnd(reader: Reader, word: RegExp): SearchExpression {
  const operands = [takeNegation(reader, word)];
  for (;;) {
    const start = reader.position;
    if (!takeOperator(reader, andPattern)) {
      if (isOperatorNext(reader, orPattern) || !skipBlanks(reader) || !startsTerm(reader, word)) {
        reader.position = start;
        return joined('and', operands);
      }
    }
    operands.push(takeNegation(reader, word));
  }
}

function joined(kind: 'and' | 'or', operands: readonly SearchExpression[]): SearchExpression {
  const [first, second] = operands;
  return first !== undefined && second === undefined ? first : { kind, operands };
}

function takeNegation(reader: Reader, word: RegExp): SearchExpression {
  if (takeOperator(reader, notPattern)) {
    enter(reader);
    const operand = takeNegation(reader, word);
    leave(reader);
    return { kind: 'not', operand };
  }
  if (peek(reader) === 40) {
    reader.position += 1;
    skipBlanks(reader);
    const expression = takeOr(reader, word);
    skipBlanks(reader);
    expect(reader, ')');
    return expression;
  }
  if (peek(reader) === 34) return { kind: 'term', text: takePhrase(reader) };
  const text = takeMatch(reader, word);
  if (text === undefined) throw syntaxError(reader);
  return { kind: 'term', text };
}

function takePhrase(reader: Reader): string {
  const start = reader.position + 1;
  const end = reader.text.indexOf('"', start);
  if (end < 0) throw problemAt(reader, 'There is an unterminated phrase', reader.text.length);
  if (end === start) throw syntaxError(reader, start);
  reader.position = end + 1;
  return reader.text.slice(start, end);
}

// An operator is one only when an operand follows, which cannot begin with what ends an expression.
const andPattern = /[ \t]+AND[ \t]+(?=[^ \t);'])/y;
const orPattern = /[ \t]+OR[ \t]+(?=[^ \t);'])/y;
const notPattern = /NOT[ \t]+(?=[^ \t);'])/y;

function takeOperator(reader: Reader, pattern: RegExp): boolean {
  return takeMatch(reader, pattern) !== undefined;
}

function isOperatorNext(reader: Reader, pattern: RegExp): boolean {
  pattern.lastIndex = reader.position;
  return pattern.test(reader.text);
}

function startsTerm(reader: Reader, word: RegExp): boolean {
  const next = peek(reader);
  return next === 34 || next === 40 || isOperatorNext(reader, word);
}

const strength = { or: 1, and: 2, not: 3, term: 4 } as const;

export function formatSearch(search: Search): string {
  switch (search.kind) {
    case 'incomplete':
      return `'${search.text.replaceAll("'", "''")}'`;
    case 'term':
      return /^(?!(?:AND|OR|NOT)$)[^ \t()"';][^ \t()";]*$/.test(search.text)
        ? search.text
        : `"${search.text}"`;
    case 'not':
      return `NOT ${formatOperand(search.operand, strength.not)}`;
    case 'and':
      return search.operands.map((operand) => formatOperand(operand, strength.and + 1)).join(' AND ');
    case 'or':
      return search.operands.map((operand) => formatOperand(operand, strength.or + 1)).join(' OR ');
  }
}

function formatOperand(operand: SearchExpression, least: number): string {
  const text = formatSearch(operand);
  return strength[operand.kind] < least ? `(${text})` : text;
}
