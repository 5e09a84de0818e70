/** Builds the search index of a store of an earlier release, when a search needs it before a server has built it. */
import type { Terminal } from '../../base/terminal.ts';
import { Fault } from '../../contract/faults.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { CommandFailure } from '../failure.ts';
import { createProgress } from '../progress.ts';

const callsAtOnce = 50;

/** Runs a search; when its index is incomplete, again after the index was built. */
export async function withSearchIndex<T>(
  store: CallRecordStore,
  quiet: boolean,
  { stderr, clock }: Pick<Terminal, 'stderr' | 'clock'>,
  search: () => Promise<T>,
): Promise<T> {
  try {
    return await search();
  } catch (error) {
    if (!isUnavailable(error)) throw error;
  }
  const progress = createProgress({ stream: stderr, quiet, total: undefined, clock: clock.now });
  let done = 0;
  for (let some: number; (some = await store.search.catchUp(callsAtOnce)) > 0;) {
    done += some;
    progress.update(
      done,
      `Building the search index of an earlier release's store: ${done} calls`,
      undefined,
      false,
    );
  }
  progress.end();
  try {
    return await search();
  } catch (error) {
    throw isUnavailable(error) ? new CommandFailure('failed', [error.message]) : error;
  }
}

function isUnavailable(error: unknown): error is Fault {
  return error instanceof Fault && error.fault === 'unavailable';
}
