/** `GET /{version}/$metadata`: the CSDL document, written once from the model; public, as Graph's is. */
import { Fault } from '../faults.ts';
import { formatCsdlJson } from '../model/csdl-json.ts';
import { formatCsdlXml } from '../model/csdl-xml.ts';
import { type Edm, edms } from '../model/edm.ts';
import { negotiateMetadataDocument } from '../odata/accept.ts';
import { parseQueryOptions } from '../odata/query-options.ts';
import { textBody } from '../projection/body.ts';
import type { GraphRequest, GraphResponse } from './messages.ts';

const written = new Map<string, string>();

export function readMetadata(request: GraphRequest): GraphResponse {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    throw new Fault('methodNotAllowed', 'Specified HTTP method is not allowed for the request target.');
  }
  const { format } = parseQueryOptions(request.query);
  const form = negotiateMetadataDocument(request.headers.accept, format);
  return {
    status: 200,
    contentType: form === 'xml' ? 'application/xml;charset=utf-8' : 'application/json;charset=utf-8',
    etag: undefined,
    body: textBody(document(request.version, form)),
  };
}

function document(version: Edm['version'], form: 'xml' | 'json'): string {
  const key = `${version} ${form}`;
  const known = written.get(key);
  if (known !== undefined) return known;
  const text = form === 'xml' ? formatCsdlXml(edms[version]) : formatCsdlJson(edms[version]);
  written.set(key, text);
  return text;
}
