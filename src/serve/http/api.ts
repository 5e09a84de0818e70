/** Which part answers a URL: the Graph API by version, its metadata, Rollcall's own paths. */
import type { Caller } from '../../graph/caller.ts';
import type { Verified } from '../auth/verifier.ts';
import { Fault } from '../../contract/faults.ts';
import type { Edm } from '../../contract/edm.ts';
import { bytesBody } from '../../wire/projection/body.ts';
import type { Awaitable } from '../../base/awaitable.ts';
import type { Authenticate } from './authenticate.ts';
import { answerBatch } from '../../graph/batch.ts';
import { encodeBody } from './encode-body.ts';
import type { OnDefect } from '../../graph/error-response.ts';
import { type Answer, type Exchange, send } from '../../graph/exchange.ts';
import type { RequestInterceptor } from './request-interceptor.ts';
import type { GraphRequest, GraphResponse } from '../../graph/messages.ts';
import { readMetadata } from '../../graph/metadata.ts';
import { originOf, type OriginRules } from './origin.ts';
import { read } from '../../graph/read.ts';
import { readBody } from '../../graph/read-body.ts';
import { readJsonBody } from '../../graph/json-body.ts';
import { splitTarget } from './request-target.ts';
import { readServiceDocument } from '../../graph/service-document.ts';
import { type ReadJson, write } from '../../graph/write.ts';
import type { WriteParts } from '../../graph/handler.ts';
import { cacheKey, type ResponseCache } from '../../graph/response-cache.ts';
import { createTickRevision } from '../../graph/tick-revision.ts';

/** Answers paths outside the Graph API; `undefined` when the path is not one of its own. */
export type OtherPaths = (exchange: Exchange, path: string, origin: string) => Promise<void> | undefined;

interface ApiParts extends WriteParts {
  readonly authenticate: Authenticate;
  readonly origin: OriginRules;
  readonly otherPaths: OtherPaths;
  readonly responses: ResponseCache;
  readonly interceptor?: RequestInterceptor | undefined;
  /** What a 401 says besides: the `WWW-Authenticate` header. */
  readonly challenge: string;
  /** Told of a defect, with the id under which the client was told. */
  readonly onDefect: OnDefect;
}

/** What requests share besides. */
interface SharedParts extends ApiParts {
  readonly revision: () => Awaitable<number | undefined>;
}

export function createApi(given: ApiParts): (exchange: Exchange) => Promise<void> | undefined {
  const { otherPaths, authenticate } = given;
  const parts: SharedParts = { ...given, revision: createTickRevision(given.store) };
  return (exchange) => {
    const { request } = exchange;
    const origin = originOf(request, exchange.clientAddress, parts.origin);
    const { path, query } = splitTarget(request.url ?? '/');
    const version = versionOf(path);
    if (version === undefined) {
      const answered = otherPaths(exchange, path, origin);
      if (answered === undefined)
        throw new Fault('pageMissing', 'Nothing is here. The API is below /v1.0 and /beta.');
      return answered;
    }
    const graphRequest: GraphRequest = {
      method: request.method ?? 'GET',
      version,
      path: path.slice(version.length + 2),
      query,
      headers: request.headers,
      serviceRoot: `${origin}/${version}`,
    };
    const open = openDocuments[graphRequest.path];
    if (open !== undefined) {
      send(exchange, answerOf(open(graphRequest), graphRequest));
      return undefined;
    }
    const verified = authenticate(exchange); // 401
    if (graphRequest.path === '$batch') return batch(graphRequest, verified, exchange, parts);
    if (!(verified instanceof Promise)) return answer(graphRequest, verified, exchange, parts);
    return verified.then((fresh) => answer(graphRequest, fresh, exchange, parts));
  };
}

/** Public, as Graph's are. */
const openDocuments: Readonly<Partial<Record<string, (request: GraphRequest) => GraphResponse>>> = {
  '': readServiceDocument,
  $metadata: readMetadata,
};

export const maxBatchBytes = 2 ** 20;

