/** Describes the status of a tenant from `/rollcall/status`. */
import type { Standing, TenantStanding } from '../../contract/completeness-state.ts';
import { stateWords } from '../../contract/completeness-words.ts';
import { countOf, formatLength } from '../times.ts';

/** A gap in `/rollcall/status`. */
export interface ListedGap {
  readonly from: string | null;
  readonly to: string | null;
  readonly kind:
    | 'hoursNotListed'
    | 'recordNotFetched'
    | 'recordMissing'
    | 'listMissing'
    | 'pagesMissing'
    | 'recordDamaged';
  readonly healable: boolean;
  /** False when it is unknown whether upstream has it. */
  readonly known?: false;
  readonly callId?: string;
  readonly log?: string;
}

export interface ListedSubscription {
  readonly id: string;
  readonly applicationId: string;
  readonly resource: string;
  readonly changeType: string;
  readonly notificationUrl: string;
  readonly lifecycleNotificationUrl: string | null;
  readonly expirationDateTime: string | null;
}

interface Sync {
  readonly listedUntilDateTime: string | null;
  readonly lastListedDateTime: string | null;
  readonly lagSeconds: number | null;
  readonly wanted: number;
  readonly gone: number;
  readonly nextDueDateTime: string | null;
}

export interface Status extends TenantStanding {
  readonly subscriptions: readonly ListedSubscription[];
  readonly sync: Sync;
  /** The first gaps. */
  readonly gaps: readonly ListedGap[];
  readonly gapCount: number;
  readonly verification: {
    readonly endedDateTime: string;
    readonly records: number;
    readonly incomplete: number;
    readonly missingParticipants: number;
    readonly corrupt: number;
  } | null;
  readonly store: { readonly calls: number; readonly editions: number };
}

export const gapWords: Readonly<Record<ListedGap['kind'], string>> = {
  hoursNotListed: 'Hours that sync has not listed',
  recordNotFetched: 'A known record that was not fetched',
  recordMissing: 'A call without its record',
  listMissing: 'A list that was not received',
  pagesMissing: 'Pages of a list that are missing',
  recordDamaged: 'An incomplete call that is damaged in the store',
};

/** Describes whether the sync works, and its lag behind upstream. */
export function syncWords(sync: Sync): readonly string[] {
  const { lagSeconds, wanted, gone } = sync;
  if (lagSeconds === null)
    return [
      'Sync has not run for this tenant: calls come only from imports. `rollcall sync` keeps a tenant of Graph.',
    ];
  return [
    `Sync has listed upstream up to ${formatLength(lagSeconds * 1000)} ago.`,
    wanted === 0 ? 'Every listed call is fetched.' : `${countOf(wanted, 'call')} still to fetch.`,
    ...(gone === 0 ? [] : [`${countOf(gone, 'call')} expired at upstream before sync fetched them.`]),
  ];
}

export function verificationWords({ verification }: Status): string {
  if (verification === null)
    return 'Not verified yet. Run `rollcall verify` to check everything that is stored.';
  const { records, corrupt, incomplete, missingParticipants } = verification;
  const found = [
    corrupt === 0 ? 'no part is corrupt' : `${countOf(corrupt, 'part')} corrupt`,
    incomplete === 0 ? 'every call is complete' : `${countOf(incomplete, 'call')} incomplete`,
    ...(missingParticipants === 0
      ? []
      : [`${countOf(missingParticipants, 'participant')} known only from sessions`]),
  ];
  return `${countOf(records, 'call')} checked: ${found.join(', ')}.`;
}

const stateNames = { verified: 'Verified', unverified: 'Not verified', missing: 'Missing' } as const;

/** Returns the name of a state. */
export function stateName({ state }: Standing): string {
  return stateNames[state];
}

/**
 * Describes the reason of a state, and since when it holds.
 *
 * @param moment Formats a time.
 */
export function standingWords(
  { state, reason, sinceDateTime }: Standing,
  moment: (dateTime: string) => string,
): string {
  if (sinceDateTime === null) return stateWords[reason];
  return `${stateWords[reason]} ${state === 'verified' ? 'Checked' : 'Since'} ${moment(sinceDateTime)}.`;
}

/** Describes whether a sync can still fetch the missing data. */
export function healingWords({ healable, known }: ListedGap): string {
  if (known === false) return 'Not known';
  return healable ? 'Yes' : 'No';
}
