/**
 * Orders and counts the calls that a search finds. The index has them newest first; for any other order, and for a
 * total, matches are collected up to a limit.
 */
import { setImmediate } from 'node:timers/promises';
import { mostSortedCalls } from '../contract/search-limits.ts';
import type { CallPosition } from './call-list.ts';
import { newestFirst } from './call-search.ts';
import type { CallSearch, FoundCall, SearchStore } from './search.ts';

/** A property that calls are ordered by; `-` orders them backward. Equal calls are ordered newest first. */
export const callSorts = [
  ...(['-start', 'start', '-length', 'length', '-people', 'people', '-organizer', 'organizer'] as const),
] as const;
export type CallSort = (typeof callSorts)[number];

interface CollectedCalls {
  /** In the order of the sort. */
  readonly calls: readonly FoundCall[];
  /** False when there may be further, older matches, which were not collected. */
  readonly isAll: boolean;
}

/** Limits what is collected. */
export interface CollectLimits {
  readonly calls: number;
  /** Pages of the index that are read, at most: one may have few matches although its work is bounded. */
  readonly pages: number;
}

const usualCollectLimits: CollectLimits = { calls: mostSortedCalls, pages: 40 };
const callsPerPage = 1000;

/** Collects the newest calls that match, and orders them. @param from The position to begin at, if not the newest */
export async function collectCalls(
  store: Pick<SearchStore, 'find'>,
  tenantId: string,
  search: CallSearch,
  sort: CallSort,
  from?: CallPosition,
  limits: CollectLimits = usualCollectLimits,
): Promise<CollectedCalls> {
  const calls: FoundCall[] = [];
  let after = from;
  for (let pages = 0; pages < limits.pages && calls.length < limits.calls; pages++) {
    const size = Math.min(callsPerPage, limits.calls - calls.length);
    const page = await store.find(tenantId, search, after, size);
    calls.push(...page.calls);
    if (page.next === undefined) return { calls: calls.sort(orderOf(sort)), isAll: true };
    after = page.next;
    await setImmediate(); // lets other requests run
  }
  return { calls: calls.sort(orderOf(sort)), isAll: false };
}

/** Returns a page of ordered calls. @param after The last call of the page before, and its place there */
export function sortedPage(
  calls: readonly FoundCall[],
  after: (CallPosition & { readonly place: number }) | undefined,
  size: number,
): { readonly calls: readonly FoundCall[]; readonly end: number; readonly isLast: boolean } {
  const at =
    after === undefined
      ? -1
      : calls.findIndex(({ call, startTicks }) => call === after.call && startTicks === after.startTicks);
  // A call that is gone meanwhile leaves its place to the next one.
  const first = after === undefined ? 0 : at < 0 ? Math.max(0, after.place - 1) : at + 1;
  const end = Math.min(calls.length, first + size);
  return { calls: calls.slice(first, end), end, isLast: end === calls.length };
}

/** Calls without an end, and calls without an organizer's name, come last in either direction. */
function orderOf(sort: CallSort): (a: FoundCall, b: FoundCall) => number {
  const isBackward = sort.startsWith('-');
  const property = (isBackward ? sort.slice(1) : sort) as 'start' | 'length' | 'people' | 'organizer'; // the list has no others
  if (property === 'start') return isBackward ? newestFirst : (a, b) => newestFirst(b, a);
  const compare = comparisons[property];
  return (a, b) => {
    const order = compare(a, b, isBackward ? -1 : 1);
    return order === 0 ? newestFirst(a, b) : order;
  };
}

type Comparison = (a: FoundCall, b: FoundCall, direction: 1 | -1) => number;

const comparisons: Readonly<Record<'length' | 'people' | 'organizer', Comparison>> = {
  length: (a, b, direction) =>
    compareKnown(lengthOf(a), lengthOf(b), direction, (m, n) => (m < n ? -1 : m > n ? 1 : 0)),
  people: (a, b, direction) => (a.participants - b.participants) * direction,
  organizer: (a, b, direction) => compareKnown(organizerOf(a), organizerOf(b), direction, names.compare),
};

/** Orders names as a reader expects: accents and case decide only between names that are otherwise equal. */
const names = new Intl.Collator('en', { numeric: true });

function lengthOf({ startTicks, endTicks }: FoundCall): bigint | undefined {
  return endTicks === undefined ? undefined : endTicks - startTicks;
}

function organizerOf({ organizer }: FoundCall): string | undefined {
  return organizer?.displayName ?? organizer?.id ?? undefined;
}

function compareKnown<T>(
  a: T | undefined,
  b: T | undefined,
  direction: 1 | -1,
  compare: (a: T, b: T) => number,
): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return compare(a, b) * direction;
}
