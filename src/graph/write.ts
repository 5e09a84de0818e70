/** Answers a request that changes data from top to bottom: each step continues or throws a fault. */
import { hasPermission } from './permission.ts';
import type { Caller } from './caller.ts';
import { Fault } from '../contract/faults.ts';
import { edms, structuredType } from '../contract/edm.ts';
import { type Change, methodsOf, resourceAt } from '../contract/resources.ts';
import { negotiateMedia } from '../query/odata/accept.ts';
import { parsePath } from '../query/odata/path.ts';
import { parseQueryOptions } from '../query/odata/query-options.ts';
import { type BodyMembers, planMembers } from '../query/plan/members.ts';
import { resolveTarget } from '../query/plan/target.ts';
import type { GraphRequest, GraphResponse } from './messages.ts';
import { segmentMissing } from './method-faults.ts';
import { writerOf } from './routes/index.ts';
import type { WriteParts } from './handler.ts';

/** Reads and parses the request body as JSON. @throws Fault when it is absent or not JSON */
export type ReadJson = () => Promise<unknown>;

/** Answers POST, PATCH and DELETE. @param caller The caller of a verified token. */
export async function write(
  request: GraphRequest,
  caller: Caller,
  parts: WriteParts,
  readJson: ReadJson,
): Promise<GraphResponse> {
  const edm = edms[request.version];
  const target = resolveTarget(parsePath(request.path), edm); // 400
  const resource = resourceAt(target.template);
  if (!resource?.clouds.includes(parts.cloud)) throw segmentMissing(target);
  const writer = writerOf(target, request.method);
  if (writer === undefined) throw methodMissing(methodsOf(resource)); // 405
  if (!hasPermission(caller, resource.permissions)) throw changeForbidden(request.method); // 403
  const options = parseQueryOptions(request.query); // 400
  const media = negotiateMedia(request.headers.accept, options.format); // 406
  const type = structuredType(edm, target.typeName);
  const members = writer.takesBody ? planMembers(await readJson(), type) : noMembers; // 400
  return writer.handle({ request, caller, target, media, members }, parts);
}

const noMembers: BodyMembers = new Map();

/** Returns the live service's fault (contract: error-observed-403-subscription-extensionerror). */
function changeForbidden(method: string): Fault {
  const operation = operations[method as Change] ?? 'Create'; // the route has a writer for this method
  return new Fault(
    'subscriptionForbidden',
    `Operation: ${operation}; Exception: [Status Code: Forbidden; Reason: The request is not authorized for this user or application.]`,
  );
}

const operations: Readonly<Partial<Record<Change, string>>> = {
  POST: 'Create',
  PATCH: 'Update',
  DELETE: 'Delete',
};

function methodMissing(methods: readonly string[]): Fault {
  return new Fault('methodNotAllowed', 'Specified HTTP method is not allowed for the request target.', {
    target: methods.join(', '),
  });
}
