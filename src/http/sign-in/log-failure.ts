/** A sign-in that failed, in the log: one line, as loud as it concerns the operator. */
import type { Log, LogLevel } from '../../log.ts';
import { failures, type FailureWords, type SignInFailure } from '../../sign-in/failure.ts';
import { whyOf } from '../../sign-in/why.ts';

const levels: Readonly<Record<FailureWords['outcome'], LogLevel>> = {
  failed: 'warn',
  refused: 'info',
  declined: 'info',
  // Anybody can bring these about, as often as they like.
  invalid: 'debug',
  throttled: 'debug',
};

export function logFailure(log: Log | undefined, failure: SignInFailure, requestId: string): void {
  const { outcome } = failures[failure.reason];
  log?.write(levels[outcome], 'A sign-in failed.', { reason: failure.reason, ...whyOf(failure), requestId });
}
