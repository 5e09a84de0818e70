/**
 * What stands between operators.
 *
 *     operand  = literal / array / object / "(" BWS commonExpr BWS ")" / case / cast / isof / call / path
 *     case     = "case(" when ":" then *( "," when ":" then ) ")"
 *     cast     = ( "cast(" / "isof(" ) [ commonExpr "," ] typeName ")"
 *     typeName = qualifiedName / "Collection(" qualifiedName ")"
 *     array    = "[" [ value *( "," value ) ] "]"
 *     object   = "{" [ string ":" value *( "," string ":" value ) ] "}"
 *     value    = string / commonExpr
 *     string   = as in JSON, between double quotes
 *
 * Blanks may stand around every punctuation mark.
 *
 * @see OData 4.01 ABNF, sections 4 and 5 (JSON format for queries)
 */
import { takeExpression } from './expression.ts';
import {
  expect,
  peek,
  problemAt,
  type Reader,
  skipBlanks,
  syntaxError,
  take,
  takeMatch,
  takeQualifiedName,
  takeSeparator,
} from './lexer.ts';
import { takeNumberOrDate, takePrefixed, takeQuoted, wordLiteral } from './literals.ts';
import { takePath } from './member-path.ts';
import type { Expression, NamedExpression } from './tree.ts';

export function takeOperand(reader: Reader): Expression {
  switch (peek(reader)) {
    case 39: // '
      return { kind: 'literal', type: 'string', text: takeQuoted(reader) };
    case 40: // (
      return takeParentheses(reader);
    case 91: // [
      return takeArray(reader);
    case 123: // {
      return takeObject(reader);
    case 36: // $
    case 64: // @
      return takePath(reader, '');
    case 45: // -
      if (take(reader, '-INF')) return { kind: 'literal', type: 'double', text: '-INF' };
  }
  const literal = takeNumberOrDate(reader);
  if (literal !== undefined) return literal;
  const start = reader.position;
  const name = takeQualifiedName(reader);
  if (name === '') throw syntaxError(reader);
  const next = peek(reader);
  if (next === 39) return takePrefixed(reader, name);
  if (next === 40) {
    switch (name.length === 4 ? name.toLowerCase() : '') {
      case 'case':
        return takeCase(reader);
      case 'cast':
        return takeTypeFunction(reader, 'cast');
      case 'isof':
        return takeTypeFunction(reader, 'isof');
    }
  }
  const word = wordLiteral(name);
  if (word !== undefined) return word;
  const path = takePath(reader, name);
  // A type alone is no value: it takes a member, or the parentheses of a function.
  if (name.includes('.') && reader.position === start + name.length) throw syntaxError(reader);
  return path;
}

function takeParentheses(reader: Reader): Expression {
  reader.position += 1;
  const expression = takeExpression(reader);
  skipBlanks(reader);
  expect(reader, ')');
  return expression;
}

function takeCase(reader: Reader): Expression {
  reader.position += 1;
  const branches: { when: Expression; then: Expression }[] = [];
  do {
    const when = takeExpression(reader);
    if (!takeSeparator(reader, ':')) throw syntaxError(reader);
    branches.push({ when, then: takeExpression(reader) });
  } while (takeSeparator(reader, ','));
  skipBlanks(reader);
  expect(reader, ')');
  return { kind: 'case', branches };
}

function takeTypeFunction(reader: Reader, kind: 'cast' | 'isof'): Expression {
  reader.position += 1;
  skipBlanks(reader);
  const start = reader.position;
  const only = takeTypeName(reader);
  if (only !== undefined && takeEnd(reader, ')')) {
    return { kind, type: only };
  }
  reader.position = start;
  const operand = takeExpression(reader);
  if (!takeSeparator(reader, ',')) throw syntaxError(reader);
  const type = takeTypeName(reader);
  if (type === undefined) throw syntaxError(reader);
  skipBlanks(reader);
  expect(reader, ')');
  return { kind, operand, type };
}

function takeTypeName(reader: Reader): string | undefined {
  const start = reader.position;
  const name = takeQualifiedName(reader);
  if (name === 'Collection' && take(reader, '(') && (takeQualifiedName(reader) === '' || !take(reader, ')')))
    return undefined;
  return name === '' ? undefined : reader.text.slice(start, reader.position);
}

function takeArray(reader: Reader): Expression {
  reader.position += 1;
  const items: Expression[] = [];
  if (!takeEnd(reader, ']')) {
    do items.push(takeValue(reader));
    while (takeSeparator(reader, ','));
    if (!takeEnd(reader, ']')) throw syntaxError(reader);
  }
  return { kind: 'array', items };
}

function takeObject(reader: Reader): Expression {
  reader.position += 1;
  const members: NamedExpression[] = [];
  if (!takeEnd(reader, '}')) {
    do {
      const name = takeJsonString(reader);
      if (name === undefined || !takeSeparator(reader, ':')) throw syntaxError(reader);
      members.push({ name, value: takeValue(reader) });
    } while (takeSeparator(reader, ','));
    if (!takeEnd(reader, '}')) throw syntaxError(reader);
  }
  return { kind: 'object', members };
}

function takeEnd(reader: Reader, bracket: ')' | ']' | '}'): boolean {
  skipBlanks(reader);
  return take(reader, bracket);
}

function takeValue(reader: Reader): Expression {
  const text = takeJsonString(reader);
  return text === undefined ? takeExpression(reader) : { kind: 'literal', type: 'string', text };
}

const jsonStringPattern = /"(?:[^"\\]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*"/y;
const escapePattern = /\\(?:u([\dA-Fa-f]{4})|(.))/g;
const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function takeJsonString(reader: Reader): string | undefined {
  skipBlanks(reader);
  if (peek(reader) !== 34) return undefined;
  const quoted = takeMatch(reader, jsonStringPattern);
  if (quoted === undefined) throw problemAt(reader, 'There is a malformed string', reader.position);
  return quoted
    .slice(1, -1)
    .replace(escapePattern, (_, hex: string | undefined, letter: string) =>
      hex === undefined ? (escapes[letter] ?? letter) : String.fromCharCode(Number.parseInt(hex, 16)),
    );
}
