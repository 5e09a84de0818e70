/**
 * `$filter`: the common expression. Its operators, from the loosest to the tightest:
 *
 *     or         = and *( RWS "or" RWS and )
 *     and        = equality *( RWS "and" RWS equality )
 *     equality   = relational *( RWS ( "eq" / "ne" ) RWS relational )
 *     relational = additive *( RWS ( "gt" / "ge" / "lt" / "le" ) RWS additive )
 *     additive   = product *( RWS ( "add" / "sub" ) RWS product )
 *     product    = unary *( RWS ( "mul" / "div" / "divby" / "mod" ) RWS unary )
 *     unary      = "not" RWS unary / "-" BWS unary / primary
 *     primary    = operand *( RWS "has" RWS operand / RWS "in" RWS ( list / operand ) )
 *     list       = "(" BWS [ literal *( BWS "," BWS literal ) ] BWS ")"
 *
 * Operators are taken in any letter case, and a parenthesis stands for the blank beside it.
 *
 * Why by hand: docs/decisions/0005-hand-written-grammar.md.
 *
 * @see OData 4.01 ABNF, section 4 (Expressions), and URL Conventions, "Operator Precedence"
 */
import {
  enter,
  expect,
  isBlank,
  leave,
  parseWhole,
  peek,
  type Reader,
  skipBlanks,
  syntaxError,
  take,
  takeSeparator,
} from './lexer.ts';
import { startsNegativeLiteral } from './literals.ts';
import { takeOperand } from './operand.ts';
import type { BinaryOperator, EnumLiteral, Expression, List, Literal } from './tree.ts';

const strength: Readonly<Record<'and' | 'or' | BinaryOperator, number>> = {
  or: 1,
  and: 2,
  eq: 3,
  ne: 3,
  gt: 4,
  ge: 4,
  lt: 4,
  le: 4,
  add: 5,
  sub: 5,
  mul: 6,
  div: 6,
  divby: 6,
  mod: 6,
  has: 8,
  in: 8,
};

type Operator = keyof typeof strength;

const unaryStrength = 7;
const primaryStrength = 9;
const operators: ReadonlyMap<string, Operator> = new Map(
  // `keys` widens to string; the table has no others.
  (Object.keys(strength) as Operator[]).map((name) => [name, name]),
);
const longestOperator = 5;

/** How tightly an expression holds together; an operand that is looser than its operator needs parentheses. */
export function strengthOf(expression: Expression): number {
  const { kind } = expression;
  if (kind === 'and' || kind === 'or') return strength[kind];
  if (kind === 'binary') return strength[expression.operator];
  return kind === 'not' || kind === 'negate' ? unaryStrength : primaryStrength;
}

/** @throws Fault `badQueryOption` with the position of what is not part of an expression. */
export function parseFilter(text: string): Expression {
  return parseWhole(text, '$filter', takeExpression);
}

/** An expression and the blanks before it. */
export function takeExpression(reader: Reader): Expression {
  enter(reader);
  skipBlanks(reader);
  const expression = takeOperators(reader, 1);
  leave(reader);
  return expression;
}

/** An operand and every operator behind it that holds at least so tightly. */
function takeOperators(reader: Reader, least: number): Expression {
  let left = takeUnary(reader);
  let links = 0;
  for (;;) {
    const operator = takeOperator(reader, least);
    if (operator === undefined) break;
    if (operator === 'and' || operator === 'or') {
      left = takeLogical(reader, operator, left);
      continue;
    }
    const right = operator === 'in' ? takeMembers(reader) : takeOperators(reader, strength[operator] + 1);
    left = { kind: 'binary', operator, left, right };
    // `1 add 1 add 1` leans to the left, so every link makes the tree deeper.
    enter(reader);
    links += 1;
  }
  reader.depth -= links;
  return left;
}

/** From the second operand of `and` or `or` on: as long as it is the same operator, the operands are siblings. */
function takeLogical(reader: Reader, kind: 'and' | 'or', first: Expression): Expression {
  const operands = [first];
  do {
    operands.push(takeOperators(reader, strength[kind] + 1));
  } while (takeOperator(reader, strength[kind]) !== undefined);
  return { kind, operands };
}

function takeUnary(reader: Reader): Expression {
  const kind = takeSign(reader);
  if (kind === undefined) return takeOperand(reader);
  enter(reader);
  skipBlanks(reader);
  const operand = takeOperators(reader, unaryStrength);
  leave(reader);
  return { kind, operand };
}

function takeSign(reader: Reader): 'not' | 'negate' | undefined {
  const { text, position } = reader;
  const code = peek(reader);
  if (code === 45) {
    if (startsNegativeLiteral(reader)) return undefined;
    reader.position += 1;
    return 'negate';
  }
  if (code !== 110 && code !== 78) return undefined;
  const after = text.charCodeAt(position + 3);
  if (!(isBlank(after) || after === 40) || text.slice(position, position + 3).toLowerCase() !== 'not')
    return undefined;
  reader.position += 3;
  return 'not';
}

/** @returns `undefined`, and nothing taken, when no operator comes next or it holds less tightly. */
function takeOperator(reader: Reader, least: number): Operator | undefined {
  const { text, position: start } = reader;
  let begin = start;
  while (isBlank(text.charCodeAt(begin))) begin += 1;
  let end = begin;
  while (isLetter(text.charCodeAt(end)) && end - begin <= longestOperator) end += 1;
  if (end - begin < 2 || end - begin > longestOperator) return undefined;
  const word = text.slice(begin, end);
  const operator = operators.get(word) ?? operators.get(word.toLowerCase());
  if (operator === undefined || strength[operator] < least) return undefined;
  if (begin === start && text.charCodeAt(start - 1) !== 41) return undefined;
  if (end < text.length && !' \t(),'.includes(text.charAt(end))) return undefined;
  reader.position = end;
  skipBlanks(reader);
  return operator;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

/** The right side of `in`. One literal in parentheses is a list of one; any other expression there is itself. */
function takeMembers(reader: Reader): Expression {
  if (!take(reader, '(')) return takeOperand(reader);
  skipBlanks(reader);
  if (take(reader, ')')) return { kind: 'list', items: [] };
  const first = takeExpression(reader);
  if (first.kind === 'literal' || first.kind === 'enum') return takeList(reader, first);
  skipBlanks(reader);
  expect(reader, ')');
  return first;
}

function takeList(reader: Reader, first: Literal | EnumLiteral): List {
  const items = [first];
  while (takeSeparator(reader, ',')) {
    const start = reader.position;
    const item = takeOperand(reader);
    if (item.kind !== 'literal' && item.kind !== 'enum') throw syntaxError(reader, start);
    items.push(item);
  }
  skipBlanks(reader);
  expect(reader, ')');
  return { kind: 'list', items };
}
