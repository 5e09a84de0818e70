/** Answers `GET /{version}/` with the service document (OData JSON Format 4.01, section 5). */
import { Fault } from '../contract/faults.ts';
import { edms } from '../contract/edm.ts';
import { negotiateMedia } from '../query/odata/accept.ts';
import { parseQueryOptions } from '../query/odata/query-options.ts';
import { textBody } from '../wire/projection/body.ts';
import type { GraphRequest, GraphResponse } from './messages.ts';

export function readServiceDocument(request: GraphRequest): GraphResponse {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    throw new Fault('methodNotAllowed', 'Specified HTTP method is not allowed for the request target.');
  }
  const { format } = parseQueryOptions(request.query);
  const media = negotiateMedia(request.headers.accept, format);
  const value = [...edms[request.version].container.values()].map(({ name, collection }) => ({
    name,
    kind: collection ? 'EntitySet' : 'Singleton',
    url: name,
  }));
  const context = { '@odata.context': `${request.serviceRoot}/$metadata` };
  return {
    status: 200,
    contentType: media.contentType,
    body: textBody(JSON.stringify({ ...(media.metadata !== 'none' && context), value })),
  };
}
