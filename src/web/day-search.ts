/** The days of a search: a relative range, or a first and a last day, in the displayed time zone. */
import { dayAt, endOfDay, isDay, startOfDay } from './days.ts';
import { linkMessages, rangeMessages as messages } from './messages/en.ts';
import type { Problems } from './parameters.ts';
import { daysOfRange, isRange } from './ranges.ts';
import { formatTime, type Zone } from './times.ts';
import { zoneParameter } from './zone-choice.ts';
import { zoneName } from './zones.ts';

const dayFields = ['range', 'from', 'to'] as const;

interface DaySearch {
  readonly range?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Returns what is wrong with the days of a search, by field. */
export function dayProblems({ range, from, to }: DaySearch): Problems {
  const problems: Record<string, string> = {};
  for (const [field, value] of Object.entries({ from, to }))
    if (value !== undefined && !isDay(value)) problems[field] = messages.badDay(value);
  if (range !== undefined && !isRange(range)) problems['range'] = linkMessages.badChoice(range);
  else if (range !== undefined && (from ?? to) !== undefined) problems['range'] = messages.rangeAndDays;
  if (from !== undefined && to !== undefined && problems['from'] === undefined && from > to)
    problems['to'] ??= messages.daysReversed;
  return problems;
}

/** The first and the last day of a valid search. */
function daysOf({ range, from, to }: DaySearch, zone: Zone, nowMs: number) {
  return range !== undefined && isRange(range) ? daysOfRange(range, dayAt(nowMs, zone)) : { from, to };
}

/** Replaces the days of a valid search in a request by instants: the first of the span, and the first after it. */
export function askDays(asked: URLSearchParams, search: DaySearch, zone: Zone, nowMs: number): void {
  for (const name of dayFields) asked.delete(name);
  const { from, to } = daysOf(search, zone, nowMs);
  if (from !== undefined) asked.set('from', new Date(startOfDay(from, zone)).toISOString());
  if (to !== undefined) asked.set('to', new Date(endOfDay(to, zone)).toISOString());
}

/** Returns the days that a valid range means. */
export function rangeNote(search: DaySearch, zone: Zone): string | undefined {
  if (search.range === undefined || Object.keys(dayProblems(search)).length > 0) return undefined;
  const { from, to } = daysOf(search, zone, Date.now());
  const name = (day: string | undefined) =>
    day === undefined ? '' : formatTime(`${day}T00:00:00Z`, 'dayOfYear', 'UTC');
  return messages.days(name(from), name(to));
}

/** Adds the zone of the days to the query of a link, so that they mean the same to each of its readers. */
export function addZoneOfDays(query: URLSearchParams, zone: Zone): void {
  const hasDays = dayFields.some((name) => query.has(name));
  const name = zoneName(zone);
  if (hasDays && name !== 'local') query.set(zoneParameter, name);
}
