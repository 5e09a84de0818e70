import { isUtf8 } from 'node:buffer';
import { TextError } from '../../wire/text/text-error.ts';
import { UpstreamFailure } from './failure.ts';

/**
 * Reads a body; one that cannot be read is a failure of upstream that carries the body.
 *
 * @param body What `read` reads.
 */
export function parseUpstream<T>(body: Buffer, read: (body: Buffer) => T): T {
  if (body.length === 0) throw new UpstreamFailure('notJson', { detail: 'the response has no body' });
  // What is stored is served byte for byte.
  if (!isUtf8(body))
    throw new UpstreamFailure('notUnderstood', { detail: 'the response is not UTF-8', body });
  try {
    return read(body);
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    throw new UpstreamFailure(reasons[error.problem], { detail: error.message, body, cause: error });
  }
}

/** A text that ends too early was cut on its way. */
const reasons = { truncated: 'cut', notJson: 'notJson', notWanted: 'notUnderstood' } as const;
