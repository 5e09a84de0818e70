/** Finds the internal route of a path, checks the method, and sends the response. */
import { Fault } from '../../contract/faults.ts';
import { type Exchange, type Route, send } from '../../graph/exchange.ts';
import { percentDecode } from '../../query/odata/path.ts';
import type { RequestTarget } from '../http/request-target.ts';
import { type BoundRoute, templateOf } from './route.ts';

/** The routes of one path, one for each method. */
interface InternalPath extends Route {
  /** Segments of the path; `{}` for a key. */
  readonly segments: readonly string[];
  readonly routes: readonly BoundRoute[];
}

export interface RouteTable {
  /** Finds the routes of a path. @param path Percent-encoded. @returns `undefined` when no route has the path */
  find(path: string): InternalPath | undefined;
}

export function createRouteTable(routes: readonly BoundRoute[]): RouteTable {
  const paths = new Map<string, InternalPath>();
  for (const route of routes) {
    const template = templateOf(route);
    const before = paths.get(template)?.routes ?? [];
    if (before.some(({ method }) => method === route.method))
      throw new Error(`Two routes answer ${route.method} ${route.path}.`);
    const all = [...before, route];
    const isForSupervisor = all.some((one) => one.isForSupervisor === true);
    paths.set(template, { template, segments: template.split('/'), routes: all, isForSupervisor });
  }
  const all = [...paths.values()];
  const withKeys = all.filter(({ segments }) => segments.includes('{}'));
  const withoutKeys = new Map(
    all.filter((one) => !withKeys.includes(one)).map((one) => [one.template, one] as const),
  );
  return {
    find(path) {
      const known = withoutKeys.get(path);
      if (known !== undefined) return known;
      const segments = path.split('/');
      return withKeys.find((one) => matches(one.segments, segments));
    },
  };
}

function matches(template: readonly string[], segments: readonly string[]): boolean {
  return (
    template.length === segments.length &&
    template.every((one, i) => (one === '{}' ? segments[i] !== '' : one === segments[i]))
  );
}

/** Answers a request. @throws Fault `methodNotAllowed`, `malformedRequest`, and those of the route */
export async function answerInternal(
  found: InternalPath,
  exchange: Exchange,
  { path, query }: RequestTarget,
  origin: string,
): Promise<void> {
  const route = routeFor(found, exchange.request.method);
  const given = path.split('/');
  const keys = found.segments.flatMap(
    (segment, i) => (segment === '{}' ? [percentDecode(given[i]!, 'the path')] : []), // a path of as many segments
  );
  send(exchange, await route.answer({ exchange, origin, path, query, keys }));
}

/** Returns the route of a method. HEAD uses the route of GET. */
function routeFor({ routes }: InternalPath, method: string | undefined): BoundRoute {
  const asked = method === 'HEAD' ? 'GET' : method;
  const route = routes.find((one) => one.method === asked);
  if (route !== undefined) return route;
  const allowed = routes.flatMap((one) => (one.method === 'GET' ? ['GET', 'HEAD'] : [one.method]));
  throw new Fault('methodNotAllowed', 'Specified HTTP method is not allowed for the request target.', {
    target: allowed.join(', '),
  });
}
