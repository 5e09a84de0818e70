import { isUtf8 } from 'node:buffer';
import { TextError } from '../../wire/text/text-error.ts';
import { UpstreamFailure } from './failure.ts';

/**
 * Parses a body; the UpstreamFailure for an unreadable one carries the body.
 *
 * @param body The body that `read` parses.
 */
export function parseUpstream<T>(body: Buffer, read: (body: Buffer) => T): T {
  if (body.length === 0) throw new UpstreamFailure('notJson', { detail: 'the response has no body' });
  // Stored text is served byte for byte, so it must be UTF-8.
  if (!isUtf8(body))
    throw new UpstreamFailure('notUnderstood', { detail: 'the response is not UTF-8', body });
  try {
    return read(body);
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    throw new UpstreamFailure(reasons[error.problem], { detail: error.message, body, cause: error });
  }
}

/** The failure for each parse problem. A truncated text was cut in transit. */
const reasons = { truncated: 'cut', notJson: 'notJson', notWanted: 'notUnderstood' } as const;
