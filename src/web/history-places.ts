/**
 * Remembers each entry of the browser's history as the reader left it: how far it was scrolled, which row had the focus,
 * and the rows that were loaded, so that Back shows the same without loading. A reload keeps how far and how many pages,
 * in the tab's session storage.
 */
import { scrollWhenPossible, isScrolling } from './restore-scroll.ts';
import { forgetAtEnd } from './session.ts';

interface HistoryPlace {
  scrollTop: number;
  /** How many pages of the list were loaded. */
  pages: number;
  /** The address of the row that had the focus. */
  item?: string | undefined;
  /** A loaded list, with the request that it answers. */
  list?: { readonly path: string; readonly found: unknown } | undefined;
  /** The number of rows, with the request that it answers. */
  total?: { readonly path: string; readonly counted: unknown } | undefined;
}

const storageKey = 'rollcall-places';
const mostPlaces = 50;
/** So many entries keep their rows. */
const mostLists = 10;

/** By the id in the entry's state, the last entered at the end. */
const places = new Map<string, HistoryPlace>();
let currentId = '';
let created = 0;

export function currentPlaceId(): string {
  return currentId;
}

export function currentPlace(): HistoryPlace {
  let place = places.get(currentId);
  if (place === undefined) places.set(currentId, (place = { scrollTop: 0, pages: 1 }));
  return place;
}

/** Adds an entry to the history, or gives the current one another URL. */
export function changeEntry(url: string, replaces: boolean): void {
  if (!replaces) currentId = newId();
  const state = { entry: currentId };
  if (replaces) history.replaceState(state, '', url);
  else history.pushState(state, '', url);
  makeNewest(currentId);
}

/** Makes the place of the entry that the browser shows the current one, and scrolls to where it was left. */
export function enterEntry(): void {
  const { entry } = (history.state ?? {}) as { readonly entry?: unknown }; // as `changeEntry` wrote it
  if (typeof entry === 'string') currentId = entry;
  else changeEntry(location.pathname + location.search + location.hash, true);
  makeNewest(currentId);
  scrollWhenPossible(currentPlace().scrollTop);
}

function newId(): string {
  created += 1;
  return `${Date.now().toString(36)}.${created}`;
}

function makeNewest(id: string): void {
  const place = currentPlace();
  places.delete(id);
  places.set(id, place);
  for (const old of [...places.keys()].slice(0, -mostPlaces)) places.delete(old);
  for (const old of [...places.values()].slice(0, -mostLists)) delete old.list;
}

/** Begins to remember: before the page is rendered. */
export function rememberPlaces(): void {
  history.scrollRestoration = 'manual';
  currentId = newId();
  readStored();
  enterEntry();
  addEventListener('scroll', () => {
    if (!isScrolling()) currentPlace().scrollTop = scrollY;
  });
  addEventListener('pagehide', store);
  forgetAtEnd(() => {
    places.clear();
    sessionStorage.removeItem(storageKey);
    removeEventListener('pagehide', store);
  });
}

function store(): void {
  const stored = [...places].map(([id, { scrollTop, pages }]) => [id, scrollTop, pages]);
  sessionStorage.setItem(storageKey, JSON.stringify(stored));
}

function readStored(): void {
  try {
    const stored = JSON.parse(sessionStorage.getItem(storageKey) ?? '[]') as [string, number, number][]; // as `store` wrote it
    for (const [id, scrollTop, pages] of stored) places.set(id, { scrollTop, pages });
  } catch {
    sessionStorage.removeItem(storageKey);
  }
}
