/** The time zone of a link, and the one that the reader has chosen for all links without one. */
import type { Zone } from './times.ts';
import { parseZone } from './zones.ts';

/** The query parameter of a link whose days and times are in a zone. */
export const zoneParameter = 'tz';

const key = 'rollcall-zone';
const localZone: Zone = 'local';

/** Returns the zone of a query string; `undefined` without one, or when the browser does not know it. */
export function zoneOfQuery(query: URLSearchParams): Zone | undefined {
  const text = query.get(zoneParameter);
  return text === null ? undefined : parseZone(text);
}

/** Returns the chosen zone; local time when the stored name is unknown. */
export function storedZone(): Zone {
  const text = localStorage.getItem(key);
  return text === null || text === localZone ? localZone : (parseZone(text) ?? localZone);
}

/** Returns the stored name when the browser does not know such a zone. */
export function unknownStoredZone(): string | undefined {
  const text = localStorage.getItem(key);
  return text === null || text === localZone || parseZone(text) !== undefined ? undefined : text;
}

export function storeZone(zone: Zone): void {
  localStorage.setItem(key, zone);
}

/** Returns a URL of the page with the zone of the current link, if it is not the reader's own. */
export function withZoneOfLink(url: string, current: URLSearchParams): string {
  const zone = zoneOfQuery(current);
  if (zone === undefined || zone === storedZone()) return url;
  const { pathname, search, searchParams } = new URL(url, 'http://page');
  if (searchParams.has(zoneParameter)) return url;
  return `${pathname}${search === '' ? '?' : `${search}&`}${new URLSearchParams({ [zoneParameter]: zone }).toString()}`;
}
