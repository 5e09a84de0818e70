/** Converts a search of a phone log between the page's URL and the server's parameters. */
import { hasPhoneParameter, type PhoneLog, phoneLogs, phoneStatesOf } from '../../contract/phone-log.ts';
import { endOfDay, isDay, startOfDay } from '../days.ts';
import { phoneMessages } from '../messages/en.ts';
import type { Zone } from '../times.ts';

export const phoneFields = [
  ...(['log', 'person', 'from', 'to', 'state'] as const),
  ...(['number', 'type', 'sipCode', 'trunk'] as const),
] as const;
export type PhoneField = (typeof phoneFields)[number];
export type PhoneSearch = Readonly<Partial<Record<PhoneField, string>>>;
/** A message for each invalid field. */
export type PhoneProblems = Readonly<Record<string, string>>;

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
export function phoneAddress(search: PhoneSearch): string {
  const log = logOf(search);
  const states: readonly string[] = phoneStatesOf(log);
  const fields = Object.entries(search).filter(
    ([name, value]) => hasPhoneParameter(log, name) && (name !== 'state' || states.includes(value)),
  );
  const text = new URLSearchParams(Object.fromEntries(fields)).toString();
  return text === '' ? '/phone-calls' : `/phone-calls?${text}`;
}

/** Returns the request path of a search, or its errors. Days are in the displayed time zone. */
export function phonePath(
  search: PhoneSearch,
  zone: Zone,
): { readonly path: string } | { readonly problems: PhoneProblems } {
  const { log, from, to, ...same } = search;
  const problems: Record<string, string> = {};
  if (log !== undefined && log !== logOf(search)) problems['log'] = phoneMessages.badLog;
  const asked = new URLSearchParams(same);
  const ask = (field: 'from' | 'to', text: string | undefined, edge: typeof startOfDay) => {
    if (text === undefined) return;
    const at = isDay(text) ? edge(text, zone) : NaN;
    if (Number.isNaN(at)) problems[field] = phoneMessages.badDay;
    else asked.set(field, new Date(at).toISOString());
  };
  ask('from', from, startOfDay);
  ask('to', to, endOfDay);
  if (Object.keys(problems).length > 0) return { problems };
  const text = asked.toString();
  const path = `/rollcall/logs/${logOf(search)}`;
  return { path: text === '' ? path : `${path}?${text}` };
}
