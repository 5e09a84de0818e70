/** Loads a list page by page, and keeps the pages with the entry of the history, for Back. */
import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { RequestRefused } from './api.ts';
import { currentPlace } from './history-places.ts';
import { asError } from './loaded.ts';
import type { Problems } from './parameters.ts';

interface ListPart {
  /** The path of the next page. */
  readonly next: string | undefined;
}

/** A reload loads at most so many pages again. */
const mostPages = 20;

interface ListState<Part> {
  /** The request that the parts answer. */
  readonly path: string | undefined;
  readonly parts: readonly Part[];
  /** True until the first part of the current request is loaded; the parts are of the former one. */
  readonly isStale: boolean;
  readonly isLoadingMore: boolean;
  /** Why the list, or more of it, was not loaded. */
  readonly error: Error | undefined;
}

export interface LoadedList<Part> extends ListState<Part> {
  readonly loadMore: () => void;
  /** Loads what failed again. */
  readonly retry: () => void;
}

const nothing = { path: undefined, parts: [], isStale: true, isLoadingMore: false, error: undefined };

/**
 * Loads a list.
 *
 * @param path The request of its first part; nothing is requested without one.
 * @param entry The entry of the history, whose parts are shown again when the reader returns to it.
 */
export function useList<Part extends ListPart>(
  path: string | undefined,
  entry: string,
  read: (path: string, signal: AbortSignal) => Promise<Part>,
): LoadedList<Part> {
  const [state, setState] = useState<ListState<Part>>(() => knownList<Part>(path) ?? nothing);
  const [attempt, setAttempt] = useState(0);
  const aborter = useRef(new AbortController());
  const load = async (from: string, before: readonly Part[], count: number) => {
    const { signal } = aborter.current;
    const place = currentPlace();
    let parts = before;
    let next: string | undefined = from;
    try {
      while (next !== undefined && parts.length < count) {
        const part: Part = await read(next, signal);
        if (signal.aborted) return;
        parts = [...parts, part];
        next = part.next;
        place.pages = parts.length;
        place.list = { path: path ?? from, found: parts };
        const isLoadingMore = next !== undefined && parts.length < count;
        setState({ path, parts, isStale: false, isLoadingMore, error: undefined });
      }
    } catch (error) {
      if (!signal.aborted)
        setState({ path, parts, isStale: false, isLoadingMore: false, error: asError(error) });
    }
  };
  useLayoutEffect(() => {
    aborter.current = new AbortController();
    const known = knownList<Part>(path);
    if (known !== undefined) setState(known);
    else if (path === undefined) setState(nothing);
    else {
      const { list, pages } = currentPlace();
      setState((before) => ({ ...before, isStale: true, isLoadingMore: false, error: undefined }));
      void load(path, [], list === undefined ? Math.min(pages, mostPages) : 1);
    }
    return () => aborter.current.abort();
  }, [path, entry, attempt]);
  const loadMore = () => {
    const next = state.parts.at(-1)?.next;
    if (next === undefined || state.isStale || state.isLoadingMore) return;
    setState({ ...state, isLoadingMore: true, error: undefined });
    void load(next, state.parts, state.parts.length + 1);
  };
  const reload = useCallback(() => setAttempt((count) => count + 1), []);
  return { ...state, loadMore, retry: state.parts.length > 0 ? loadMore : reload };
}

/** Returns what the server finds wrong with a search; nothing when only a further page was refused. */
export function refusedFields({ error, parts }: ListState<unknown>): Problems {
  const isRefused = error instanceof RequestRefused && error.status === 400 && parts.length === 0;
  return isRefused ? error.problems : {};
}

function knownList<Part>(path: string | undefined): ListState<Part> | undefined {
  const { list } = currentPlace();
  if (path === undefined || list?.path !== path) return undefined;
  const parts = list.found as readonly Part[]; // as the same view has stored it
  return { path, parts, isStale: false, isLoadingMore: false, error: undefined };
}
