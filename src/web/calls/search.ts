/** Converts a search between the page's URL and the server's parameters. */
import { endOfDay, startOfDay, type Zone } from '../times.ts';

export const searchFields = [
  'q',
  'from',
  'to',
  'state',
  'reason',
  'person',
  'number',
  'organizer',
  'type',
  'modality',
  'minMinutes',
  'maxMinutes',
  'joinUrl',
] as const;
export type SearchField = (typeof searchFields)[number];
export type Search = Readonly<Partial<Record<SearchField, string>>>;

/** Fields that are hidden until they are opened. */
export const furtherFields: readonly SearchField[] = searchFields.slice(4);

export function searchOf(query: URLSearchParams): Search {
  return Object.fromEntries(
    searchFields.flatMap((field) => {
      const value = query.get(field)?.trim() ?? '';
      return value === '' ? [] : [[field, value]];
    }),
  );
}

const day = /^\d{4}-\d\d-\d\d$/;

/** Returns the request path of a search. Days are in the displayed time zone; durations are in seconds on the wire. */
export function searchPath(search: Search, zone: Zone): string {
  const { from, to, minMinutes, maxMinutes, ...same } = search;
  const asked = new URLSearchParams(same);
  const ask = (field: 'from' | 'to', at: number) => {
    if (!Number.isNaN(at)) asked.set(field, new Date(at).toISOString());
  };
  if (from !== undefined && day.test(from)) ask('from', startOfDay(from, zone));
  if (to !== undefined && day.test(to)) ask('to', endOfDay(to, zone));
  if (minMinutes !== undefined) asked.set('minSeconds', String(secondsOf(minMinutes)));
  if (maxMinutes !== undefined) asked.set('maxSeconds', String(secondsOf(maxMinutes)));
  const text = asked.toString();
  return text === '' ? '/rollcall/calls' : `/rollcall/calls?${text}`;
}

function secondsOf(minutes: string): number {
  const seconds = Math.round(Number(minutes) * 60);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0;
}
