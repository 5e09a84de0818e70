/** Writes the missing entries of a store's search index, a few calls at a time, while the store is in use. */
import { type BackgroundTask, runRepeatedly } from '../base/background.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import type { SearchStore } from './search.ts';

/** Calls per step: a step takes a few milliseconds, and other work of this process runs in between. */
const callsAtOnce = 50;

interface CatchingUp {
  /** Resolves when the index is complete or the task was stopped. */
  readonly finished: Promise<void>;
  /** Stops the task; the next start resumes at the same call. */
  stop(): Promise<void>;
}

interface CatchUpOptions {
  readonly task?: BackgroundTask;
  /** Real time when absent: how long a store is unreachable does not depend on a simulated clock. */
  readonly clock?: Pick<Clock, 'sleep'>;
}

/**
 * Starts the task.
 *
 * @param onError Called when the store fails; the task continues when the store answers again.
 */
export function startCatchingUp(
  search: Pick<SearchStore, 'catchUp'>,
  onError: (error: unknown) => void,
  { task = 'search-index', clock = systemClock }: CatchUpOptions = {},
): CatchingUp {
  const stopping = new AbortController();
  const finished = runRepeatedly({
    task,
    clock,
    signal: stopping.signal,
    work: async () => ((await search.catchUp(callsAtOnce)) > 0 ? 0 : undefined),
    onError,
  });
  return {
    finished,
    async stop() {
      stopping.abort();
      await finished;
    },
  };
}
