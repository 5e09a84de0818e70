/** Parses values of query parameters that several internal routes have. */
import { parseInstant } from '../../base/ticks.ts';
import type { FaultDetail } from '../../contract/faults.ts';

/** What `instantOf` accepts, for an error message. */
export const aTime = 'a date, or a date and time with a zone, such as 2026-03-02T10:00:00Z';

export function instantOf(text: string): bigint | undefined {
  // A plus sign without percent-encoding arrives as a space.
  return parseInstant(text.replace(' ', '+'));
}

export function countOf(text: string): number | undefined {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

/** Returns a function that parses a value, and adds a problem where it is not as wanted. */
export function valueReader<Name extends string>(
  values: Readonly<Partial<Record<Name, string>>>,
  problems: FaultDetail[],
) {
  return <T>(name: Name, parse: (text: string) => T | undefined, wanted: string): T | undefined => {
    const text = values[name];
    const value = text === undefined ? undefined : parse(text);
    // The value may be personal data, so the message does not repeat it.
    if (text !== undefined && value === undefined)
      problems.push({ target: name, message: `The query parameter '${name}' must be ${wanted}.` });
    return value;
  };
}
