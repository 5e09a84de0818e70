/** What is being loaded, and how far it is. */
import { useCallback, useEffect, useState } from 'preact/hooks';

export type Loaded<T> =
  | { readonly state: 'loading'; readonly value: T | undefined }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: Error; readonly value: undefined };

/**
 * Loads what a key stands for, anew when the key is another one.
 *
 * @param key Names all that `load` depends on.
 * @param keeps While something else is loaded, what was there stays in sight.
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
  // Between a new key and its effect, what is here is of the key before.
  if (loaded.key !== key && !keeps) return { state: 'loading', value: undefined, reload };
  return { ...loaded, reload };
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
