/**
 * Plans `$filter` on the list of calls: converts the few forms that Graph documents to a span of starts and a
 * participant.
 *
 * A date alone is read as a time, as by the log functions and by the draft page of the list (beta, 2023).
 */
import { Fault } from '../../contract/faults.ts';
import type { StructuredType } from '../../contract/edm.ts';
import { type Expression, parseFilter } from '../odata/expression.ts';
import { problemAt } from '../odata/lexer.ts';
import type { Literal } from '../odata/literals.ts';
import { parseInstant } from '../../base/ticks.ts';

interface CallsFilter {
  /** First tick of the span. */
  readonly from: bigint;
  /** First tick after the span. */
  readonly before: bigint;
  readonly participantId: string | undefined;
}

/** A span that includes every tick. */
const wholeOfTime = { from: -(2n ** 62n), before: 2n ** 62n };

/** Plans a `$filter`. @throws Fault `badQueryOption`; `unsupportedOption` beyond what Graph documents */
export function planCallsFilter(text: string | undefined, type: StructuredType): CallsFilter {
  let { from, before } = wholeOfTime;
  let participantId: string | undefined;
  if (text === undefined) return { from, before, participantId };
  for (const clause of clausesOf(parseFilter(text))) {
    const participant = participantOf(clause);
    if (participant !== undefined) {
      if (participantId !== undefined && participantId !== participant)
        throw unsupported('A filter can name only one participant.');
      participantId = participant;
      continue;
    }
    const span = spanOf(clause, type, text);
    if (span.from > from) from = span.from;
    if (span.before < before) before = span.before;
  }
  return { from, before, participantId };
}

function clausesOf(expression: Expression): readonly Expression[] {
  return expression.kind === 'and' ? expression.clauses.flatMap((clause) => clausesOf(clause)) : [expression];
}

function spanOf(clause: Expression, type: StructuredType, text: string): { from: bigint; before: bigint } {
  if (clause.kind !== 'comparison') throw notDocumented(clause);
  const name = propertyName(clause.left);
  if (name === undefined) throw notDocumented(clause);
  if (name !== 'startDateTime') throw notFilterable(name, type);
  if (clause.right.kind !== 'literal') throw notDocumented(clause);
  const { ticks, isBeyond } = ticksOf(clause.right, clause.operator, text);
  // Starts are whole ticks (seven digits): a start at or after a time with more digits is after the tick before that
  // time.
  const next = ticks + 1n;
  switch (clause.operator) {
    case 'ge':
      return { ...wholeOfTime, from: isBeyond ? next : ticks };
    case 'gt':
      return { ...wholeOfTime, from: next };
    case 'le':
      return { ...wholeOfTime, before: next };
    case 'lt':
      return { ...wholeOfTime, before: isBeyond ? next : ticks };
    default:
      throw notDocumented(clause);
  }
}

/** Returns the id in `participants_v2/any(p:p/id eq 'id')`, for any variable name. */
function participantOf(clause: Expression): string | undefined {
  if (clause.kind !== 'path' || clause.any === undefined) return undefined;
  if (clause.names.join('/') !== 'participants_v2') return undefined;
  const { variable, predicate } = clause.any;
  if (predicate.kind !== 'comparison') throw notDocumented(clause);
  const { operator, left, right } = predicate;
  const isId = left.kind === 'path' && left.any === undefined && left.names.join('/') === `${variable}/id`;
  if (!isId || operator !== 'eq' || right.kind !== 'literal') throw notDocumented(clause);
  if (right.type !== 'Edm.String') throw incompatible('Edm.String', right, operator);
  return right.text;
}

function ticksOf(literal: Literal, operator: string, text: string): { ticks: bigint; isBeyond: boolean } {
  if (literal.type !== 'Edm.DateTimeOffset' && literal.type !== 'Edm.Date')
    throw incompatible('Edm.DateTimeOffset', literal, operator);
  const ticks = parseInstant(literal.text);
  if (ticks === undefined)
    throw problemAt(
      { text, target: '$filter' },
      `'${literal.text}' is not a valid date or time`,
      literal.position,
    );
  return { ticks, isBeyond: /\.\d{7}0*[1-9]/.test(literal.text) };
}

function propertyName(expression: Expression): string | undefined {
  return expression.kind === 'path' && expression.names.length === 1 && expression.any === undefined
    ? expression.names[0]
    : undefined;
}

function notFilterable(name: string, type: StructuredType): Fault {
  return type.properties.has(name)
    ? unsupported(`The property '${name}' cannot be used in the query option '$filter'.`)
    : new Fault(
        'badQueryOption',
        `Invalid filter clause: Could not find a property named '${name}' on type '${type.name}'.`,
        { target: '$filter' },
      );
}

function incompatible(wanted: string, found: Literal, operator: string): Fault {
  return new Fault(
    'badQueryOption',
    `A binary operator with incompatible types was detected. Found operand types '${wanted}' and '${found.type}' for the operator '${operator}'.`,
    { target: '$filter' },
  );
}

function notDocumented(clause: Expression): Fault {
  return unsupported(
    `The filter '${clause.source}' is not supported: this list can be filtered by startDateTime with lt, le, gt, ge, and by participants_v2/any(p:p/id eq 'id').`,
  );
}

function unsupported(message: string): Fault {
  return new Fault('unsupportedOption', message, { target: '$filter' });
}
