/** Answers a read from top to bottom: each step continues or throws a fault. */
import { authorize } from './permission.ts';
import type { Caller } from './caller.ts';
import { Fault } from '../contract/faults.ts';
import { edms } from '../contract/edm.ts';
import { methodsOf, resourceAt } from '../contract/resources.ts';
import { negotiateMedia, plainText } from '../query/odata/accept.ts';
import { parsePath } from '../query/odata/path.ts';
import { parsePrefer } from '../query/odata/prefer.ts';
import { parseQueryOptions } from '../query/odata/query-options.ts';
import { refuseUndocumented } from '../query/plan/read-plan.ts';
import { resolveTarget } from '../query/plan/target.ts';
import type { GraphRequest, GraphResponse } from './messages.ts';
import { segmentMissing } from './method-faults.ts';
import { handlerOf } from './routes/index.ts';
import type { ReadParts } from './handler.ts';

/** Answers GET and HEAD. */
export async function read(request: GraphRequest, caller: Caller, parts: ReadParts): Promise<GraphResponse> {
  const edm = edms[request.version];
  const target = resolveTarget(parsePath(request.path), edm); // 400
  const resource = resourceAt(target.template);
  if (!resource?.clouds.includes(parts.cloud)) throw segmentMissing(target);
  if (resource.readable === false)
    throw new Fault('methodNotAllowed', 'Specified HTTP method is not allowed for the request target.', {
      target: methodsOf(resource).join(', '),
    });
  authorize(caller, resource.permissions); // 403
  const handler = handlerOf(target);
  const options = parseQueryOptions(request.query); // 400
  const preferences = parsePrefer(request.headers['prefer'] as string | undefined);
  const media = resource.isText ? plainText : negotiateMedia(request.headers.accept, options.format); // 406
  const { loose, deprecated } = parts;
  const asked = { options, preferences, media, loose, deprecated };
  const ignored = refuseUndocumented(asked, resource); // 400
  const reconciled =
    preferences.participants === undefined ? parts.reconciled : preferences.participants === 'reconciled';
  return handler({ ...asked, request, caller, target, resource, edm, reconciled, ignored }, parts);
}
