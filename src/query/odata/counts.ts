/**
 * Parses the options that have a single value.
 *
 * top = 1*DIGIT ; and skip
 * index = [ "-" ] 1*DIGIT
 * count = "true" / "false"
 *
 * @see OData 4.01 ABNF, section 2, rules `top`, `skip`, `index` and `inlinecount`
 */
import { Fault } from '../../contract/faults.ts';

/** Parses a whole number up to 2^53 - 1; only `$index` may have a sign. @throws Fault `badQueryOption` */
export function parseInteger(text: string, target: '$top' | '$skip' | '$index'): number {
  const isSigned = target === '$index';
  const value = (isSigned ? /^-?\d+$/ : /^\d+$/).test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  const kind = isSigned ? 'an integer' : 'a non-negative integer';
  throw badValue(text, target, `The ${target} query option requires ${kind} value.`);
}

/** Checks `$count`: `true` or `false` in any letter case. @throws Fault `badQueryOption` */
export function checkCount(text: string): void {
  if (!/^(?:true|false)$/i.test(text)) throw badValue(text, '$count', "Valid values are 'true, false'.");
}

function badValue(text: string, target: string, requirement: string): Fault {
  const shown = text.length <= 64 ? text : `${text.slice(0, 64)}…`;
  const message = `Invalid value '${shown}' for ${target} query option found. ${requirement}`;
  return new Fault('badQueryOption', message, { target });
}
