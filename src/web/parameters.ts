/** Checks the parameters in a link: a wrong one is an error, and never another result. */
import { linkMessages } from './messages/en.ts';
import { zoneOfQuery, zoneParameter } from './zone-choice.ts';

/** The parameters that a view reads from its URL, each with a test of its value. */
export type ViewParameters = Readonly<Record<string, (value: string) => boolean>>;

/** An error message for each wrong parameter, by its name. */
export type Problems = Readonly<Record<string, string>>;

export function isOneOf(values: readonly string[]): (value: string) => boolean {
  return (value) => values.includes(value);
}

/** Returns what is wrong with a query: bad values, and what `nameProblems` finds. */
export function parameterProblems(query: URLSearchParams, parameters: ViewParameters): Problems {
  const values = Object.entries(parameters).flatMap(([name, isValid]) => {
    const value = query.get(name);
    return value === null || isValid(value) ? [] : [[name, linkMessages.badValue(value)] as const];
  });
  return { ...Object.fromEntries(values), ...nameProblems(query, Object.keys(parameters)) };
}

/** Returns parameters that no view reads, parameters that a link has twice, and an unknown time zone. */
export function nameProblems(query: URLSearchParams, known: readonly string[]): Problems {
  const problems: Record<string, string> = {};
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name);
    if (name !== zoneParameter && !known.includes(name)) problems[name] = linkMessages.unknownParameter;
    else if (values.length > 1) problems[name] = linkMessages.repeated(values);
    else if (name === zoneParameter && zoneOfQuery(query) === undefined)
      problems[name] = linkMessages.unknownZone(values.join());
  }
  return problems;
}
