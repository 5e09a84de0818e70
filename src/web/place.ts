/** Manages the page's URL, which is its state, so that every view has a link. */
import { useEffect, useState } from 'preact/hooks';
import { changeEntry, currentPlaceId, enterEntry, rememberPlaces } from './history-places.ts';
import { withZoneOfLink } from './zone-choice.ts';

export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
  /** Identifies the entry of the browser's history. */
  readonly entry: string;
}

const listeners = new Set<() => void>();

function here(): Place {
  return { path: location.pathname, query: new URLSearchParams(location.search), entry: currentPlaceId() };
}

/** Calls a function after each change of the URL. */
export function onPlace(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function reportChange(): void {
  for (const listener of listeners) listener();
}

/** Follows the browser's history: before the page is rendered. */
export function followHistory(): void {
  rememberPlaces();
  addEventListener('popstate', () => {
    enterEntry();
    reportChange();
  });
}

export function usePlace(): Place {
  const [place, setPlace] = useState(here);
  useEffect(() => onPlace(() => setPlace(here())), []);
  return place;
}

/**
 * Navigates to a URL of the page, with a new history entry unless `replaces` is set for another form of the same view.
 */
export function go(url: string, { replaces = false } = {}): void {
  changeEntry(withZoneOfLink(url, new URLSearchParams(location.search)), replaces);
  reportChange();
}

const ofPage = /^\/(?:(?:calls|people|numbers)\/[^/]+|calls|phone-calls|statistics|status|reference)?$/;

/** Follows links within the page without reloading it; leaves every other link to the browser. */
export function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link === null || link.target !== '' || link.hasAttribute('download')) return;
  if (link.origin !== location.origin || !ofPage.test(link.pathname) || link.hash !== '') return;
  event.preventDefault();
  go(link.pathname + link.search);
  scrollTo(0, 0);
}

/** Returns the URL with some query parameters replaced; `undefined` removes a parameter. */
export function withQuery(
  place: Pick<Place, 'path' | 'query'>,
  changes: Readonly<Record<string, string | undefined>>,
): string {
  const query = new URLSearchParams(place.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return text === '' ? place.path : `${place.path}?${text}`;
}
