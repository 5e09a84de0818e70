/** Converts a search between the page's URL and the server's parameters. */
import { externalChoices } from '../../contract/affiliation.ts';
import { callStates } from '../../contract/call-outcome.ts';
import { reasonKinds } from '../../contract/failure.ts';
import { userRatings } from '../../contract/user-rating.ts';
import { addZoneOfDays, askDays, dayProblems } from '../day-search.ts';
import { linkMessages, searchMessages as messages } from '../messages/en.ts';
import { nameProblems, type Problems } from '../parameters.ts';
import type { Zone } from '../times.ts';
import { callOrders, usualOrder } from './call-sorts.ts';

export const searchFields = [
  'q',
  'range',
  'from',
  'to',
  'state',
  'reason',
  'person',
  'with',
  'number',
  'organizer',
  'external',
  'tenant',
  'domain',
  'rating',
  'type',
  'modality',
  'minMinutes',
  'maxMinutes',
  'joinUrl',
] as const;
export type SearchField = (typeof searchFields)[number];
const searchParameterNames = [...searchFields, 'sort'] as const;
export type Search = Readonly<Partial<Record<(typeof searchParameterNames)[number], string>>>;

/** Fields that are hidden until they are opened. */
export const furtherFields: readonly SearchField[] = searchFields.slice(5);

export const callTypes = ['groupCall', 'peerToPeer'] as const;
export const callModalities = ['audio', 'video', 'videoBasedScreenSharing'] as const;

export function searchOf(query: URLSearchParams): Search {
  return Object.fromEntries(
    searchParameterNames.flatMap((field) => {
      const value = query.get(field)?.trim() ?? '';
      return value === '' ? [] : [[field, value]];
    }),
  );
}

/** Returns the URL of a search. Days are followed by their zone, so that they mean the same to each reader of the link. */
export function searchAddress(search: Search, zone: Zone): string {
  const query = new URLSearchParams(search);
  if (search.sort === usualOrder) query.delete('sort');
  addZoneOfDays(query, zone);
  const text = query.toString();
  return text === '' ? '/calls' : `/calls?${text}`;
}

const minutes = /^\d{1,6}(\.\d{1,6})?$/;

/** Values of fields with a fixed choice. */
const choices: Readonly<Partial<Record<keyof Search, readonly string[]>>> = {
  sort: callOrders,
  state: callStates,
  reason: reasonKinds,
  type: callTypes,
  modality: callModalities,
  external: externalChoices,
  rating: userRatings,
};

/** Returns what is wrong with a search, by field. The server checks the rest. */
export function searchProblems(query: URLSearchParams): Problems {
  const search = searchOf(query);
  const problems: Record<string, string> = {};
  for (const [field, known] of Object.entries(choices)) {
    const value = search[field as keyof Search]; // a key of `choices`
    if (value !== undefined && !known.includes(value)) problems[field] = linkMessages.badChoice(value);
  }
  for (const field of ['minMinutes', 'maxMinutes'] as const) {
    const value = search[field];
    if (value !== undefined && !minutes.test(value)) problems[field] = messages.badMinutes(value);
  }
  const { minMinutes, maxMinutes } = search;
  if (minMinutes !== undefined && maxMinutes !== undefined && secondsOf(minMinutes) > secondsOf(maxMinutes))
    problems['maxMinutes'] ??= messages.minutesReversed;
  return { ...problems, ...dayProblems(search), ...nameProblems(query, searchParameterNames) };
}

/** Returns the request path of a valid search. Days are in the displayed time zone; durations are in seconds. */
export function searchPath(search: Search, zone: Zone, nowMs: number): string {
  const { minMinutes, maxMinutes, ...same } = search;
  const asked = new URLSearchParams(same);
  askDays(asked, search, zone, nowMs);
  if (minMinutes !== undefined) asked.set('minSeconds', String(secondsOf(minMinutes)));
  if (maxMinutes !== undefined) asked.set('maxSeconds', String(secondsOf(maxMinutes)));
  const text = asked.toString();
  return text === '' ? '/rollcall/calls' : `/rollcall/calls?${text}`;
}

function secondsOf(text: string): number {
  return Math.round(Number(text) * 60);
}

/** Fields of the form by the server's parameter, where the names differ. */
const fieldNames: Readonly<Record<string, SearchField>> = {
  minSeconds: 'minMinutes',
  maxSeconds: 'maxMinutes',
};

/** Returns the server's errors by the form's fields. */
export function fieldProblems(problems: Problems): Problems {
  return Object.fromEntries(
    Object.entries(problems).map(([name, message]) => [fieldNames[name] ?? name, message]),
  );
}