async function batch(
  request: GraphRequest,
  verified: Verified | Promise<Verified>,
  exchange: Exchange,
  parts: SharedParts,
): Promise<void> {
  const { caller, access } = await verified;
  if (request.method !== 'POST')
    throw new Fault('methodNotAllowed', 'A batch is sent with POST.', { target: 'POST' });
  const bytes = exchange.body ?? (await readBody(exchange.request, maxBatchBytes));
  const { challenge, clock, onDefect, responses, interceptor } = parts;
  const revision = await parts.revision();
  const keyOf = ({ method, path, query, serviceRoot, headers }: GraphRequest) =>
    cacheKey(`batch ${method} ${path}?${query}`, serviceRoot, access, headers);
  // An item is the caller's, whatever its own headers say.
  const asBatch = (one: GraphRequest) => ({
    ...one,
    headers: { authorization: request.headers.authorization },
  });
  const body = await answerBatch(request, bytes, {
    answer: (one, readJson) => perform(one, caller, parts, readJson),
    admit: (one) => interceptor?.admit?.(one, caller),
    intercept: interceptor?.batchItem && ((one, ids) => interceptor.batchItem?.(asBatch(one), ids)),
    revise:
      interceptor?.batchAnswer &&
      ((one, answered) => interceptor.batchAnswer?.(asBatch(one), answered) ?? answered),
    ready: (one) => {
      const ready = responses.get(keyOf(one));
      return ready?.revision === revision ? ready?.answer : undefined;
    },
    keep: (one, answer) => {
      const key = keyOf(one);
      if (revision !== undefined && responses.isWanted(key)) responses.set(key, answer, revision);
    },
    challenge,
    clock,
    onDefect,
  });
  const response = {
    status: 200,
    contentType: 'application/json',
    etag: undefined,
    body: bytesBody(body),
  } as const;
  send(exchange, answerOf(response, request));
}

function answer(
  request: GraphRequest,
  verified: Verified,
  exchange: Exchange,
  parts: SharedParts,
): Promise<void> | undefined {
  const { responses, interceptor } = parts;
  interceptor?.admit?.(request, verified.caller);
  const key = cacheKey(exchange.request.url ?? '', request.serviceRoot, verified.access, request.headers);
  const ready = request.method === 'GET' ? responses.get(key) : undefined;
  const answerAt = (revision: number | undefined): Promise<void> | undefined => {
    if (ready === undefined || ready.revision !== revision)
      return answerAnew(request, verified, exchange, parts, { key, revision });
    send(exchange, ready.answer);
    return undefined;
  };
  if (ready === undefined && (request.method !== 'GET' || !responses.isWanted(key)))
    return answerAt(undefined);
  const revision = parts.revision();
  return revision instanceof Promise ? revision.then(answerAt) : answerAt(revision);
}

function answerAnew(
  request: GraphRequest,
  { caller }: Verified,
  exchange: Exchange,
  parts: ApiParts,
  { key, revision }: { readonly key: string; readonly revision: number | undefined },
): Promise<void> {
  const { responses } = parts;
  return perform(request, caller, parts, () => readJsonBody(exchange.request)).then((response) => {
    const fresh = answerOf(response, request);
    if (revision !== undefined && response.isMomentary !== true) responses.set(key, fresh, revision);
    send(exchange, fresh);
  });
}

function perform(
  request: GraphRequest,
  caller: Caller,
  parts: ApiParts,
  readJson: ReadJson,
): Promise<GraphResponse> {
  return isRead(request) ? read(request, caller, parts) : write(request, caller, parts, readJson);
}

function isRead({ method }: GraphRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

function answerOf(response: GraphResponse, request: GraphRequest): Answer {
  const accepted = request.headers['accept-encoding'];
  const { status, contentType, etag, preferenceApplied, warning, location, body } = response;
  const headers: string[] = [];
  if (etag !== undefined) headers.push('ETag', etag);
  if (preferenceApplied !== undefined) headers.push('Preference-Applied', preferenceApplied);
  if (warning !== undefined) headers.push('Warning', warning);
  if (location !== undefined) headers.push('Location', location);
  if (body === undefined) return { status, headers, body: '' };
  headers.push('Content-Type', contentType);
  const encoded = encodeBody(body, Array.isArray(accepted) ? accepted.join() : accepted);
  if (encoded.encoding !== undefined) headers.push('Content-Encoding', encoded.encoding);
  return { status, headers, body: encoded.body };
}

function versionOf(path: string): Edm['version'] | undefined {
  const end = path.indexOf('/', 1);
  const first = path.slice(1, end < 0 ? undefined : end);
  return first === 'v1.0' || first === 'beta' ? first : undefined;
}
