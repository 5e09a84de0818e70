/** Converts the span of a person's or a number's page between the page's URL and the server's parameters. */
import { addDays, dayAt, endOfDay, isDay, startOfDay } from '../days.ts';
import { isOneOf, type ViewParameters } from '../parameters.ts';
import type { Zone } from '../times.ts';

export const spanNames = ['30', '90', '365', 'all'] as const;
export type SpanName = (typeof spanNames)[number];

export const activityParameters: ViewParameters = { days: isOneOf(spanNames), from: isDay, to: isDay };

/** Returns the span that the URL names; `chosen` for days of the calendar. */
export function chosenSpan(query: URLSearchParams): SpanName | 'chosen' {
  if (query.has('from') || query.has('to')) return 'chosen';
  return spanNames.find((name) => name === query.get('days')) ?? '30';
}

/** Returns the query of the request: the server decides the usual span by its own clock. */
export function spanParameters(query: URLSearchParams, zone: Zone, nowMs: number): string {
  const span = chosenSpan(query);
  const asked = new URLSearchParams();
  if (span === 'chosen') {
    const [from, to] = [query.get('from') ?? '', query.get('to') ?? ''];
    if (isDay(from)) asked.set('from', new Date(startOfDay(from, zone)).toISOString());
    if (isDay(to)) asked.set('to', new Date(endOfDay(to, zone)).toISOString());
  } else if (span === 'all') asked.set('from', '1970-01-01');
  else if (span !== '30') {
    const first = addDays(dayAt(nowMs, zone), 1 - Number(span));
    asked.set('from', new Date(startOfDay(first, zone)).toISOString());
  }
  return asked.toString();
}

/** Returns the 30 days that end with the day of a time, as days of the URL. */
export function daysBefore(dateTime: string, zone: Zone): { readonly from: string; readonly to: string } {
  const to = dayAt(Date.parse(dateTime), zone);
  return { from: addDays(to, -29), to };
}
