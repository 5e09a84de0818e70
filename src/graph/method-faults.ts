/** Creates faults that several routes share. */
import { Fault } from '../contract/faults.ts';
import type { Edition } from '../store/edition.ts';
import { CallDamaged } from '../store/store-errors.ts';
import type { Target } from '../query/plan/target.ts';

/** Returns the fault for an unknown call id, with Graph's message (error-observed-404-notfound-emptymessage). */
export function callRecordMissing(): Fault {
  return new Fault('recordMissing', '');
}

/** Returns the fault for a call of which the store lacks rows it should have. */
export function missingPart({ callId }: Pick<Edition, 'callId'>): CallDamaged {
  return new CallDamaged(callId);
}

/** Returns the fault for a path segment that Rollcall does not offer. */
export function segmentMissing(target: Target): Fault {
  const last = target.call?.text ?? target.steps.at(-1)?.navigation ?? '';
  return new Fault('unknownSegment', `Resource not found for the segment '${last}'.`, { target: last });
}
