import type { FoundCall } from '../calls/found-call.ts';
import type { Completeness } from './completeness.ts';

/** A call as `/rollcall/calls/{id}/summary` gives it. */
export interface CallSummary extends FoundCall {
  readonly completeness: Completeness;
  /** How many were stored. */
  readonly versions: number;
}
