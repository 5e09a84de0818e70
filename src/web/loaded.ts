/** Loads data and reports the loading state. */
import { useCallback, useEffect, useState } from 'preact/hooks';

type Loaded<T> =
  | { readonly state: 'loading'; readonly value: T | undefined }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: Error; readonly value: undefined };

/**
 * Loads data for a key, and loads it again when the key changes.
 *
 * @param key Identifies all inputs of `load`.
 * @param keeps True to show the previous data while the next is loading.
 */
export function useLoaded<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  { keeps = false } = {},
): Loaded<T> & { readonly reload: () => void } {
  const [loaded, setLoaded] = useState<Loaded<T> & { readonly key: string }>({
    key,
    state: 'loading',
    value: undefined,
  });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const aborter = new AbortController();
    setLoaded((before) => ({ key, state: 'loading', value: keeps ? before.value : undefined }));
    load(aborter.signal).then(
      (value) => {
        if (!aborter.signal.aborted) setLoaded({ key, state: 'ready', value });
      },
      (error: unknown) => {
        if (!aborter.signal.aborted)
          setLoaded({ key, state: 'failed', error: asError(error), value: undefined });
      },
    );
    return () => aborter.abort();
  }, [key, attempt]);
  const reload = useCallback(() => setAttempt((count) => count + 1), []);
  // Between a new key and its effect, the state still belongs to the previous key.
  if (loaded.key !== key && !keeps) return { state: 'loading', value: undefined, reload };
  return { ...loaded, reload };
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
