/**
 * The canonical functions and how many arguments each takes. `case`, `cast` and `isof` have syntax of their own.
 *
 * @see OData 4.01 URL Conventions, "Canonical Functions", and ABNF, section 4, rule `methodCallExpr`
 */
import { problemAt, type Reader } from './lexer.ts';
import type { Call } from './tree.ts';

const argumentCounts: Readonly<Record<string, readonly number[]>> = {
  concat: [2],
  contains: [2],
  endswith: [2],
  indexof: [2],
  length: [1],
  startswith: [2],
  substring: [2, 3],
  hassubset: [2],
  hassubsequence: [2],
  matchesPattern: [2],
  tolower: [1],
  toupper: [1],
  trim: [1],
  date: [1],
  day: [1],
  fractionalseconds: [1],
  hour: [1],
  maxdatetime: [0],
  mindatetime: [0],
  minute: [1],
  month: [1],
  now: [0],
  second: [1],
  time: [1],
  totaloffsetminutes: [1],
  totalseconds: [1],
  year: [1],
  ceiling: [1],
  floor: [1],
  round: [1],
  'geo.distance': [2],
  'geo.intersects': [2],
  'geo.length': [1],
};

const canonical: ReadonlyMap<string, { readonly name: string; readonly counts: readonly number[] }> = new Map(
  Object.entries(argumentCounts).map(([name, counts]) => [name.toLowerCase(), { name, counts }]),
);

/**
 * A call as it is, or with the canonical function's name. Named arguments make it another function.
 *
 * @throws Fault `badQueryOption` when a canonical function has too few or too many arguments.
 */
export function checkCanonicalCall(reader: Reader, start: number, call: Call): Call {
  const known = canonical.get(call.name.toLowerCase());
  if (known === undefined || call.arguments[0]?.name !== undefined) return call;
  if (!known.counts.includes(call.arguments.length)) {
    throw problemAt(
      reader,
      `No function signature for the function with name '${known.name}' matches the specified arguments`,
      start,
    );
  }
  return known.name === call.name ? call : { ...call, name: known.name };
}
