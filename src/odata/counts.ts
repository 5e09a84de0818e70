/**
 * Options that are one value.
 *
 *     top   = 1*DIGIT        ; and skip
 *     index = [ "-" ] 1*DIGIT
 *     count = "true" / "false"
 *
 * @see OData 4.01 ABNF, section 2, rules `top`, `skip`, `index` and `inlinecount`
 */
import { Fault } from '../faults.ts';

/** `$top` and `$skip`. @throws Fault `badQueryOption` for anything but a whole number of at most 2^53 - 1. */
export function parseNonNegativeInteger(text: string, target: string): number {
  const value = toNonNegativeInteger(text);
  if (value === undefined)
    throw badValue(text, target, `The ${target} query option requires a non-negative integer value.`);
  return value;
}

/** `$index`, which may count from the end. @throws Fault `badQueryOption` for anything but a whole number. */
export function parseInteger(text: string, target: string): number {
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value))
    throw badValue(text, target, `The ${target} query option requires an integer value.`);
  // `-0` counts from the end as 0 does: there is one zero.
  return value === 0 ? 0 : value;
}

/** `$count`. @throws Fault `badQueryOption` for anything but `true` and `false`, whatever their letter case. */
export function parseBoolean(text: string, target: string): boolean {
  const value = text.toLowerCase();
  if (value !== 'true' && value !== 'false') throw badValue(text, target, "Valid values are 'true, false'.");
  return value === 'true';
}

export function toNonNegativeInteger(text: string): number | undefined {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

function badValue(text: string, target: string, requirement: string): Fault {
  const shown = text.length <= 64 ? text : `${text.slice(0, 64)}…`;
  return new Fault(
    'badQueryOption',
    `Invalid value '${shown}' for ${target} query option found. ${requirement}`,
    {
      target,
    },
  );
}
