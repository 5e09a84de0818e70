/** Which part answers a URL: the Graph API by version, its metadata, Rollcall's own paths. */
import { Fault } from '../faults.ts';
import type { Edm } from '../model/edm.ts';
import { encodeBody } from './encode-body.ts';
import { type Answer, type Exchange, send } from './exchange.ts';
import type { GraphRequest, GraphResponse } from './messages.ts';
import { readMetadata } from './metadata.ts';
import { originOf, type OriginRules } from './origin.ts';
import { read, type ReadParts } from './read.ts';
import { cacheKey, type ResponseCache } from './response-cache.ts';

/** Answers paths outside the Graph API; `undefined` when the path is not one of its own. */
export type OtherPaths = (exchange: Exchange, path: string, origin: string) => Promise<void> | undefined;

export interface ApiParts extends ReadParts {
  readonly origin: OriginRules;
  readonly otherPaths: OtherPaths;
  readonly responses: ResponseCache;
}

export function createApi(parts: ApiParts): (exchange: Exchange) => Promise<void> | undefined {
  const { otherPaths, responses, store, verifier } = parts;
  return (exchange) => {
    const { request } = exchange;
    const origin = originOf(request.headers, request.socket.remoteAddress, parts.origin);
    const key = cacheKey(request, origin);
    const ready = key === undefined ? undefined : responses.get(key);
    if (ready !== undefined) {
      send(exchange, ready);
      return undefined;
    }
    const { path, query } = splitUrl(request.url ?? '/');
    const version = versionOf(path);
    if (version !== undefined)
      return answerGraph(version, path.slice(version.length + 2), query, origin, exchange, key);
    const answered = otherPaths(exchange, path, origin);
    if (answered === undefined)
      throw new Fault('pageMissing', 'Nothing is here. The API is below /v1.0 and /beta.');
    return answered;
  };

  async function answerGraph(
    version: Edm['version'],
    path: string,
    query: string,
    origin: string,
    exchange: Exchange,
    key: string | undefined,
  ): Promise<void> {
    const { method = 'GET', headers } = exchange.request;
    const serviceRoot = `${origin}/${version}`;
    const graphRequest: GraphRequest = { method, version, path, query, headers, serviceRoot };
    const revision = store.revision();
    const isMetadata = path === '$metadata';
    const response = isMetadata ? readMetadata(graphRequest) : await read(graphRequest, parts);
    const answer = answerOf(response, headers['accept-encoding']);
    if (key !== undefined && revision !== undefined && !isMetadata) {
      responses.set(key, answer, revision, verifier.goodUntil(headers.authorization));
    }
    send(exchange, answer);
  }
}

function answerOf(response: GraphResponse, accepted: string | string[] | undefined): Answer {
  const { status, contentType, etag, preferenceApplied, warning, body } = response;
  const headers: string[] = [];
  if (etag !== undefined) headers.push('ETag', etag);
  if (preferenceApplied !== undefined) headers.push('Preference-Applied', preferenceApplied);
  if (warning !== undefined) headers.push('Warning', warning);
  if (body === undefined) return { status, headers, body: '' };
  headers.push('Content-Type', contentType);
  const encoded = encodeBody(body, Array.isArray(accepted) ? accepted.join() : accepted);
  if (encoded.encoding !== undefined) headers.push('Content-Encoding', encoded.encoding);
  return { status, headers, body: encoded.body };
}

/** The path and the query of a request target, in origin or absolute form (RFC 9112, section 3.2). */
function splitUrl(url: string): { path: string; query: string } {
  const local = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?#]*/i, '') || '/';
  const mark = local.indexOf('?');
  return mark < 0 ? { path: local, query: '' } : { path: local.slice(0, mark), query: local.slice(mark + 1) };
}

function versionOf(path: string): Edm['version'] | undefined {
  const end = path.indexOf('/', 1);
  const first = path.slice(1, end < 0 ? undefined : end);
  return first === 'v1.0' || first === 'beta' ? first : undefined;
}
