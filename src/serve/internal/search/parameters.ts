/** Parses the parameters of a search. An error names the parameter. */
import { Fault } from '../../../contract/faults.ts';
import { edms, memberNames } from '../../../contract/edm.ts';
import { callStates } from '../../../contract/call-outcome.ts';
import { reasonKinds } from '../../../contract/failure.ts';
import type { CallSearch } from '../../../store/search.ts';
import { digitsOf, fold } from '../../../wire/text/fold.ts';
import { parseInstant } from '../../../base/ticks.ts';

export const searchParameters = [
  'from',
  'to',
  'person',
  'number',
  'organizer',
  'type',
  'modality',
  'minSeconds',
  'maxSeconds',
  'joinUrl',
  'state',
  'reason',
  'q',
  '$top',
  '$skiptoken',
] as const;

type Parameters = Readonly<Partial<Record<(typeof searchParameters)[number], string>>>;

/** Names of the model: an unknown name is an error, so that a typing mistake does not return an empty list. */
const types = memberNames(edms['v1.0'], 'microsoft.graph.callRecords.callType');
const modalities = memberNames(edms['v1.0'], 'microsoft.graph.callRecords.modality');
const longestText = 200;
const longestUrl = 4000;
const mostWords = 10;

/** Parses a search. @throws Fault `badQueryOption` */
export function callSearch(parameters: Parameters): CallSearch {
  const { from, to, person, number, organizer, type, modality } = parameters;
  const { minSeconds, maxSeconds, joinUrl, state, reason, q } = parameters;
  return {
    from: timeOf('from', from),
    before: timeOf('to', to),
    person: wordsOf('person', person),
    number: numberOf('number', number),
    organizer: wordsOf('organizer', organizer),
    type: oneOf('type', type, types),
    modality: oneOf('modality', modality, modalities),
    minTicks: secondsOf('minSeconds', minSeconds),
    maxTicks: secondsOf('maxSeconds', maxSeconds),
    joinUrl: textOf('joinUrl', joinUrl, longestUrl),
    state: oneOf('state', state, callStates),
    reason: oneOf('reason', reason, reasonKinds),
    q: wordsOf('q', q),
  };
}

const defaultSize = 50;
const largestSize = 200;

/** Returns the page size, limited to the largest. @throws Fault `badQueryOption` */
export function pageSize(text: string | undefined): number {
  if (text === undefined) return defaultSize;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw bad('$top', 'a whole number from 1 to 200');
  return Math.min(Number(text), largestSize);
}

/** Parses a time. @throws Fault `badQueryOption` */
export function timeOf(name: string, text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  // A plus sign without percent-encoding arrives as a space.
  const ticks = parseInstant(text.replace(' ', '+'));
  if (ticks === undefined)
    throw bad(name, 'a date, or a date and time with a zone, such as 2026-03-02T10:00:00Z');
  return ticks;
}

function textOf(name: string, text: string | undefined, longest: number): string | undefined {
  if (text === undefined) return undefined;
  if (text.trim() === '') throw bad(name, 'a text, but is empty');
  if (text.length > longest) throw bad(name, `a text of at most ${longest} characters`);
  return text;
}

function wordsOf(name: string, given: string | undefined): string | undefined {
  const text = textOf(name, given, longestText);
  if (text === undefined) return undefined;
  const folded = fold(text);
  if (folded === '') throw bad(name, 'a text with at least one letter or digit');
  if (folded.split(' ').length > mostWords) throw bad(name, `a text of at most ${mostWords} words`);
  return text;
}

function numberOf(name: string, given: string | undefined): string | undefined {
  const text = textOf(name, given, longestText);
  if (text !== undefined && digitsOf(text) === '')
    throw bad(name, 'a part of a phone number, with at least one digit');
  return text;
}

const ticksPerSecond = 10_000_000n;

function secondsOf(name: string, text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/.test(text)) throw bad(name, 'a whole number of seconds, 0 or more');
  return BigInt(text) * ticksPerSecond;
}

function oneOf<T extends string>(name: string, text: string | undefined, known: readonly T[]): T | undefined {
  if (text === undefined) return undefined;
  const found = known.find((one) => one === text);
  if (found === undefined) throw bad(name, `one of ${known.join(', ')}`);
  return found;
}

/** Creates the fault without the value, which may be personal data. */
function bad(name: string, wanted: string): Fault {
  return new Fault('badQueryOption', `The query parameter '${name}' must be ${wanted}.`, { target: name });
}
