/** `/rollcall/dev/…`: the stage over HTTP, JSON in and out. */
import type { IncomingMessage } from 'node:http';
import { Fault } from '../../contract/faults.ts';
import { percentDecode } from '../../query/odata/path.ts';
import { checkBody } from '../check-body.ts';
import type { OtherPaths } from '../../serve/http/api.ts';
import { bodyOf, type Exchange, send } from '../../graph/exchange.ts';
import { parseJson } from '../../graph/json-body.ts';
import { readBody } from '../../graph/read-body.ts';
import type { ControlParts, ControlRoute } from './control-route.ts';
import { controlRoutes } from './control-routes.ts';

const root = '/rollcall/dev/';
const maxBodyBytes = 2 ** 20;
const maxRecordsBytes = 2 ** 25;

export function controlPaths(parts: ControlParts): OtherPaths {
  return (exchange, path) => {
    if (!path.startsWith(root)) return undefined;
    return answer(exchange, path.slice(root.length), parts);
  };
}

async function answer(exchange: Exchange, path: string, parts: ControlParts): Promise<void> {
  const { request } = exchange;
  refusePages(exchange);
  const { route, keys } = routeOf(request.method ?? 'GET', path);
  const body = await bodyFor(route, request);
  const query = new URLSearchParams(request.url?.split('?', 2)[1] ?? '');
  const { status, body: answered } = await route.answer(parts, { body, keys, query });
  const headers = answered === undefined ? [] : ['Content-Type', 'application/json'];
  const text = answered === undefined ? '' : JSON.stringify(answered);
  send(exchange, { status, headers, body: bodyOf(Buffer.from(text)) });
}

/** A page that a developer happens to have open must not move the clock, nor read what is here. */
function refusePages({ request: { headers } }: Exchange): void {
  const site = headers['sec-fetch-site'] ?? 'none';
  if (headers.origin === undefined && site === 'none') return;
  throw new Fault('originRefused', 'The stage answers programs, not web pages: leave the Origin header out.');
}

/** @throws Fault `pageMissing`, or `methodNotAllowed` when the path is there for other methods */
function routeOf(asked: string, path: string): { route: ControlRoute; keys: string[] } {
  const method = asked === 'HEAD' ? 'GET' : asked;
  const found = controlRoutes.flatMap((route) => {
    const keys = keysOf(route.template, path);
    return keys === undefined ? [] : [{ route, keys }];
  });
  const match = found.find(({ route }) => route.method === method);
  if (match !== undefined) return match;
  if (found.length === 0)
    throw new Fault('pageMissing', `The stage has nothing at '${path}'. docs/developing.md lists its paths.`);
  const target = found.map(({ route }) => route.method).join(', ');
  throw new Fault('methodNotAllowed', `'${path}' is there for ${target}.`, { target });
}

function keysOf(template: string, path: string): string[] | undefined {
  const wanted = template.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const keys: string[] = [];
  for (const [i, segment] of wanted.entries()) {
    if (segment.startsWith('{')) keys.push(percentDecode(given[i]!, 'the path'));
    else if (segment !== given[i]) return undefined;
  }
  return keys;
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
  // What needs no body may come without one, and then without its type. The content types of forms are always refused.
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
