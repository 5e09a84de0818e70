/** A search of a phone log as it stands in the page's address, and as the server is asked. */
import { hasPhoneParameter, type PhoneLog, phoneLogs, phoneStatesOf } from '../../contract/phone-log.ts';
import { phoneMessages } from '../messages/phone-calls.ts';
import { endOfDay, startOfDay, type Zone } from '../times.ts';

export const phoneFields = [
  ...(['log', 'person', 'from', 'to', 'state'] as const),
  ...(['number', 'type', 'sipCode', 'trunk'] as const),
] as const;
export type PhoneField = (typeof phoneFields)[number];
export type PhoneSearch = Readonly<Partial<Record<PhoneField, string>>>;
/** A message for each field that is wrong. */
export type PhoneProblems = Readonly<Record<string, string>>;

export function phoneSearchOf(query: URLSearchParams): PhoneSearch {
  return Object.fromEntries(
    phoneFields.flatMap((field) => {
      const value = query.get(field)?.trim() ?? '';
      return value === '' ? [] : [[field, value]];
    }),
  );
}

/** The log that is shown; the first where the address names none, or none that there is. */
export function logOf({ log }: PhoneSearch): PhoneLog {
  return phoneLogs.find((one) => one === log) ?? phoneLogs[0];
}

/** The address of a search, without what its log has no values for: the fields may be of another log. */
export function phoneAddress(search: PhoneSearch): string {
  const log = logOf(search);
  const states: readonly string[] = phoneStatesOf(log);
  const fields = Object.entries(search).filter(
    ([name, value]) => hasPhoneParameter(log, name) && (name !== 'state' || states.includes(value)),
  );
  const text = new URLSearchParams(Object.fromEntries(fields)).toString();
  return text === '' ? '/phone-calls' : `/phone-calls?${text}`;
}

const day = /^\d{4}-\d\d-\d\d$/;

/** The path that answers a search, or why it cannot be asked. Days are those of the clock that is shown. */
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
    const at = day.test(text) && isInCalendar(text) ? edge(text, zone) : NaN;
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

/** `Date.parse` takes February 30 for March 2. */
function isInCalendar(text: string): boolean {
  const at = new Date(startOfDay(text, 'UTC'));
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
