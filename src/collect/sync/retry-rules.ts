/** Decides when a failed fetch of a call is retried, and when it is not. Pure. */
import type { PendingCall, FetchOutcome } from '../../store/upstream.ts';
import { msOf, retentionMs } from './listing-plan.ts';
import { isLasting, type UpstreamFailure } from './failure.ts';

const minuteMs = 60_000;

/**
 * How long a missing call is retried. It may be announced before it can be read, and arrives up to 150 minutes after
 * its call; after many times that it is not expected any more.
 */
const longestQueuedMs = 24 * 60 * minuteMs;

/** Graph applies its 30 days by its own clock. */
const marginMs = 60 * minuteMs;

export function afterFailure(pending: PendingCall, failure: UpstreamFailure, nowMs: number): FetchOutcome {
  const { callId, observations } = pending;
  const { reason } = failure;
  // A failure that affects every call of the tenant does not count for this one.
  if (failure.concernsTenant) return { callId, observations, outcome: 'released' };
  if (reason === 'notFound' && isPast(pending, nowMs))
    return { callId, observations, outcome: 'gone', reason };
  const waitMs = Math.max(reason === 'notFound' ? untilFound(pending, nowMs) : backOff(pending, failure), 0);
  return {
    callId,
    observations,
    outcome: 'later',
    dueMs: Math.ceil(nowMs + Math.max(waitMs, failure.retryAfterMs ?? 0)),
    reason,
  };
}

/** Returns true when upstream has deleted the call or will never have it. */
function isPast({ startTicks, queuedMs }: PendingCall, nowMs: number): boolean {
  if (startTicks !== undefined && msOf(startTicks) < nowMs - retentionMs - marginMs) return true;
  return nowMs - queuedMs > longestQueuedMs;
}

/**
 * Returns the delay for a missing call: short at first, so that a record is stored within a minute of its arrival, then
 * longer with its age.
 */
function untilFound({ queuedMs, attempts }: PendingCall, nowMs: number): number {
  const waitedMs = nowMs - queuedMs;
  if (waitedMs <= 30 * minuteMs) return Math.min(5000 * 2 ** attempts, 45_000);
  return Math.min(waitedMs / 20, 30 * minuteMs);
}

const longestBackOffMs = 10 * minuteMs;

function backOff({ attempts }: PendingCall, failure: UpstreamFailure): number {
  return isLasting(failure) ? longestBackOffMs : Math.min(2000 * 2 ** attempts, longestBackOffMs);
}
