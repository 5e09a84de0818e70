/** What could not be kept, or not as it should be: one line for the user each. */
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
  /** Id of the call, where it concerns one. */
  readonly call: string | undefined;
  readonly unit: ProblemUnit;
  /** What happened: sentences. */
  readonly reason: string;
  /** What happens next, and what the user can do. */
  readonly next: string;
  /** False when everything that upstream sent is stored: something in it is odd. */
  readonly isLoss: boolean;
}

/** The sentences of a problem as one line. */
export function problemText({ call, reason, next }: SyncProblem): string {
  return `${call === undefined ? '' : `Call ${call}: `}${reason} ${next}`;
}

export const nextSteps = {
  listAgain: 'Sync requests it again while it runs, or at its next start.',
  fetchAgain: 'Sync fetches the call again while it runs, or at its next start.',
  gone: 'Sync does not fetch the call again unless upstream lists it again.',
  asReceived: 'Nothing is lost: the call is stored as it was received.',
} as const;

/** @param id Of the piece in the quarantine; absent where the quarantine is full or the text is empty. */
export function setAsideStep(id: string | undefined): string {
  return id === undefined
    ? 'Its text was not stored.'
    : `Its text was set aside: run rollcall quarantine show ${id.slice(0, shownDigits)} to print it.`;
}

/** Digits of an id that tell one piece from another. */
const shownDigits = 12;

/** A problem of a tenant as a whole. */
export function tenantProblem(reason: string, next: string = nextSteps.listAgain): SyncProblem {
  return { call: undefined, unit: 'tenant', reason, next, isLoss: true };
}

/** Whether a call is missing altogether, or a list or pages of it. */
export function callProblem(
  call: string,
  unit: 'call' | 'body' | 'list' | 'page',
  { message }: Pick<UpstreamFailure, 'message'>,
): SyncProblem {
  return { call, unit, reason: message, next: nextSteps.fetchAgain, isLoss: true };
}

/** A call that upstream was seen to have and does not have any more. */
export function goneProblem(call: string, { message }: Pick<UpstreamFailure, 'message'>): SyncProblem {
  return { call, unit: 'call', reason: message, next: nextSteps.gone, isLoss: false };
}

/** A call that is stored with marks. */
export function oddProblem(call: string, odd: readonly Oddity[]): SyncProblem {
  const reasons = odd.map(({ part, reason, count }) => `${part}: ${count} × ${oddReasons[reason]}`);
  return {
    ...{ call, unit: 'entry', isLoss: false, next: nextSteps.asReceived },
    reason: `The call is stored with ${oddCount(odd) === 1 ? '1 odd value' : `${oddCount(odd)} odd values`}. ${reasons.join(' ')}`,
  };
}
