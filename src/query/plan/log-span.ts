/** Plans the arguments of a log function: a time range. */
import { Fault } from '../../contract/faults.ts';
import { parseInstant } from '../../base/ticks.ts';
import type { FunctionCall } from './target.ts';

interface LogSpan {
  readonly from: bigint;
  readonly before: bigint;
}

const ticksPerDay = 864_000_000_000n;

/**
 * Returns the range. A date alone is read as a time, as in every example of the documentation.
 *
 * @param alias Returns the value of a parameter alias, such as `@from`: an argument may be one.
 * @throws Fault `badQueryOption` for parameters that are missing, unknown, repeated or no time; `rangeTooLong` beyond
 *   the function's limit of days (406, as seen in pull request #10883 of microsoftgraph/microsoft-graph-docs)
 */
export function planLogSpan(call: FunctionCall, alias: (name: string) => string | undefined): LogSpan {
  const { parameters, maxDays, upperBound } = call.function;
  const known = new Set(parameters.map(({ name }) => name));
  for (const [i, { name }] of call.args.entries()) {
    if (!known.has(name)) throw badArguments(`The function has no parameter '${name}'.`);
    if (call.args.findIndex((other) => other.name === name) !== i)
      throw badArguments(`The parameter '${name}' is given twice.`);
  }
  const [from, to] = parameters.map(({ name }) => timeOf(call, name, alias)) as [bigint, bigint]; // every log function has two
  if (to < from) throw badArguments('The range ends before it begins.');
  if (to - from > BigInt(maxDays) * ticksPerDay)
    throw new Fault('rangeTooLong', `The range is longer than ${maxDays} days.`);
  return { from, before: upperBound === 'inclusive' ? to + 1n : to };
}

function timeOf(
  { args, text }: FunctionCall,
  name: string,
  alias: (name: string) => string | undefined,
): bigint {
  const argument = args.find((one) => one.name === name);
  if (argument === undefined) throw badArguments(`The parameter '${name}' is missing.`);
  const inside = text.slice(text.indexOf('(') + 1, -1);
  const start = new RegExp(`(?:^|,)\\s*${name}\\s*=\\s*`).exec(inside);
  const position = start === null ? 0 : start.index + start[0].length;
  // The message is Graph's (issue #285 of microsoftgraph/msgraph-sdk-python).
  if (argument.text === '') throw badArguments(`Expression expected at position ${position} in '${inside}'.`);
  const value = argument.text.startsWith('@') ? alias(argument.text) : argument.text;
  if (value === undefined) throw badArguments(`The parameter alias '${argument.text}' has no value.`);
  const ticks = parseInstant(value);
  if (ticks === undefined)
    throw badArguments(
      `The parameter '${name}' is not a date, nor a date and time with a zone, at position ${position} in '${inside}'.`,
    );
  return ticks;
}

function badArguments(message: string): Fault {
  return new Fault('badQueryOption', message);
}
