/**
 * Parses `$filter` to a tree of the expressions that a resource offers: bounds of a property, lists of values and `any`,
 * joined by `and` and `or`. Any other valid expression becomes one node, `unoffered`, so that it is distinguished from a
 * syntax error.
 *
 *     expression = clause *( RWS ( "and" / "or" ) RWS clause )
 *     clause     = unary *( RWS operator RWS ( unary / list ) )
 *     unary      = *( "not" RWS / "-" BWS ) operand
 *     operand    = literal / "(" BWS expression BWS ")" / path / array / object
 *     path       = segment *( "/" segment ) [ "/" lambda ]
 *     lambda     = ( "any" / "all" ) "(" BWS [ odataIdentifier BWS ":" BWS expression ] BWS ")"
 *     segment    = qualifiedName *brackets / "@" qualifiedName [ "#" odataIdentifier ]
 *                / "$it" / "$this" / "$root" / "$count" [ brackets ] / "$filter" brackets
 *
 * In the brackets of an array, object, function, key or nested option, and of a list with anything but literals, the parser
 * checks only that quotes and brackets are paired. It accepts operators in any letter case, and a parenthesis in place of
 * the blank beside it. `and` binds tighter than `or`. docs/decisions/0028-recognized-not-offered.md gives the reasons.
 *
 * @see OData 4.01 ABNF, section 4 (Expressions)
 */
import {
  enter,
  expectClosing,
  expectName,
  leave,
  parseWhole,
  peek,
  type Reader,
  skipBlanks,
  skipBrackets,
  syntaxError,
  take,
  takeAnnotation,
  takeMatch,
  takeQualifiedName,
  takeQuoted,
  takeSeparator,
} from './lexer.ts';
import { type Literal, takeLiteral, wordLiteral } from './literals.ts';

export type Expression = Literal | Path | Comparison | Junction | List | Unoffered;

/** A path of names; the last may be followed by `any`. */
interface Path {
  readonly kind: 'path';
  readonly names: readonly string[];
  readonly any: { readonly variable: string; readonly predicate: Expression } | undefined;
  readonly source: string;
}

interface Comparison {
  readonly kind: 'comparison';
  /** The operator in lower case. */
  readonly operator: string;
  readonly left: Expression;
  readonly right: Expression;
  readonly source: string;
}

interface Junction {
  readonly kind: 'and' | 'or';
  readonly clauses: readonly Expression[];
  readonly source: string;
}

/** The list on the right side of `in`. */
interface List {
  readonly kind: 'list';
  readonly items: readonly Literal[];
  readonly source: string;
}

/** Valid OData, as far as it is parsed, that no resource offers. */
interface Unoffered {
  readonly kind: 'unoffered';
  readonly source: string;
}

