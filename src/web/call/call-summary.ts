import type { CallCompleteness } from '../../contract/call-completeness.ts';
import type { FoundCall } from '../calls/found-call.ts';

/** A call as `/rollcall/calls/{id}/summary` gives it. */
export interface CallSummary extends Omit<FoundCall, 'state'> {
  readonly completeness: CallCompleteness;
  /** How many were stored. */
  readonly versions: number;
}
