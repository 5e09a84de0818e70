/** Parses the parameters of a person's and a number's activity. */
import type { FaultDetail } from '../../../contract/faults.ts';
import { ownParameters, throwProblems } from '../../../query/odata/query-options.ts';
import { aTime, countOf, instantOf, valueReader } from '../query-values.ts';

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
  const read = valueReader(parameters, problems);
  const given = { from: read('from', instantOf, aTime), before: read('to', instantOf, aTime) };
  const size = read('$top', countOf, `a whole number from 1 to ${largestSize}`) ?? usualSize;
  const before = given.before ?? now;
  const from = given.from ?? before - BigInt(usualDays) * ticksPerDay;
  if (before <= from && problems.length === 0)
    problems.push({ target: 'to', message: "The query parameter 'to' must be after 'from'." });
  throwProblems(problems);
  return { from, before, size: Math.min(size, largestSize), skipToken: parameters.$skiptoken };
}
