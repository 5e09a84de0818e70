/** How far something is proved complete: as the API says it, and the page shows it (docs/decisions/0036-three-states.md). */

/** Green, grey and red: checked and complete, not checked or not known, known to be missing. */
export type CompletenessState = 'verified' | 'unverified' | 'missing';

/** Why something is in its state; each belongs to one state. */
export const stateReasons = {
  checked: 'verified',

  nothingStored: 'unverified',
  neverVerified: 'unverified',
  /** Something was stored after the verification began. */
  changedSince: 'unverified',
  /** The last verification found damage, and not in which call. */
  damageNotLocated: 'unverified',
  /** A list was never received, and there is no sign that it has entries. */
  listNotReceived: 'unverified',
  /** No sync has listed the hours: imports prove nothing about the time between their calls. */
  neverListed: 'unverified',
  /** The store has calls or log rows from hours that no sync has listed. */
  outsideListing: 'unverified',
  listedTooLongAgo: 'unverified',

  /** What is stored is not what was stored. */
  damaged: 'missing',
  recordMissing: 'missing',
  pagesMissing: 'missing',
  listMissing: 'missing',
  /** Upstream has a version that was not fetched. */
  notFetched: 'missing',
  /** Something larger than an entry could not be interpreted, and is kept as text alone. */
  setAside: 'missing',
  /** Some calls lack something, or were not fetched. */
  callsIncomplete: 'missing',
  hoursNotListed: 'missing',
} as const satisfies Readonly<Record<string, CompletenessState>>;

export type StateReason = keyof typeof stateReasons;

export interface Standing {
  readonly state: CompletenessState;
  readonly reason: StateReason;
  /**
   * Since when, as far as it is known. Of `verified`: when the check ended. Of `changedSince`: of a call, when its newest
   * state came; of a tenant, when its last verification ended.
   */
  readonly sinceDateTime: string | null;
}

/** How a tenant stands: the worse of its calls and of its hours. */
export interface TenantStanding extends Standing {
  /** What is stored: undamaged, read by a verification, nothing known to be missing. */
  readonly calls: Standing;
  /** The hours of calls and logs: listed to their end by a sync. */
  readonly hours: Standing;
}
