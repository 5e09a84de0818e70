/** Converts a SQL store's rows about upstream. The columns have the order of its statements. */
import type { EditionCompleteness, QueuedCall } from './fetch-queue.ts';
import type { Row } from './rows.ts';
import type { FetchFailureReason } from './upstream.ts';

/** Returns the version of a call's newest edition, and whether its lists are complete. */
export function editionCompletenessOf([version, participants, sessions]: Row): EditionCompleteness {
  const list = (complete: Row[number] | undefined) =>
    complete === null || complete === undefined ? undefined : { complete: Number(complete) === 1 };
  return { version: version as bigint, participants: list(participants), sessions: list(sessions) };
}

/**
 * Returns a row of the fetch queue.
 *
 * @param row The columns after those of the call's id.
 */
export function queuedCallOf(callId: string, row: Row): QueuedCall {
  const [version, startTicks, observations, queuedMs, attempts, dueMs, reason, gone, taken] = row;
  return {
    callId,
    version: (version as bigint | null) ?? undefined,
    startTicks: (startTicks as bigint | null) ?? undefined,
    observations: Number(observations),
    queuedMs: Number(queuedMs),
    attempts: Number(attempts),
    dueMs: Number(dueMs),
    reason: (reason as FetchFailureReason | null) ?? undefined, // written by the store
    expiredUpstream: Number(gone) === 1,
    leased: Number(taken) === 1,
  };
}

/** Returns the columns after those of the call's id, in the order that `queuedCallOf` reads. */
export function queueValuesOf(call: QueuedCall) {
  const {
    version,
    startTicks,
    observations,
    queuedMs,
    attempts,
    dueMs,
    reason,
    expiredUpstream: gone,
    leased: taken,
  } = call;
  return [
    ...([version ?? null, startTicks ?? null, observations, queuedMs, attempts, dueMs] as const),
    ...([reason ?? null, Number(gone), Number(taken)] as const),
  ] as const;
}
