/** What a SQL store's rows say of upstream: the order of the columns is that of its statements. */
import type { Row } from './rows.ts';
import type { WantedCall, WantReason } from './upstream.ts';

/** Version of a call's newest edition, and whether its lists are complete. */
export function heldOf([version, participants, sessions]: Row) {
  const list = (complete: Row[number] | undefined) =>
    complete === null || complete === undefined ? undefined : { complete: Number(complete) === 1 };
  return { version: version as bigint, participants: list(participants), sessions: list(sessions) };
}

/** @param row Ends with whether the call is taken, and by whom. @returns True as well when nobody has taken it. */
export function isTakenBy(claimant: string, row: Row): boolean {
  return Number(row.at(-2)) === 0 || row.at(-1) === claimant;
}

/** @param row The columns after those of the call's id. */
export function wantedOf(callId: string, row: Row): WantedCall {
  const [version, startTicks, sightings, wantedMs, attempts, dueMs, reason, gone] = row;
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
  };
}
