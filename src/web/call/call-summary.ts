import type { CallCompleteness } from '../../contract/call-completeness.ts';
import type { FoundCallRow } from '../calls/found-call.ts';

/** A call as `/rollcall/calls/{id}/summary` returns it. */
export interface CallSummary extends Omit<FoundCallRow, 'state' | 'people'> {
  readonly completeness: CallCompleteness;
  /** The number of stored versions. */
  readonly versions: number;
}
