/** What a SQL store's rows say of upstream: the order of the columns is that of its statements. */
import type { EditionCompleteness, QueuedCall } from './fetch-queue.ts';
import type { Row } from './rows.ts';
import type { WantReason } from './upstream.ts';

/** Version of a call's newest edition, and whether its lists are complete. */
export function editionCompletenessOf([version, participants, sessions]: Row): EditionCompleteness {
  const list = (complete: Row[number] | undefined) =>
    complete === null || complete === undefined ? undefined : { complete: Number(complete) === 1 };
  return { version: version as bigint, participants: list(participants), sessions: list(sessions) };
}

/** @param row The columns after those of the call's id. */
export function queuedCallOf(callId: string, row: Row): QueuedCall {
  const [version, startTicks, sightings, wantedMs, attempts, dueMs, reason, gone, taken] = row;
  return {
    callId,
    version: (version as bigint | null) ?? undefined,
    startTicks: (startTicks as bigint | null) ?? undefined,
    sightings: Number(sightings),
    wantedMs: Number(wantedMs),
    attempts: Number(attempts),
    dueMs: Number(dueMs),
    reason: (reason as WantReason | null) ?? undefined, // written by the store
    gone: Number(gone) === 1,
    taken: Number(taken) === 1,
  };
}

/** The columns after those of the call's id, as `queuedCallOf` reads them. */
export function queueValuesOf(call: QueuedCall) {
  const { version, startTicks, sightings, wantedMs, attempts, dueMs, reason, gone, taken } = call;
  return [
    ...([version ?? null, startTicks ?? null, sightings, wantedMs, attempts, dueMs] as const),
    ...([reason ?? null, Number(gone), Number(taken)] as const),
  ] as const;
}
