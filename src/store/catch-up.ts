/** Writes what is still missing of a store's search index, a few calls at a time, while others use the store. */
import { type BackgroundTask, runRepeatedly } from '../base/background.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import type { SearchStore } from './search.ts';

/** A few milliseconds each: other work of this process runs in between. */
const callsAtOnce = 50;

interface CatchingUp {
  /** Resolves when the index is whole, or it was stopped. */
  readonly finished: Promise<void>;
  /** Where it stands, it goes on when it is begun again. */
  stop(): Promise<void>;
}

interface CatchUpOptions {
  readonly task?: BackgroundTask;
  /** Real time when absent: a store is away by no clock that is moved. */
  readonly clock?: Pick<Clock, 'sleep'>;
}

/**
 * @param onError Called when the store fails: it goes on when the store answers.
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
