/** Parses the parameters of a phone log, and decides which rows match them. */
import type { FaultDetail } from '../../../contract/faults.ts';
import {
  hasPhoneParameter,
  type PhoneLog,
  type PhoneRow,
  type PhoneState,
  phoneStates,
  phoneStatesOf,
} from '../../../contract/phone-log.ts';
import { ownParameters, throwProblems } from '../../../query/odata/query-options.ts';
import { numberParts } from '../../../store/call-search.ts';
import { hasNumber, matchesPerson, type PersonQuery } from '../../../store/people.ts';
import { digitsOf, fold } from '../../../wire/text/fold.ts';
import { aTime, countOf, instantOf, valueReader } from '../query-values.ts';
import { isMissed } from './phone-row.ts';

const phoneParameters = [
  ...(['from', 'to', 'person', 'number', 'type', 'state', 'sipCode', 'trunk'] as const),
  ...(['format', '$top', '$skiptoken'] as const),
] as const;

export interface PhoneQuery {
  /** First tick of the time span… */
  readonly from: bigint;
  /** …and first tick after it. */
  readonly before: bigint;
  readonly state: PhoneState | undefined;
  readonly format: 'json' | 'csv';
  /** Rows per page. */
  readonly size: number;
  /** True when the client requests no page size: a CSV file then has all pages. */
  readonly isWhole: boolean;
  readonly skipToken: string | undefined;
  /** The parameters that select rows, as text that is equal for equal selections. */
  readonly selection: string;
  readonly matches: (row: PhoneRow) => boolean;
}

const sizes = { json: { usual: 50, largest: 200 }, csv: { usual: 2000, largest: 2000 } } as const;
const longestText = 200;
const mostWords = 10;
/** Before and after the time of every row. */
const ever = 2n ** 62n;

/** Parses the query. @throws Fault `badQueryOption` with a detail for each invalid parameter: `target` is its name */
export function parsePhoneQuery(log: PhoneLog, query: string): PhoneQuery {
  const parameters = ownParameters(query, phoneParameters);
  const problems: FaultDetail[] = [];
  const readOwn = valueReader(parameters, problems);
  const read: typeof readOwn = (name, parse, wanted) => {
    if (parameters[name] === undefined || hasPhoneParameter(log, name)) return readOwn(name, parse, wanted);
    problems.push({ target: name, message: `The ${log} log has no values for '${name}'. Leave it out.` });
    return undefined;
  };
  const from = read('from', instantOf, aTime);
  const before = read('to', instantOf, aTime);
  const person = read('person', personOf, `1 to ${mostWords} words, or an id`);
  const number = read('number', numberOf, 'a part of a phone number, with digits in it');
  const type = read('type', textOf, `a text of 1 to ${longestText} characters`);
  const state = read('state', oneOf(phoneStates), `one of ${phoneStatesOf(log).join(', ')}`);
  const sipCode = read('sipCode', codeOf, 'a SIP code from 0 to 699');
  const trunk = read('trunk', textOf, `a text of 1 to ${longestText} characters`);
  const format = read('format', oneOf(['json', 'csv'] as const), 'json or csv') ?? 'json';
  const { usual, largest } = sizes[format];
  const size = read('$top', countOf, `a whole number from 1 to ${largest}`) ?? usual;
  if (state !== undefined && hasPhoneParameter(log, 'state') && !phoneStatesOf(log).includes(state))
    problems.push({
      target: 'state',
      message: `The query parameter 'state' must be one of ${phoneStatesOf(log).join(', ')}. The ${log} log does not name failures; the directRouting log does.`,
    });
  if (from !== undefined && before !== undefined && before < from)
    problems.push({ target: 'to', message: "The query parameter 'to' must not be before 'from'." });
  throwProblems(problems);
  const wanted = { person, number, type, sipCode, trunk };
  return {
    from: from ?? -ever,
    before: before ?? ever,
    state,
    format,
    size: Math.min(size, largest),
    isWhole: parameters.$top === undefined,
    skipToken: parameters.$skiptoken,
    selection: JSON.stringify(
      phoneParameters.slice(0, -3).map((name) => parameters[name] ?? null), // all but format, size and place
    ),
    matches: (row) => hasState(row, state) && isWanted(row, wanted),
  };
}

/** Returns whether a row has a state. Whether a missed call has a record is looked up elsewhere. */
function hasState(row: PhoneRow, state: PhoneState | undefined): boolean {
  if (state === undefined) return true;
  return state === 'failed' ? row.outcome === 'failed' : isMissed(row);
}

interface Wanted {
  readonly person: PersonQuery | undefined;
  readonly number: PersonQuery | undefined;
  readonly type: string | undefined;
  readonly sipCode: number | undefined;
  readonly trunk: string | undefined;
}

function isWanted(row: PhoneRow, { person, number, type, sipCode, trunk }: Wanted): boolean {
  if (sipCode !== undefined && row.sipCode !== sipCode) return false;
  if (type !== undefined && !isSame(row.type, type)) return false;
  if (trunk !== undefined && !isSame(row.trunk, trunk)) return false;
  if (
    number !== undefined &&
    ![row.callerNumber, row.calleeNumber].some((one) => hasNumber(digitsOf(one ?? ''), number))
  )
    return false;
  return person === undefined || isPerson(row, person);
}

function isPerson({ user }: PhoneRow, wanted: PersonQuery): boolean {
  if (user === null) return false;
  const { id, displayName, userPrincipalName } = user;
  const names = [displayName, userPrincipalName].map((name) => fold(name ?? '')).join('\n');
  return matchesPerson({ names, ids: [fold(id ?? '')], numbers: [] }, wanted);
}

function isSame(text: string | null, wanted: string): boolean {
  return text !== null && text.toLowerCase() === wanted.toLowerCase();
}

function textOf(text: string): string | undefined {
  const trimmed = text.trim();
  return trimmed === '' || trimmed.length > longestText ? undefined : trimmed;
}

function personOf(text: string): PersonQuery | undefined {
  const folded = text.length > longestText ? '' : fold(text);
  const nameParts = folded.split(' ');
  return folded === '' || nameParts.length > mostWords
    ? undefined
    : { nameParts, id: folded, numberParts: [] };
}

function numberOf(text: string): PersonQuery | undefined {
  const parts = text.length > longestText ? [] : numberParts(text);
  return parts.length === 0 ? undefined : { nameParts: [], id: undefined, numberParts: parts };
}

function codeOf(text: string): number | undefined {
  return /^\d{1,3}$/.test(text) && Number(text) < 700 ? Number(text) : undefined;
}

function oneOf<T extends string>(known: readonly T[]): (text: string) => T | undefined {
  return (text) => known.find((one) => one === text);
}
