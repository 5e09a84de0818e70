/** The three states of completeness, shared by the API and the page (docs/decisions/0036-three-states.md). */

/** Green, gray and red: checked and complete; not checked or unknown; known to be missing. */
export type CompletenessState = 'verified' | 'unverified' | 'missing';

/** The reasons for a state; each reason belongs to one state. */
export const stateReasons = {
  checked: 'verified',

  nothingStored: 'unverified',
  neverVerified: 'unverified',
  /** Data was added after the verification began. */
  changedSince: 'unverified',
  /** The last verification found damage that it could not assign to a call. */
  damageNotLocated: 'unverified',
  /** A list was never received, and nothing indicates that it has entries. */
  listNotReceived: 'unverified',
  /** No sync has listed the hours: imports prove nothing about the time between their calls. */
  neverListed: 'unverified',
  /** The store has calls or log rows from hours that no sync has listed. */
  outsideListing: 'unverified',
  listedTooLongAgo: 'unverified',

  /** The stored data does not match its checksum. */
  damaged: 'missing',
  recordMissing: 'missing',
  pagesMissing: 'missing',
  listMissing: 'missing',
  /** Upstream has a version that was not fetched. */
  notFetched: 'missing',
  /** Something larger than an entry could not be interpreted; only its text is kept. */
  setAside: 'missing',
  callsIncomplete: 'missing',
  hoursNotListed: 'missing',
} as const satisfies Readonly<Record<string, CompletenessState>>;

export type StateReason = keyof typeof stateReasons;

export interface Standing {
  readonly state: CompletenessState;
  readonly reason: StateReason;
  /**
   * Start of the state, as far as it is known. For `verified`: the end of the check. For `changedSince`: for a call,
   * when its newest edition was received; for a tenant, the end of its last verification.
   */
  readonly sinceDateTime: string | null;
}

/** The state of a tenant: the worse of the states of its calls and of its hours. */
export interface TenantStanding extends Standing {
  /** State of the stored calls: verified when they are undamaged and no part is known to be missing. */
  readonly calls: Standing;
  /** State of the hours of calls and logs: verified when a sync listed them completely. */
  readonly hours: Standing;
}
