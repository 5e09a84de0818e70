/** Refusals that several routes make. */
import { Fault } from '../contract/faults.ts';
import { unemulatedArea } from '../contract/graph-areas.ts';
import type { Edition } from '../store/edition.ts';
import { CallDamaged } from '../store/store-errors.ts';
import type { Target } from '../query/plan/target.ts';
import type { GraphRequest } from './messages.ts';

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

/** Refuses what only Graph has: nobody may take a hole of the emulator for Graph's behaviour. @throws Fault `notEmulated` */
export function refuseUnemulated({ version, path }: Pick<GraphRequest, 'version' | 'path'>): void {
  const area = unemulatedArea(version, path);
  if (area === undefined) return;
  const message = `This emulator does not have '${area}', which is a part of Microsoft Graph. The answer says nothing about what Graph does.`;
  throw new Fault('notEmulated', message, { target: area });
}
