/** Describes data that could not be kept, or was kept with oddities: one line for the user per problem. */
import { oddCount, type Oddity, oddReasons } from '../../contract/oddities.ts';
import type { UpstreamFailure } from './failure.ts';

/** What is affected, from the smallest to the largest. */
type ProblemUnit =
  | 'entry'
  | 'page'
  | 'list'
  | 'body'
  | 'call'
  | 'listItem'
  | 'listPage'
  | 'listSpan'
  | 'logRow'
  | 'logPage'
  | 'logDay'
  | 'tenant';

export interface SyncProblem {
  /** The id of the affected call, if any. */
  readonly call: string | undefined;
  readonly unit: ProblemUnit;
  /** What happened, in sentences. */
  readonly reason: string;
  /** What happens next, and what the user can do. */
  readonly next: string;
  /** False when all received data is stored but some of it is odd. */
  readonly isLoss: boolean;
}

export function problemText({ call, reason, next }: SyncProblem): string {
  return `${call === undefined ? '' : `Call ${call}: `}${reason} ${next}`;
}

export const nextSteps = {
  listAgain: 'Sync requests it again while it runs, or at its next start.',
  fetchAgain: 'Sync fetches the call again while it runs, or at its next start.',
  gone: 'Sync does not fetch the call again unless upstream lists it again.',
  asReceived: 'Nothing is lost: the call is stored as it was received.',
} as const;

/**
 * Returns the next step for quarantined data. @param id The id in the quarantine; absent when the quarantine is full or
 * the text is empty.
 */
export function setAsideStep(id: string | undefined): string {
  return id === undefined
    ? 'Its text was not stored.'
    : `Its text was set aside: run rollcall quarantine show ${id.slice(0, shownDigits)} to print it.`;
}

/** Digits of an id that suffice to distinguish pieces. */
const shownDigits = 12;

export function tenantProblem(reason: string, next: string = nextSteps.listAgain): SyncProblem {
  return { call: undefined, unit: 'tenant', reason, next, isLoss: true };
}

export function callProblem(
  call: string,
  unit: 'call' | 'body' | 'list' | 'page',
  { message }: Pick<UpstreamFailure, 'message'>,
): SyncProblem {
  return { call, unit, reason: message, next: nextSteps.fetchAgain, isLoss: true };
}

/** Describes a call that upstream had and no longer has. */
export function goneProblem(call: string, { message }: Pick<UpstreamFailure, 'message'>): SyncProblem {
  return { call, unit: 'call', reason: message, next: nextSteps.gone, isLoss: false };
}

export function oddProblem(call: string, odd: readonly Oddity[]): SyncProblem {
  const reasons = odd.map(({ part, reason, count }) => `${part}: ${count} × ${oddReasons[reason]}`);
  return {
    ...{ call, unit: 'entry', isLoss: false, next: nextSteps.asReceived },
    reason: `The call is stored with ${oddCount(odd) === 1 ? '1 odd value' : `${oddCount(odd)} odd values`}. ${reasons.join(' ')}`,
  };
}
