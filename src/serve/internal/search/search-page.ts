/** Reads one page of a search: in the order of the index, or of a sort, and with a total when it is requested. */
import type { CallPosition } from '../../../store/call-list.ts';
import type { FoundCall } from '../../../store/search.ts';
import { collectCalls, type CollectLimits, sortedPage } from '../../../store/sorted-calls.ts';
import type { CallRecordStore } from '../../../store/store.ts';
import type { SearchQuery } from './parameters.ts';

/** The last call of a page, and how many calls there are up to it. */
export interface SearchPlace extends CallPosition {
  readonly place: number;
}

export interface SearchPage {
  readonly calls: readonly FoundCall[];
  /** Where the next page begins; absent at the end. */
  readonly next: SearchPlace | undefined;
  /** How many calls match; not exact where matches were not collected to the end. */
  readonly total?: { readonly count: number; readonly isExact: boolean };
  /** How many calls were ordered, when the order is not that of the index. */
  readonly sorted?: { readonly of: number; readonly isAll: boolean };
}

export async function readSearchPage(
  { search: store }: CallRecordStore,
  tenantId: string,
  { search, sort, size, isCounted, format }: SearchQuery,
  after: SearchPlace | undefined,
): Promise<SearchPage> {
  const isNewestFirst = sort === '-start';
  if (isNewestFirst && format === 'csv') {
    const { calls, isAll } = await collectCalls(store, tenantId, search, sort, after, fileLimits(size));
    const last = calls.at(-1);
    const place = (after?.place ?? 0) + calls.length;
    return { calls, next: isAll || last === undefined ? undefined : { ...positionIn(last), place } };
  }
  const isTotal = isCounted && after === undefined;
  if (isNewestFirst && !isTotal) {
    const { calls, next } = await store.find(tenantId, search, after, size);
    return { calls, next: next && { ...next, place: (after?.place ?? 0) + calls.length } };
  }
  const collected = await collectCalls(store, tenantId, search, sort);
  const { calls, end, isLast } = sortedPage(collected.calls, after, size);
  const last = calls.at(-1);
  // In the order of the index, the next page is read from the index, also past what was collected.
  const isEnd = isLast && (collected.isAll || !isNewestFirst);
  return {
    calls,
    next: isEnd || last === undefined ? undefined : { ...positionIn(last), place: end },
    ...(isTotal && { total: { count: collected.calls.length, isExact: collected.isAll } }),
    ...(!isNewestFirst && { sorted: { of: collected.calls.length, isAll: collected.isAll } }),
  };
}

function positionIn({ call, startTicks }: FoundCall): CallPosition {
  return { call, startTicks };
}

/** A page of the index may have few matches, so more pages are read than the rows would take. */
function fileLimits(rows: number): CollectLimits {
  return { calls: rows, pages: 100 };
}
