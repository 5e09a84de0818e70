/** Loads the roll of a call: the server computes it. */
import type { RollAnswer } from '../../analysis/roll-answer.ts';
import { getJson } from '../api.ts';
import { useLoaded } from '../loaded.ts';

export type RollState = ReturnType<typeof useLoaded<RollAnswer>>;

/** Loads the roll. @param version An earlier version of the call; the newest when absent. */
export function useRoll(callId: string, version: string | undefined): RollState {
  return useLoaded(`${callId} ${version ?? 'newest'}`, (signal) =>
    getJson<RollAnswer>(`/rollcall/calls/${encodeURIComponent(callId)}/roll`, {
      signal,
      prefer: preferOf(version),
    }),
  );
}

/**
 * Returns the `Prefer` header: it omits nulls, includes inferred participants, and requests an earlier version by
 * number.
 */
export function preferOf(version: string | undefined): string {
  const prefer = 'omit-values=nulls, rollcall.participants=reconciled';
  return version === undefined ? prefer : `${prefer}, rollcall.as-of=${version}`;
}
