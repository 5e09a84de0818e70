/** Describes the status of a tenant from `/rollcall/status`. */
import type { Standing, TenantStanding } from '../../contract/completeness-state.ts';
import { stateWords } from '../../contract/completeness-words.ts';
import { statusMessages as messages } from '../messages/en.ts';
import { formatLength } from '../times.ts';

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
  /** From when to when a sync listed calls, which is what the state of the hours covers; null when none did. */
  readonly listedFromDateTime: string | null;
  readonly listedToDateTime: string | null;
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

/** Describes whether the sync works, and its lag behind upstream. */
export function syncWords(sync: Sync): readonly string[] {
  const { lagSeconds, wanted, gone } = sync;
  if (lagSeconds === null) return [messages.noSync];
  return [
    messages.listedUpTo(formatLength(lagSeconds * 1000)),
    wanted === 0 ? messages.allFetched : messages.toFetch(wanted),
    ...(gone === 0 ? [] : [messages.expired(gone)]),
  ];
}

export function verificationWords({ verification }: Status): string {
  if (verification === null) return messages.notVerified;
  const { records, corrupt, incomplete, missingParticipants } = verification;
  return messages.found(records, corrupt, incomplete, missingParticipants);
}

/** Returns the name of a state. */
export function stateName({ state }: Standing): string {
  return messages.states[state];
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
  return messages[state === 'verified' ? 'checked' : 'since'](stateWords[reason], moment(sinceDateTime));
}

/** States which hours a proof covers. */
export function listedWords(
  { listedFromDateTime: from, listedToDateTime: to }: Status,
  moment: (dateTime: string) => string,
): string {
  return from === null || to === null ? messages.neverListed : messages.listedSpan(moment(from), moment(to));
}

/** Describes whether a sync can still fetch the missing data. */
export function healingWords({ healable, known }: ListedGap): string {
  const { yes, no, unknown } = messages.recoverableWords;
  if (known === false) return unknown;
  return healable ? yes : no;
}
