/** Which part answers a URL: the Graph API by version, its metadata, Rollcall's own paths. */
import { Fault } from '../faults.ts';
import type { Edm } from '../model/edm.ts';
import { encodeBody } from './encode-body.ts';
import type { Exchange } from './exchange.ts';
import type { GraphRequest, GraphResponse } from './messages.ts';
import { readMetadata } from './metadata.ts';
import { originOf, type OriginRules } from './origin.ts';
import { read, type ReadParts } from './read.ts';
import { sendBody } from './send-body.ts';

/** Answers paths outside the Graph API; `undefined` when the path is not one of its own. */
export type OtherPaths = (exchange: Exchange, path: string, origin: string) => Promise<void> | undefined;

export interface ApiParts extends ReadParts {
  readonly origin: OriginRules;
  readonly otherPaths: OtherPaths;
}

export function createApi(parts: ApiParts): (exchange: Exchange) => Promise<void> {
  return async (exchange) => {
    const { request } = exchange;
    const origin = originOf(request.headers, request.socket.remoteAddress, parts.origin);
    const { path, query } = splitUrl(request.url ?? '/');
    const version = versionOf(path);
    if (version === undefined) {
      const answered = parts.otherPaths(exchange, path, origin);
      if (answered === undefined)
        throw new Fault('pageMissing', `Nothing is at '${path}'. The API is below /v1.0.`);
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
    const response =
      graphRequest.path === '$metadata' ? readMetadata(graphRequest) : await read(graphRequest, parts);
    send(exchange, response);
    return undefined;
  };
}

function send(exchange: Exchange, response: GraphResponse): void {
  const { status, contentType, etag, preferenceApplied, warning, body } = response;
  const headers: [string, string][] = [];
  if (etag !== undefined) headers.push(['ETag', etag]);
  if (preferenceApplied) headers.push(['Preference-Applied', preferenceApplied]);
  if (warning !== undefined) headers.push(['Warning', warning]);
  if (body === undefined) {
    sendBody(exchange, { status, headers, parts: [] });
    return;
  }
  const accepted = exchange.request.headers['accept-encoding'];
  const { encoding, parts } = encodeBody(body, Array.isArray(accepted) ? accepted.join() : accepted);
  if (encoding !== undefined) headers.push(['Content-Encoding', encoding]);
  sendBody(exchange, { status, contentType, headers, parts });
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
