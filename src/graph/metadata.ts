/** Answers `GET /{version}/$metadata` with the CSDL document, formatted once from the model; public, as Graph's is. */
import { Fault } from '../contract/faults.ts';
import { formatCsdlJson } from '../contract/csdl-json.ts';
import { formatCsdlXml } from '../contract/csdl-xml.ts';
import { type Edm, edms } from '../contract/edm.ts';
import { negotiateMetadataDocument } from '../query/odata/accept.ts';
import { parseQueryOptions } from '../query/odata/query-options.ts';
import { textBody } from '../wire/projection/body.ts';
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
