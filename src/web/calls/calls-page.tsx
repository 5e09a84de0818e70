/** The page that finds calls. */
import { useMemo, useState } from 'preact/hooks';
import { getJson, nextPath, type ApiPage } from '../api.ts';
import { asError, type Loaded, useLoaded } from '../loaded.ts';
import { searchMessages as messages } from '../messages/en.ts';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { TextWithCode } from '../parts/text-with-code.tsx';
import { go, type Place } from '../place.ts';
import { useChoice, zone } from '../preferences.ts';
import { useTitle } from '../title.ts';
import { CallsTable } from './calls-table.tsx';
import type { FoundCallRow } from './found-call.ts';
import { type Search, searchOf, searchPath } from './search.ts';
import { SearchForm } from './search-form.tsx';

export function CallsPage({ place }: { readonly place: Place }) {
  useTitle(messages.title);
  const [shownZone] = useChoice(zone);
  const text = place.query.toString();
  const search = useMemo(() => searchOf(place.query), [text]);
  const path = searchPath(search, shownZone);
  const found = useLoaded(path, (signal) => findCalls(path, signal), { keeps: true });
  return (
    <>
      <h1 class="sr">{messages.title}</h1>
      <SearchForm search={search} onSearch={(next) => go(addressOf(next), { replaces: true })} />
      <Result found={found} search={search} key={path} />
    </>
  );
}

function addressOf(search: Search): string {
  const query = new URLSearchParams(search).toString();
  return query === '' ? '/calls' : `/calls?${query}`;
}

interface Found {
  readonly calls: readonly FoundCallRow[];
  /** The path of the next page. */
  readonly next: string | undefined;
}

/** Loads pages until one has calls: a page may be short or even empty and still have a next link. */
async function findCalls(path: string, signal?: AbortSignal): Promise<Found> {
  for (let next: string | undefined = path; next !== undefined;) {
    const page: ApiPage<FoundCallRow> = await getJson(next, { signal });
    next = nextPath(page);
    if (page.value.length > 0) return { calls: page.value, next };
  }
  return { calls: [], next: undefined };
}

interface ResultProps {
  readonly found: Loaded<Found> & { readonly reload: () => void };
  readonly search: Search;
}

function Result({ found, search }: ResultProps) {
  if (found.state === 'failed') return <Failed error={found.error} retry={found.reload} />;
  if (found.value === undefined) return <Loading what={messages.loading} />;
  if (found.value.calls.length === 0 && found.state === 'ready') return <NoCalls search={search} />;
  return <FoundCalls first={found.value} isStale={found.state === 'loading'} />;
}

function FoundCalls({ first, isStale }: { readonly first: Found; readonly isStale: boolean }) {
  const [more, setMore] = useState<readonly Found[]>([]);
  const [failure, setFailure] = useState<Error>();
  const [isLoading, setLoading] = useState(false);
  const all = [first, ...more];
  const calls = all.flatMap((found) => found.calls);
  const { next } = all.at(-1)!; // the first page is loaded
  const load = async () => {
    if (next === undefined || isLoading) return;
    setLoading(true);
    setFailure(undefined);
    try {
      const found = await findCalls(next);
      setMore((before) => [...before, found]);
    } catch (error) {
      setFailure(asError(error));
    }
    setLoading(false);
  };
  return (
    <section aria-label={messages.found} aria-busy={isStale} class={isStale ? 'stale' : ''}>
      <CallsTable calls={calls} />
      {failure !== undefined && <Failed error={failure} retry={() => void load()} />}
      <div class="more" role="status">
        {next === undefined ? (
          <span class="quiet">{messages.all(calls.length)}</span>
        ) : (
          <button type="button" disabled={isLoading} onClick={() => void load()}>
            {isLoading ? messages.loadingMore : messages.more}
          </button>
        )}
      </div>
    </section>
  );
}

function NoCalls({ search }: { readonly search: Search }) {
  if (Object.keys(search).length === 0)
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
        <a href="/calls">{messages.showAll}</a>
      </p>
    </Empty>
  );
}
