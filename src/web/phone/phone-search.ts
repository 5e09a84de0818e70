/** Converts a search of a phone log between the page's URL and the server's parameters. */
import { hasPhoneParameter, type PhoneLog, phoneLogs, phoneStatesOf } from '../../contract/phone-log.ts';
import { addZoneOfDays, askDays, dayProblems } from '../day-search.ts';
import { linkMessages } from '../messages/en.ts';
import { nameProblems, type Problems } from '../parameters.ts';
import type { Zone } from '../times.ts';

export const phoneFields = [
  ...(['log', 'person', 'range', 'from', 'to', 'state'] as const),
  ...(['number', 'type', 'sipCode', 'trunk'] as const),
] as const;
export type PhoneField = (typeof phoneFields)[number];
export type PhoneSearch = Readonly<Partial<Record<PhoneField, string>>>;

export function phoneSearchOf(query: URLSearchParams): PhoneSearch {
  return Object.fromEntries(
    phoneFields.flatMap((field) => {
      const value = query.get(field)?.trim() ?? '';
      return value === '' ? [] : [[field, value]];
    }),
  );
}

/** Returns the displayed log; the first when the URL names none or an unknown one. */
export function logOf({ log }: PhoneSearch): PhoneLog {
  return phoneLogs.find((one) => one === log) ?? phoneLogs[0];
}

/** Returns the URL of a search, without parameters that its log does not support: the fields may be of another log. */
export function phoneAddress(search: PhoneSearch, zone: Zone): string {
  const log = logOf(search);
  const states: readonly string[] = phoneStatesOf(log);
  const fields = Object.entries(search).filter(
    ([name, value]) =>
      name === 'range' || (hasPhoneParameter(log, name) && (name !== 'state' || states.includes(value))),
  );
  const query = new URLSearchParams(Object.fromEntries(fields));
  addZoneOfDays(query, zone);
  const text = query.toString();
  return text === '' ? '/phone-calls' : `/phone-calls?${text}`;
}

/** Returns what is wrong with a search, by field. The server checks the rest. */
export function phoneProblems(query: URLSearchParams): Problems {
  const search = phoneSearchOf(query);
  const { log } = search;
  return {
    ...(log !== undefined && log !== logOf(search) && { log: linkMessages.badChoice(log) }),
    ...dayProblems(search),
    ...nameProblems(query, phoneFields),
  };
}

/** Returns the request path of a valid search. Days are in the displayed time zone. */
export function phonePath(search: PhoneSearch, zone: Zone, nowMs: number): string {
  const asked = new URLSearchParams(search);
  asked.delete('log');
  askDays(asked, search, zone, nowMs);
  const text = asked.toString();
  const path = `/rollcall/logs/${logOf(search)}`;
  return text === '' ? path : `${path}?${text}`;
}
