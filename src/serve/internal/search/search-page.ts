/** Reads one page of a search: in the order of the index, or of a sort, and with a total when it is requested. */
import type { CallPosition } from '../../../store/call-list.ts';
import type { FoundCall } from '../../../store/search.ts';
import { collectCalls, sortedPage } from '../../../store/sorted-calls.ts';
import type { CallRecordStore } from '../../../store/store.ts';
import type { SearchQuery } from './parameters.ts';

/** The last call of a page, and how many calls there are up to it. */
export interface SearchPlace extends CallPosition {
  readonly place: number;
}

interface CallsPage {
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
  { search, sort, size, isCounted }: Pick<SearchQuery, 'search' | 'sort' | 'size' | 'isCounted'>,
  after: SearchPlace | undefined,
): Promise<CallsPage> {
  const isNewestFirst = sort === '-start';
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
    next:
      isEnd || last === undefined ? undefined : { call: last.call, startTicks: last.startTicks, place: end },
    ...(isTotal && { total: { count: collected.calls.length, isExact: collected.isAll } }),
    ...(!isNewestFirst && { sorted: { of: collected.calls.length, isAll: collected.isAll } }),
  };
}
