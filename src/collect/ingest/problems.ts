/** Reports problems of an import besides rejected lines: marks, quarantined pieces, missing pages. */
import { type Oddity, type OddReason, oddReasons } from '../../contract/oddities.ts';

export interface ImportProblem {
  readonly file: string;
  /** 0 when it has no line. */
  readonly line: number;
  readonly call?: string;
  /** The affected part of the files, smallest first. */
  readonly unit: 'entry' | 'value' | 'logRow' | 'page' | 'list' | 'line' | 'file';
  readonly reason: string;
  /** What happens next, or what the user can do. */
  readonly next: string;
  readonly count: number;
}

type Where = Pick<ImportProblem, 'file' | 'line'>;

export function markProblems(where: Where, call: string, odd: readonly Oddity[]): readonly ImportProblem[] {
  return odd.map(({ part, reason, count }) => ({
    ...where,
    call,
    unit: part === 'record' ? 'value' : 'entry',
    reason: `${part}: ${oddReasons[reason]}`,
    next:
      reason === 'setAside'
        ? 'The rest of the call was stored. Run rollcall quarantine show ID to see this piece.'
        : 'The call was stored and is served as received.',
    count,
  }));
}

export function rowProblems(where: Where, odd: readonly OddReason[]): readonly ImportProblem[] {
  const next = 'The row was stored and is served as received.';
  return odd.map((reason) => ({ ...where, unit: 'logRow', reason: oddReasons[reason], next, count: 1 }));
}

/** Reports a list that is missing, or pages of it. */
export function missingProblem(
  where: Where,
  call: string,
  list: string,
  unit: 'page' | 'list',
): ImportProblem {
  return { ...where, call, unit, ...missingTexts[unit](list), count: 1 };
}

const missingTexts = {
  page: (list: string) => ({
    reason: `A page of ${list} is missing: the list continues at its @odata.nextLink.`,
    next: 'Save the page at that link and import it, or let rollcall sync fetch the call.',
  }),
  list: (list: string) => ({
    reason: `The list ${list} of the call was not received.`,
    next: `Save …/callRecords/ID/${list} and import it, or let rollcall sync fetch the call.`,
  }),
};
