/** Refusals that several routes make. */
import { Fault } from '../contract/faults.ts';
import type { Edition } from '../store/edition.ts';
import { CallDamaged } from '../store/store-errors.ts';
import type { Target } from '../query/plan/target.ts';

/** Graph's answer to an id it does not know has an empty message (contract: error-observed-404-notfound-emptymessage). */
export function callRecordMissing(): Fault {
  return new Fault('recordMissing', '');
}

/** The store has the call, but not all of what it says it has. */
export function missingPart({ callId }: Pick<Edition, 'callId'>): CallDamaged {
  return new CallDamaged(callId);
}

/** What the path addresses is not offered here. */
export function segmentMissing(target: Target): Fault {
  const last = target.call?.text ?? target.steps.at(-1)?.navigation ?? '';
  return new Fault('unknownSegment', `Resource not found for the segment '${last}'.`, { target: last });
}
