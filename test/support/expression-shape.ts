import type { Expression, PathSegment } from '../../src/odata/tree.ts';

/** A tree as text in which every operator has its parentheses and every leaf its kind. */
export function shape(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return `${expression.type}:${expression.text}`;
    case 'enum':
      return `enum ${expression.type}:${expression.text}`;
    case 'and':
    case 'or':
      return `(${expression.kind} ${expression.operands.map(shape).join(' ')})`;
    case 'binary':
      return `(${expression.operator} ${shape(expression.left)} ${shape(expression.right)})`;
    case 'not':
    case 'negate':
      return `(${expression.kind} ${shape(expression.operand)})`;
    case 'list':
    case 'array':
      return `(${[expression.kind, ...expression.items.map(shape)].join(' ')})`;
    case 'object':
      return `(object ${expression.members.map(({ name, value }) => `${name}=${shape(value)}`).join(' ')})`;
    case 'case':
      return `(case ${expression.branches.map(({ when, then }) => `${shape(when)}:${shape(then)}`).join(' ')})`;
    case 'cast':
    case 'isof':
      return `(${expression.kind} ${expression.operand ? `${shape(expression.operand)} ` : ''}${expression.type})`;
    case 'call':
      return segmentShape(expression);
    case 'path':
      return expression.segments.map(segmentShape).join('/');
  }
}

function segmentShape(segment: PathSegment): string {
  switch (segment.kind) {
    case 'name':
      return segment.name;
    case 'it':
    case 'this':
    case 'root':
      return `<${segment.kind}>`;
    case 'alias':
      return `<alias ${segment.name}>`;
    case 'annotation':
      return `<annotation ${segment.name}${segment.qualifier === undefined ? '' : ` ${segment.qualifier}`}>`;
    case 'call':
    case 'key': {
      const values = segment.arguments.map(({ name, value }) => (name ? `${name}=` : '') + shape(value));
      return `<${[segment.kind === 'key' ? 'key' : segment.name, ...values].join(' ')}>`;
    }
    case 'filter':
      return `<filter ${shape(segment.predicate)}>`;
    case 'count':
      return `<count${segment.options?.filter ? ` ${shape(segment.options.filter)}` : ''}>`;
    case 'any':
    case 'all':
      return `<${segment.kind}${segment.lambda ? ` ${segment.lambda.variable}: ${shape(segment.lambda.predicate)}` : ''}>`;
  }
}
