/** Decides which authenticated requests of the Graph API the emulator answers. */
import type { Caller } from '../graph/caller.ts';
import { Fault } from '../contract/faults.ts';
import { unemulatedArea } from '../contract/graph-areas.ts';
import { edms } from '../contract/edm.ts';
import type { GraphRequest } from '../graph/messages.ts';
import { parsePath } from '../query/odata/path.ts';
import { resolveTarget, type Target } from '../query/plan/target.ts';
import type { Throttle } from './throttle.ts';

type Addressed = Pick<GraphRequest, 'version' | 'path'>;

/** Returns a check with Fault `notEmulated`, and `tooManyRequests` where requests are limited. */
export function createAdmission(throttle?: Throttle): (request: Addressed, caller: Caller) => void {
  return (request, caller) => {
    rejectUnemulated(request);
    admitBy(throttle, request, caller);
  };
}

/** Counts a request of a known path. @throws Fault `tooManyRequests` */
export function admitBy(throttle: Throttle | undefined, { version, path }: Addressed, caller: Caller): void {
  if (throttle === undefined) return;
  const target = targetOf({ version, path });
  if (target !== undefined) throttle(caller, target);
}

function targetOf({ version, path }: Addressed): Target | undefined {
  try {
    return resolveTarget(parsePath(path), edms[version]);
  } catch (error) {
    if (error instanceof Fault) return undefined; // the API rejects it
    throw error;
  }
}

/** Rejects what only Graph has, so that no client takes a missing part of the emulator for Graph's behavior. */
function rejectUnemulated({ version, path }: Addressed): void {
  const area = unemulatedArea(version, path);
  if (area === undefined) return;
  const message = `This emulator does not emulate '${area}' of Microsoft Graph. The response does not show what Graph does.`;
  throw new Fault('notEmulated', message, { target: area });
}
