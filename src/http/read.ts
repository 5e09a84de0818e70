/** The whole of a read, top to bottom: each line either goes on or refuses. */
import { authorize } from '../auth/permission.ts';
import type { Caller } from '../auth/caller.ts';
import { Fault } from '../faults.ts';
import { type Edm, edms } from '../model/edm.ts';
import { type Cloud, resourceAt } from '../model/resources.ts';
import { negotiateMedia } from '../odata/accept.ts';
import { parsePath } from '../odata/path.ts';
import { parsePrefer } from '../odata/prefer.ts';
import { parseQueryOptions } from '../odata/query-options.ts';
import type { SkipTokens } from '../odata/skip-token.ts';
import type { ReadRequest } from '../plan/read-plan.ts';
import { resolveTarget, type Target } from '../plan/target.ts';
import type { CallRecordStore } from '../store/store.ts';
import type { GraphRequest, GraphResponse } from './messages.ts';
import { routes } from './routes/index.ts';

/** The parts a read uses. */
export interface ReadParts {
  readonly store: CallRecordStore;
  readonly skipTokens: SkipTokens;
  readonly cloud: Cloud;
  /** Ignore undocumented query options, with a `Warning`, instead of refusing them. */
  readonly loose: boolean;
}

/** A request understood and allowed, for the handler of its route. */
export interface Read extends ReadRequest {
  readonly request: GraphRequest;
  readonly caller: Caller;
  readonly target: Target;
  readonly edm: Edm;
}

/** @param caller Who asks, by a verified token. */
export async function read(request: GraphRequest, caller: Caller, parts: ReadParts): Promise<GraphResponse> {
  const edm = edms[request.version];
  const target = resolveTarget(parsePath(request.path), edm); // 400
  const resource = resourceAt(target.template);
  if (!resource?.clouds.includes(parts.cloud)) throw notThere(target);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    throw new Fault('methodNotAllowed', 'Specified HTTP method is not allowed for the request target.');
  }
  authorize(caller, resource.permissions); // 403
  const handler = routes[target.template];
  if (handler === undefined)
    throw new Fault('notOffered', `This release does not serve '${target.template}'.`);
  const options = parseQueryOptions(request.query, { dollarOptional: request.version === 'beta' }); // 400
  const preferences = parsePrefer(request.headers['prefer'] as string | undefined);
  const media = negotiateMedia(request.headers.accept, options.format); // 406
  return handler({ request, caller, target, edm, options, preferences, media, loose: parts.loose }, parts);
}

function notThere(target: Target): Fault {
  const last = target.steps.at(-1)?.navigation ?? '';
  return new Fault('unknownSegment', `Resource not found for the segment '${last}'.`, { target: last });
}
