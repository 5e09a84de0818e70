/** Serves the control API below `/rollcall/dev/`, with JSON requests and responses. */
import type { IncomingMessage } from 'node:http';
import { Fault } from '../../contract/faults.ts';
import { checkBody } from '../check-body.ts';
import { jsonAnswer } from '../../serve/internal/json-response.ts';
import type { InternalRoute } from '../../serve/internal/route.ts';
import type { Exchange } from '../../graph/exchange.ts';
import { parseJson } from '../../graph/json-body.ts';
import { readBody } from '../../graph/read-body.ts';
import type { ControlParts, ControlRoute } from './control-route.ts';
import { controlRoutes } from './control-routes.ts';

const root = '/rollcall/dev/';
const maxBodyBytes = 2 ** 20;
const maxRecordsBytes = 2 ** 25;

/** The routes of the control API. Its own OpenAPI document describes them: `control-openapi.ts`. */
export const controlPaths: readonly InternalRoute<ControlParts>[] = controlRoutes.map((route) => ({
  method: route.method,
  path: `${root}${route.template}`,
  permission: 'programs',
  openapi: undefined,
  async handler(parts, { exchange, keys, query }) {
    refusePages(exchange);
    const body = await bodyFor(route, exchange.request);
    const { status, answer } = route;
    const [key = ''] = keys;
    const answered = await answer(parts, { body, key, query: new URLSearchParams(query) });
    return status === 204
      ? { status, headers: [], body: '' }
      : jsonAnswer(JSON.stringify(answered), { status });
  },
}));

/** Rejects requests from web pages: an open page must neither move the clock nor read data. */
function refusePages({ request: { headers } }: Exchange): void {
  const site = headers['sec-fetch-site'] ?? 'none';
  if (headers.origin === undefined && site === 'none') return;
  throw new Fault('originRefused', 'The stage answers programs, not web pages: leave the Origin header out.');
}

const json = /^application\/json *(;|$)/i;
const jsonLines = /^application\/(json|jsonl|x-ndjson|json-lines) *(;|$)/i;

async function bodyFor({ body, method }: ControlRoute, request: IncomingMessage): Promise<unknown> {
  if (body === undefined) return undefined;
  const type = request.headers['content-type'] ?? '';
  if (body === 'text') {
    if (!jsonLines.test(type))
      throw wrongType('JSON or JSON Lines: application/json, application/jsonl or application/x-ndjson');
    return readBody(request, maxRecordsBytes);
  }
  // A route with an optional body accepts none, and then no content type. The content types of forms are always
  // rejected.
  if (type === '' ? body !== 'nothing' : !json.test(type)) throw wrongType('application/json');
  const bytes = await readBody(request, maxBodyBytes);
  if (type === '' && bytes.length > 0) throw wrongType('application/json');
  if (bytes.length === 0 && (body === 'nothing' || body === 'version')) return checkBody(body, {});
  let parsed: unknown;
  try {
    parsed = parseJson(bytes);
  } catch {
    throw new Fault('badEmulatorRequest', `The body of ${method} is not JSON in UTF-8.`);
  }
  return checkBody(body, parsed);
}

function wrongType(types: string): Fault {
  return new Fault('unsupportedMediaType', `The body must be ${types}: say so in Content-Type.`);
}
