/**
 * Lists what a verification found damaged, missing, quarantined or odd: one line each, with the reason and what happens
 * next.
 */
import { reasonText } from '../collect/sync/failure.ts';
import { nextSteps, oddProblem, setAsideStep } from '../collect/sync/problem.ts';
import type { QuarantinedPiece } from '../store/quarantine.ts';
import type { Gap } from '../maintain/verify/gaps.ts';
import type { TotalReport } from '../maintain/verify/report.ts';

export interface VerifyProblem {
  /** Null when it concerns no call. */
  readonly call: string | null;
  readonly unit: string;
  readonly reason: string;
  readonly next: string;
}

/** Maximum problems of each kind to list. */
const mostOfKind = 1000;

/**
 * Returns the problems, worst first: damage, gaps, quarantined data, oddities. @param damagedCalls Calls in which
 * damage was found.
 */
export function problemsOf(
  { gaps, named }: TotalReport,
  damagedCalls: readonly string[],
): readonly VerifyProblem[] {
  return [
    ...damagedCalls.slice(0, mostOfKind).map(damaged),
    ...gaps.slice(0, mostOfKind).map(missing),
    ...named.pieces.map(setAside),
    ...named.oddCalls.map(({ callId, odd }) => markedCall(callId, odd)),
  ];
}

export function problemLine({ call, reason, next }: VerifyProblem): string {
  return `${call === null ? '' : `Call ${call}: `}${reason} ${next}`;
}

const restore = 'Restore the store from a backup, or import or sync the call into a new one.';

function damaged(call: string): VerifyProblem {
  return { call, unit: 'call', reason: 'What is stored is not what was stored.', next: restore };
}

function markedCall(call: string, odd: Parameters<typeof oddProblem>[1]): VerifyProblem {
  const { unit, reason } = oddProblem(call, odd);
  return { call, unit, reason, next: nextSteps.asReceived };
}

function setAside({ id, callId, unit, reason, origin }: QuarantinedPiece): VerifyProblem {
  return { call: callId ?? null, unit, reason: `Set aside by ${origin}: ${reason}`, next: setAsideStep(id) };
}

function missing(gap: Gap): VerifyProblem {
  const { kind, callId, reason } = gap;
  const why = reason === undefined ? '' : ` ${reasonText(reason)}`;
  return { call: callId ?? null, unit: units[kind], reason: `${whatOf(gap)}${why}`, next: nextStep(gap) };
}

const units: Readonly<Record<Gap['kind'], string>> = {
  hoursNotListed: 'hours',
  recordNotFetched: 'call',
  recordDamaged: 'call',
  recordMissing: 'call',
  listMissing: 'list',
  pagesMissing: 'page',
};

function whatOf(gap: Gap): string {
  const when = timeOf(gap);
  switch (gap.kind) {
    case 'hoursNotListed':
      return `Not listed ${when}${gap.log === undefined ? '' : ` in ${gap.log}`}.`;
    case 'recordNotFetched':
      return `It was seen (${when}) and not fetched.`;
    case 'recordDamaged':
      return 'It is damaged, and was incomplete before.';
    case 'recordMissing':
      return 'Only pages of it were received, not the record.';
    case 'listMissing':
      return `A list of its participants or sessions was not received (${when}).`;
    case 'pagesMissing':
      return `Pages of its participants or sessions are missing (${when}).`;
  }
}

function timeOf({ from, to }: Gap): string {
  if (from === null) return 'at an unknown time';
  return to === null || to === from ? `of ${from}` : `from ${from} to ${to}`;
}

function nextStep({ kind, healable, known, log }: Gap): string {
  if (kind === 'recordDamaged') return restore;
  if (healable) return 'rollcall sync fetches it while upstream has it.';
  if (known !== false)
    return 'It has expired at upstream: import it from an export or a backup if you have one.';
  return log === undefined
    ? 'No sync keeps this tenant: run rollcall sync within 30 days of the call, or import what is missing.'
    : 'It is not known whether upstream still has it: rollcall sync asks.';
}
