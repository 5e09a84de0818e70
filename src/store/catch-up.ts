/** Writes what is still missing of a store's search index, a few calls at a time, while others use the store. */
import type { SearchStore } from './search.ts';

/** A few milliseconds each: whoever else waits in this process gets a turn in between. */
const callsAtOnce = 50;

export interface CatchingUp {
  /** Resolves when the index is whole, or it was stopped. */
  readonly finished: Promise<void>;
  /** Where it stands, it goes on when it is begun again. */
  stop(): Promise<void>;
}

/** @param onError Told when it ends before its end. */
export function startCatchingUp(
  search: Pick<SearchStore, 'catchUp'>,
  onError: (error: unknown) => void,
): CatchingUp {
  const stopping = new AbortController();
  const finished = catchUp(search, stopping.signal).catch(onError);
  return {
    finished,
    async stop() {
      stopping.abort();
      await finished;
    },
  };
}

async function catchUp(search: Pick<SearchStore, 'catchUp'>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await search.catchUp(callsAtOnce)) > 0)
    await new Promise((resolve) => setImmediate(resolve));
}
