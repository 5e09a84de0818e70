/** Answers a request to the Graph API: a public document, a batch, a cached response, or a new one. */
import type { Caller } from '../../graph/caller.ts';
import type { Verified } from '../auth/verifier.ts';
import { Fault } from '../../contract/faults.ts';
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
import { read } from '../../graph/read.ts';
import { readBody } from '../../graph/read-body.ts';
import { readJsonBody } from '../../graph/json-body.ts';
import { ownHeaders } from '../../graph/response.ts';
import { readServiceDocument } from '../../graph/service-document.ts';
import { type ReadJson, write } from '../../graph/write.ts';
import type { WriteParts } from '../../graph/handler.ts';
import { cacheKey, type ResponseCache } from '../../graph/response-cache.ts';
import { createTickRevision } from '../../graph/tick-revision.ts';

interface GraphParts extends WriteParts {
  readonly authenticate: Authenticate;
  readonly responses: ResponseCache;
  readonly interceptor?: RequestInterceptor | undefined;
  /** The `WWW-Authenticate` header of a 401. */
  readonly challenge: string;
  readonly onDefect: OnDefect;
}

interface SharedParts extends GraphParts {
  /** The store revision, read once per event-loop tick. */
  readonly revision: () => Awaitable<number | undefined>;
}

/** Answers a request to the Graph API, below a version. @throws Fault */
export type AnswerGraph = (request: GraphRequest, exchange: Exchange) => Promise<void> | undefined;

export function createGraph(given: GraphParts): AnswerGraph {
  const { authenticate } = given;
  const parts: SharedParts = { ...given, revision: createTickRevision(given.store) };
  return (request, exchange) => {
    const open = openDocuments[request.path];
    if (open !== undefined) {
      send(exchange, answerOf(open(request), request));
      return undefined;
    }
    const verified = authenticate(exchange); // 401
    if (request.path === '$batch') return batch(request, verified, exchange, parts);
    if (!(verified instanceof Promise)) return answer(request, verified, exchange, parts);
    return verified.then((fresh) => answer(request, fresh, exchange, parts));
  };
}

/** Documents that need no token, as in Graph. */
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
  // An item is answered for the batch's caller, whatever its headers contain.
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
  const response = { status: 200, contentType: 'application/json', body: bytesBody(body) } as const;
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
      return answerUncached(request, verified, exchange, parts, { key, revision });
    send(exchange, ready.answer);
    return undefined;
  };
  if (ready === undefined && (request.method !== 'GET' || !responses.isWanted(key)))
    return answerAt(undefined);
  const revision = parts.revision();
  return revision instanceof Promise ? revision.then(answerAt) : answerAt(revision);
}

function answerUncached(
  request: GraphRequest,
  { caller }: Verified,
  exchange: Exchange,
  parts: GraphParts,
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
  parts: GraphParts,
  readJson: ReadJson,
): Promise<GraphResponse> {
  return isRead(request) ? read(request, caller, parts) : write(request, caller, parts, readJson);
}

function isRead({ method }: GraphRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

function answerOf(response: GraphResponse, request: GraphRequest): Answer {
  const accepted = request.headers['accept-encoding'];
  const { status, contentType, body } = response;
  const headers = ownHeaders(response);
  if (body === undefined) return { status, headers, body: '' };
  headers.push('Content-Type', contentType);
  const encoded = encodeBody(body, Array.isArray(accepted) ? accepted.join() : accepted);
  if (encoded.encoding !== undefined) headers.push('Content-Encoding', encoded.encoding);
  return { status, headers, body: encoded.body };
}
