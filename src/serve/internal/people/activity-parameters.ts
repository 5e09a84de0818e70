/** Parses the parameters of a person's and a number's activity. */
import { parseInstant } from '../../../base/ticks.ts';
import { Fault, type FaultDetail } from '../../../contract/faults.ts';
import { ownParameters } from '../../../query/odata/query-options.ts';

export interface ActivityQuery {
  readonly from: bigint;
  readonly before: bigint;
  /** Calls per page. */
  readonly size: number;
  readonly skipToken: string | undefined;
}

export const usualSize = 50;
export const largestSize = 200;
export const usualDays = 30;
const ticksPerDay = 864_000_000_000n;

/** Parses a query. @throws Fault `badQueryOption` with a detail for each invalid parameter: `target` is its name */
export function parseActivityQuery(query: string, now: bigint): ActivityQuery {
  const parameters = ownParameters(query, ['from', 'to', '$top', '$skiptoken']);
  const problems: FaultDetail[] = [];
  const read = <T>(name: 'from' | 'to' | '$top', parse: (text: string) => T | undefined, wanted: string) => {
    const text = parameters[name];
    const value = text === undefined ? undefined : parse(text);
    if (text !== undefined && value === undefined)
      problems.push({ target: name, message: `The query parameter '${name}' must be ${wanted}.` });
    return value;
  };
  const aTime = 'a date, or a date and time with a zone, such as 2026-03-02T10:00:00Z';
  const given = { from: read('from', instantOf, aTime), before: read('to', instantOf, aTime) };
  const size = read('$top', countOf, `a whole number from 1 to ${largestSize}`) ?? usualSize;
  const before = given.before ?? now;
  const from = given.from ?? before - BigInt(usualDays) * ticksPerDay;
  if (before <= from && problems.length === 0)
    problems.push({ target: 'to', message: "The query parameter 'to' must be after 'from'." });
  const [first] = problems;
  if (first !== undefined)
    throw new Fault('badQueryOption', first.message, { target: first.target, details: problems });
  return { from, before, size: Math.min(size, largestSize), skipToken: parameters.$skiptoken };
}

function instantOf(text: string): bigint | undefined {
  // A plus sign without percent-encoding arrives as a space.
  return parseInstant(text.replace(' ', '+'));
}

function countOf(text: string): number | undefined {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}
