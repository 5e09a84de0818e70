/** `/rollcall/dev/…`: the stage over HTTP, JSON in and out. */
import { Fault } from '../../faults.ts';
import { percentDecode } from '../../odata/percent-decode.ts';
import { checkBody } from '../../stage/check-body.ts';
import type { OtherPaths } from '../api.ts';
import { bodyOf, type Exchange, send } from '../exchange.ts';
import { readBody } from '../read-body.ts';
import { type StageParts, type StageRoute, stageRoutes } from './routes.ts';

const root = '/rollcall/dev/';
const maxBodyBytes = 2 ** 20;

export function stagePaths(parts: StageParts): OtherPaths {
  return (exchange, path) => {
    if (!path.startsWith(root)) return undefined;
    return answer(exchange, path.slice(root.length), parts);
  };
}

async function answer(exchange: Exchange, path: string, parts: StageParts): Promise<void> {
  const { request } = exchange;
  refusePages(exchange);
  const { route, keys } = routeOf(request.method ?? 'GET', path);
  const body = route.body && (await checkBody(route.body, await jsonBody(exchange)));
  const { status, body: answered } = await route.answer(parts, { body, keys });
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
function routeOf(asked: string, path: string): { route: StageRoute; keys: string[] } {
  const method = asked === 'HEAD' ? 'GET' : asked;
  const found = stageRoutes.flatMap((route) => {
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

async function jsonBody({ request }: Exchange): Promise<unknown> {
  if (!/^application\/json *(;|$)/i.test(request.headers['content-type'] ?? ''))
    throw new Fault(
      'unsupportedMediaType',
      'The body must be JSON: send it with Content-Type: application/json.',
    );
  const bytes = await readBody(request, maxBodyBytes);
  try {
    return JSON.parse(bytes.toString()) as unknown;
  } catch {
    throw new Fault('badStage', 'The body is not JSON.');
  }
}
