import { TextError } from '../text/scanner.ts';
import { UpstreamFailure } from './failure.ts';

/** Reads an answer; one that is not what it should be is a failure of upstream. */
export function understand<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    // A text that ends too early was cut on its way.
    throw new UpstreamFailure(error.problem === 'truncated' ? 'cut' : 'notUnderstood', {
      detail: error.message,
      cause: error,
    });
  }
}