const operators = /[ \t]*(?:eq|ne|gt|ge|lt|le|has|in|add|sub|mul|div|divby|mod)(?=[ \t(),]|$)[ \t]*/iy;
const junctions = /[ \t]*(?:and|or)(?=[ \t(),]|$)[ \t]*/iy;
const signs = /(?:(?:-(?!\d)|not(?=[ \t(]))[ \t]*)+/iy;

/** Parses a `$filter`. @throws Fault `badQueryOption` with the position of the problem */
export function parseFilter(text: string): Expression {
  return parseWhole(text, '$filter', takeExpression);
}

export function takeExpression(reader: Reader): Expression {
  enter(reader);
  skipBlanks(reader);
  const start = reader.position;
  const alternatives: Expression[] = [];
  let junction: string | undefined;
  do {
    const from = reader.position;
    const clauses: Expression[] = [];
    let source: string;
    do {
      clauses.push(takeClause(reader));
      source = sourceFrom(reader, from);
      junction = takeOperator(reader, junctions);
    } while (junction === 'and');
    alternatives.push(joined('and', clauses, source));
  } while (junction !== undefined);
  leave(reader);
  return joined('or', alternatives, sourceFrom(reader, start));
}

function joined(kind: Junction['kind'], clauses: readonly Expression[], source: string): Expression {
  return clauses.length === 1 ? clauses[0]! : { kind, clauses, source };
}

/** Parses a clause. A clause with more than one operator is not offered. */
function takeClause(reader: Reader): Expression {
  const start = reader.position;
  const left = takeUnary(reader);
  const operator = takeOperator(reader, operators);
  if (operator === undefined) return left;
  const right = takeRight(reader, operator);
  let another = takeOperator(reader, operators);
  if (another === undefined)
    return { kind: 'comparison', operator, left, right, source: sourceFrom(reader, start) };
  for (; another !== undefined; another = takeOperator(reader, operators)) takeRight(reader, another);
  return unoffered(reader, start);
}

function takeRight(reader: Reader, operator: string): Expression {
  if (operator !== 'in' || peek(reader) !== 40) return takeUnary(reader);
  const start = reader.position;
  const list = takeList(reader);
  if (list !== undefined) return list;
  reader.position = start;
  return takeBrackets(reader);
}

/** Parses a list of literals; `undefined` when the brackets hold anything else. */
function takeList(reader: Reader): List | undefined {
  const start = reader.position;
  const items: Literal[] = [];
  reader.position += 1;
  skipBlanks(reader);
  do {
    const item = takeLiteral(reader);
    if (item === undefined) return undefined;
    items.push(item);
  } while (takeSeparator(reader, ','));
  skipBlanks(reader);
  return take(reader, ')') ? { kind: 'list', items, source: sourceFrom(reader, start) } : undefined;
}

/** Parses an operator; `undefined`, without moving the reader, when none comes next. */
function takeOperator(reader: Reader, pattern: RegExp): string | undefined {
  const start = reader.position;
  const taken = takeMatch(reader, pattern);
  if (taken === undefined || /^[ \t]/.test(taken) || reader.text.charAt(start - 1) === ')')
    return taken?.trim().toLowerCase();
  reader.position = start;
  return undefined;
}

function takeUnary(reader: Reader): Expression {
  const start = reader.position;
  const isSigned = takeMatch(reader, signs) !== undefined;
  const operand = takeOperand(reader);
  return isSigned ? unoffered(reader, start) : operand;
}

function takeOperand(reader: Reader): Expression {
  const literal = takeLiteral(reader);
  if (literal !== undefined) return literal;
  switch (peek(reader)) {
    case 40: {
      reader.position += 1;
      const expression = takeExpression(reader);
      expectClosing(reader);
      return expression;
    }
    case 91: // [
    case 123: // {
      return takeBrackets(reader);
    default:
      return takePath(reader);
  }
}

function takeBrackets(reader: Reader): Unoffered {
  const start = reader.position;
  skipBrackets(reader);
  return unoffered(reader, start);
}

function takePath(reader: Reader): Expression {
  const start = reader.position;
  const names: string[] = [];
  let isPlain = true;
  for (let isFirst = true; ; isFirst = false) {
    const name = takeQualifiedName(reader);
    const next = peek(reader);
    if (name === '') {
      takeWord(reader, isFirst);
      isPlain = false;
    } else if (isFirst && next === 39) return takePrefixed(reader, name);
    else if (next !== 40) names.push(name);
    else if (isFirst || !/^(?:any|all)$/i.test(name)) {
      while (peek(reader) === 40) skipBrackets(reader);
      isPlain = false;
    } else {
      const lambda = takeLambda(reader);
      if (!isPlain || lambda === undefined || /^all$/i.test(name)) return unoffered(reader, start);
      return { kind: 'path', names, any: lambda, source: sourceFrom(reader, start) };
    }
    if (!take(reader, '/')) break;
  }
  if (!isPlain) return unoffered(reader, start);
  const word = names.length === 1 ? wordLiteral(names[0]!, start) : undefined;
  return word ?? { kind: 'path', names, any: undefined, source: sourceFrom(reader, start) };
}

const firstWords = /\$(?:it|this|root)/y;
const laterWords = /\$(?:count|filter)/y;

/** Parses a reserved word of OData, a parameter alias or an annotation. */
function takeWord(reader: Reader, isFirst: boolean): void {
  if (takeAnnotation(reader)) return;
  if (takeMatch(reader, isFirst ? firstWords : laterWords) === undefined) throw syntaxError(reader);
  while (peek(reader) === 40) skipBrackets(reader);
}

function takeLambda(reader: Reader): Path['any'] {
  reader.position += 1;
  skipBlanks(reader);
  if (take(reader, ')')) return undefined;
  const variable = expectName(reader);
  if (!takeSeparator(reader, ':')) throw syntaxError(reader);
  const predicate = takeExpression(reader);
  expectClosing(reader);
  return { variable, predicate };
}

const prefixed: ReadonlyMap<string, string> = new Map([
  ['duration', 'Edm.Duration'],
  ['binary', 'Edm.Binary'],
]);

/** Parses the text after `duration`, `binary`, `geography` or the name of an enumeration, from its opening quote. */
function takePrefixed(reader: Reader, prefix: string): Literal | Unoffered {
  const start = reader.position - prefix.length;
  const text = takeQuoted(reader);
  const type = prefixed.get(prefix.toLowerCase());
  if (type === undefined) return unoffered(reader, start);
  return { kind: 'literal', type, text, source: sourceFrom(reader, start), position: start };
}

function unoffered(reader: Reader, start: number): Unoffered {
  return { kind: 'unoffered', source: sourceFrom(reader, start) };
}

function sourceFrom({ text, position }: Reader, start: number): string {
  return text.slice(start, position);
}
