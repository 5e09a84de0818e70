/** The page that finds calls. */
import { useMemo } from 'preact/hooks';
import { getJson, nextPath, type ApiPage } from '../api.ts';
import { rangeNote } from '../day-search.ts';
import { linkMessages, searchMessages as messages } from '../messages/en.ts';
import { NothingShown } from '../parts/bad-link.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { TextWithCode } from '../parts/text-with-code.tsx';
import { go, type Place } from '../place.ts';
import { useChoice, zone } from '../preferences.ts';
import { useTitle } from '../title.ts';
import { useFocusedItem } from '../use-focused-item.ts';
import { type LoadedList, refusedFields, useList } from '../use-list.ts';
import { type CallOrder, orderOf, usualOrder } from './call-sorts.ts';
import { CallsExport } from './calls-export.tsx';
import { CallsTable } from './calls-table.tsx';
import type { FoundCallRow } from './found-call.ts';
import { ResultsBar, type Sorted } from './results-bar.tsx';
import {
  fieldProblems,
  type Search,
  searchAddress,
  searchFields,
  searchOf,
  searchPath,
  searchProblems,
} from './search.ts';
import { SearchForm } from './search-form.tsx';

export function CallsPage({ place }: { readonly place: Place }) {
  useTitle(messages.title);
  const [shownZone] = useChoice(zone);
  const text = place.query.toString();
  const search = useMemo(() => searchOf(place.query), [text]);
  const wrong = useMemo(() => searchProblems(place.query), [text]);
  const path = Object.keys(wrong).length === 0 ? searchPath(search, shownZone, Date.now()) : undefined;
  const found = useList(path, place.entry, findCalls);
  const problems = path === undefined ? wrong : fieldProblems(refusedFields(found));
  const change = (next: Search) => go(searchAddress(next, shownZone), { replaces: true });
  const changeOrder = (order: CallOrder) => change({ ...search, sort: order });
  return (
    <>
      <h1 class="sr">{messages.title}</h1>
      <SearchForm
        search={search}
        problems={problems}
        rangeDays={rangeNote(search, shownZone)}
        onSearch={(next) => change({ ...next, ...(search.sort && { sort: search.sort }) })}
      />
      {Object.keys(problems).length > 0 ? (
        <NothingShown problems={problems} fields={searchFields} all="/calls" />
      ) : (
        <Result found={found} search={search} entry={place.entry} onOrder={changeOrder} />
      )}
    </>
  );
}

interface FoundCalls {
  readonly calls: readonly FoundCallRow[];
  /** The path of the next page. */
  readonly next: string | undefined;
  readonly sorted?: Sorted | undefined;
}

interface FoundPage extends ApiPage<FoundCallRow> {
  readonly sorted?: Sorted;
}

/** Loads pages until one has calls: a page may be short or even empty and still have a next link. */
async function findCalls(path: string, signal: AbortSignal): Promise<FoundCalls> {
  for (let next: string | undefined = path; next !== undefined;) {
    const page: FoundPage = await getJson(next, { signal });
    next = nextPath(page);
    if (page.value.length > 0) return { calls: page.value, next, sorted: page.sorted };
  }
  return { calls: [], next: undefined };
}

interface ResultProps {
  readonly found: LoadedList<FoundCalls>;
  readonly search: Search;
  readonly entry: string;
  readonly onOrder: (order: CallOrder) => void;
}

function Result({ found, search, entry, onOrder }: ResultProps) {
  const { parts, isStale, error } = found;
  if (parts.length === 0)
    return error === undefined ? (
      <Loading what={messages.loading} />
    ) : (
      <Failed error={error} retry={found.retry} />
    );
  if (parts[0]?.calls.length === 0 && !isStale) return <NoCalls search={search} />;
  return <FoundList found={found} search={search} entry={entry} onOrder={onOrder} />;
}

function FoundList({ found, search, entry, onOrder }: ResultProps) {
  const { path, parts, isStale, isLoadingMore, error } = found;
  const order = orderOf(search.sort);
  const item = useFocusedItem(entry);
  const calls = parts.flatMap((part) => part.calls);
  const next = parts.at(-1)?.next;
  return (
    <section {...item} aria-label={messages.found} aria-busy={isStale} class={isStale ? 'stale' : ''}>
      {path !== undefined && (
        <ResultsBar
          path={path}
          loaded={next === undefined ? calls.length : undefined}
          sorted={parts[0]?.sorted}
          order={order}
          onOrder={onOrder}
        />
      )}
      {path !== undefined && <CallsExport path={path} calls={calls} isCut={next !== undefined} />}
      <CallsTable calls={calls} order={order} onOrder={onOrder} />
      {error !== undefined && <Failed error={error} retry={found.retry} />}
      <div class="more" role="status">
        {next === undefined ? (
          <span class="quiet">{messages.all(calls.length)}</span>
        ) : (
          <button type="button" disabled={isLoadingMore} onClick={found.loadMore}>
            {isLoadingMore
              ? messages.loadingMore
              : order === usualOrder
                ? messages.more
                : messages.moreSorted}
          </button>
        )}
      </div>
    </section>
  );
}

function NoCalls({ search }: { readonly search: Search }) {
  if (Object.keys(search).every((name) => name === 'sort'))
    return (
      <Empty title={messages.emptyStore}>
        <p>
          <TextWithCode text={messages.emptyStoreHint} />
        </p>
      </Empty>
    );
  return (
    <Empty title={messages.noMatch}>
      <p>{messages.noMatchHint}</p>
      <p>
        <a href="/calls">{linkMessages.showAll}</a>
      </p>
    </Empty>
  );
}
