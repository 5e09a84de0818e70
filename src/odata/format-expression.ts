import { strengthOf } from './expression.ts';
import { formatNestedOptions } from './format-nested-options.ts';
import type { Argument, Expression, Literal, LiteralType, PathSegment, Unary } from './tree.ts';

/** Canonical text: lower-case operators, one blank around them, parentheses only where the tree needs them. */
export function formatExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return formatLiteral(expression);
    case 'enum':
      return `${expression.type}'${expression.text}'`;
    case 'and':
    case 'or': {
      const least = strengthOf(expression) + 1;
      return expression.operands.map((operand) => formatOperand(operand, least)).join(` ${expression.kind} `);
    }
    case 'binary': {
      const least = strengthOf(expression);
      const { left, operator, right } = expression;
      return `${formatOperand(left, least)} ${operator} ${formatOperand(right, least + 1)}`;
    }
    case 'not':
    case 'negate':
      return formatUnary(expression);
    case 'list':
      return `(${expression.items.map(formatExpression).join(',')})`;
    case 'array':
      return `[${expression.items.map(formatExpression).join(',')}]`;
    case 'object':
      return `{${expression.members.map(({ name, value }) => `${JSON.stringify(name)}:${formatExpression(value)}`).join(',')}}`;
    case 'call':
      return expression.name + formatArguments(expression.arguments);
    case 'case': {
      // Blanks around the colon, lest two digits on either side of it read as a time.
      const branches = expression.branches.map(
        ({ when, then }) => `${formatExpression(when)} : ${formatExpression(then)}`,
      );
      return `case(${branches.join(',')})`;
    }
    case 'cast':
    case 'isof': {
      const operand = expression.operand === undefined ? '' : `${formatExpression(expression.operand)},`;
      return `${expression.kind}(${operand}${expression.type})`;
    }
    case 'path':
      return expression.segments.map(formatSegment).join('');
  }
}

function formatOperand(operand: Expression, least: number): string {
  const text = formatExpression(operand);
  return strengthOf(operand) < least ? `(${text})` : text;
}

function formatUnary({ kind, operand }: Unary): string {
  const text = formatOperand(operand, 7);
  if (kind === 'not') return `not ${text}`;
  // A minus sign right before a number would be the number's.
  return /^(?:\d|INF)/.test(text) ? `-(${text})` : `-${text}`;
}

const prefixed: ReadonlySet<LiteralType> = new Set(['duration', 'binary', 'geography', 'geometry']);

function formatLiteral({ type, text }: Literal): string {
  if (type === 'string') return `'${text.replaceAll("'", "''")}'`;
  return prefixed.has(type) ? `${type}'${text}'` : text;
}

function formatArguments(list: readonly Argument[]): string {
  const parts = list.map(
    ({ name, value }) => (name === undefined ? '' : `${name}=`) + formatExpression(value),
  );
  return `(${parts.join(',')})`;
}

function formatSegment(segment: PathSegment, index: number): string {
  const slash = index === 0 ? '' : '/';
  switch (segment.kind) {
    case 'name':
      return slash + segment.name;
    case 'it':
    case 'this':
    case 'root':
      return `$${segment.kind}`;
    case 'alias':
      return `@${segment.name}`;
    case 'annotation':
      return `${slash}@${segment.name}${segment.qualifier === undefined ? '' : `#${segment.qualifier}`}`;
    case 'call':
      return slash + segment.name + formatArguments(segment.arguments);
    case 'key':
      return formatArguments(segment.arguments);
    case 'filter':
      return `/$filter(${formatExpression(segment.predicate)})`;
    case 'count':
      return `/$count${segment.options === undefined ? '' : formatNestedOptions(segment.options)}`;
    case 'any':
    case 'all': {
      const body =
        segment.lambda && `${segment.lambda.variable}:${formatExpression(segment.lambda.predicate)}`;
      return `/${segment.kind}(${body ?? ''})`;
    }
  }
}
