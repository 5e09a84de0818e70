/** Time zones: the browser's, UTC, or any zone of the IANA database that the browser knows. */

import { type Zone, zoneOption } from './times.ts';
import { currentNames } from './zone-names.ts';

/** Returns a time zone by its name in any case, as in a link; `undefined` when the browser does not know it. */
export function parseZone(text: string): Zone | undefined {
  if (parsed?.text !== text) parsed = { text, zone: findZone(text) };
  return parsed.zone;
}

/** The last one: all views ask for the same. */
let parsed: { readonly text: string; readonly zone: Zone | undefined } | undefined;

function findZone(text: string): Zone | undefined {
  if (/^utc$/i.test(text)) return 'UTC';
  if (!/^[a-z]/i.test(text)) return undefined; // browsers differ about offsets such as +02:00
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
  } catch {
    return undefined;
  }
  const folded = text.toLowerCase();
  const listed = zoneNames().find((name) => name.toLowerCase() === folded) ?? text;
  return currentNames[listed] ?? listed;
}

/** Returns the name of a zone; `local` when the browser does not tell its own. */
export function zoneName(zone: Zone): string {
  return zone === 'local' ? localName() : zone;
}

function localName(): string {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions() as { readonly timeZone?: string };
  return timeZone === undefined ? 'local' : (findZone(timeZone) ?? 'local');
}

let names: readonly string[] | undefined;

function zoneNames(): readonly string[] {
  names ??= Intl.supportedValuesOf('timeZone')
    .filter((name) => name !== 'UTC')
    .map((name) => currentNames[name] ?? name)
    .toSorted();
  return names;
}

/** Returns all zones by the first part of their names: continents and oceans. */
export function zoneGroups(): ReadonlyMap<string, readonly string[]> {
  return Map.groupBy(
    zoneNames().filter((name) => name.includes('/')),
    (name) => name.slice(0, name.indexOf('/')),
  );
}

const clocks = new Map<Zone, Intl.DateTimeFormat>();
const mostClocks = 20;

/** Returns how far a clock in the zone is ahead of UTC at a time, in milliseconds. */
export function offsetAt(ms: number, zone: Zone): number {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    const digits = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
    const time = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const;
    clock = new Intl.DateTimeFormat('en-US-u-ca-iso8601', { ...digits, ...time, ...zoneOption(zone) });
    if (clocks.size >= mostClocks) clocks.clear();
    clocks.set(zone, clock);
  }
  const parts = Object.fromEntries(clock.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const { year = NaN, month = NaN, day = NaN, hour = NaN, minute = NaN, second = NaN } = parts;
  const shown = new Date(0);
  shown.setUTCFullYear(year, month - 1, day);
  shown.setUTCHours(hour, minute, second);
  return shown.getTime() - Math.floor(ms / 1000) * 1000;
}
