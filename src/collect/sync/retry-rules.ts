/** When a call that was fetched in vain is fetched again, and when it no longer is. Pure. */
import type { PendingCall, FetchOutcome } from '../../store/upstream.ts';
import { msOf, retentionMs } from './listing-plan.ts';
import { isLasting, type UpstreamFailure } from './failure.ts';

const minuteMs = 60_000;

/**
 * A record may be announced before it can be read, and comes up to 150 minutes after its call; what has not come in so
 * many times that is not expected any more.
 */
const longestQueuedMs = 24 * 60 * minuteMs;

/** Graph keeps its 30 days by its own clock. */
const marginMs = 60 * minuteMs;

export function afterFailure(pending: PendingCall, failure: UpstreamFailure, nowMs: number): FetchOutcome {
  const { callId, observations } = pending;
  const { reason } = failure;
  // What every call of the tenant meets says nothing of this one.
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

/** True when upstream has forgotten the call, or never will have it. */
function isPast({ startTicks, queuedMs }: PendingCall, nowMs: number): boolean {
  if (startTicks !== undefined && msOf(startTicks) < nowMs - retentionMs - marginMs) return true;
  return nowMs - queuedMs > longestQueuedMs;
}

/** Often at first, so that a record is kept within a minute of being there; then the longer it has been waited for, the less. */
function untilFound({ queuedMs, attempts }: PendingCall, nowMs: number): number {
  const waitedMs = nowMs - queuedMs;
  if (waitedMs <= 30 * minuteMs) return Math.min(5000 * 2 ** attempts, 45_000);
  return Math.min(waitedMs / 20, 30 * minuteMs);
}

const longestBackOffMs = 10 * minuteMs;

function backOff({ attempts }: PendingCall, failure: UpstreamFailure): number {
  return isLasting(failure) ? longestBackOffMs : Math.min(2000 * 2 ** attempts, longestBackOffMs);
}
