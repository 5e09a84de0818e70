/** Defines internal routes: one method of one path outside the Graph API. */
import { Fault } from '../../contract/faults.ts';
import type { Caller } from '../../graph/caller.ts';
import { authorize } from '../../graph/permission.ts';
import type { Answer, Exchange } from '../../graph/exchange.ts';
import type { Awaitable } from '../../base/awaitable.ts';
import type { Authenticate } from '../http/authenticate.ts';
import type { Operation } from '../openapi/operation.ts';

/** Who may call a route. The dispatcher checks `CallRecords.Read.All`; the handler checks the others. */
type Permission =
  /** An application with this permission, or a signed-in person with this role. */
  | 'CallRecords.Read.All'
  /** Any client; callers with the permission get a different response. */
  | 'optional'
  /** Scrapers with the token of --metrics-token-file; any client when none is configured. */
  | 'metricsToken'
  /** Any client except web pages. */
  | 'programs'
  /** Any client. */
  | 'none';

export interface RouteInfo {
  /** A GET route also answers HEAD. */
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `/rollcall/calls/{callRecord-id}/summary`: a name in braces stands for one segment. */
  readonly path: string;
  readonly permission: Permission;
  /** Absent when the OpenAPI document omits the route: the page's files, and protocols described elsewhere. */
  readonly openapi: Operation | undefined;
  /** True when only the supervisor can answer, in a server with workers. */
  readonly isForSupervisor?: boolean;
}

export interface InternalRequest {
  readonly exchange: Exchange;
  /** The scheme and authority by which the client reached the server. */
  readonly origin: string;
  readonly path: string;
  /** The raw query without its question mark. */
  readonly query: string;
  /** The percent-decoded values of the braces in the path. */
  readonly keys: readonly string[];
}

interface PermittedRequest extends InternalRequest {
  readonly caller: Caller;
}

type Handler<Parts, Request> = (parts: Parts, request: Request) => Awaitable<Answer>;

interface PermittedRoute<Parts> extends RouteInfo {
  readonly permission: 'CallRecords.Read.All';
  readonly handler: Handler<Parts, PermittedRequest>;
}

interface OpenRoute<Parts> extends RouteInfo {
  readonly permission: Exclude<Permission, 'CallRecords.Read.All'>;
  readonly handler: Handler<Parts, InternalRequest>;
}

/** An internal route. @typeParam Parts The parts of the server that the handler uses. */
export type InternalRoute<Parts> = PermittedRoute<Parts> | OpenRoute<Parts>;

export interface BoundRoute extends RouteInfo {
  /** Answers a request. @throws Fault `tokenMissing`, `tokenInvalid`, `permissionMissing`, and those of the handler */
  readonly answer: (request: InternalRequest) => Promise<Answer>;
}

/** Binds routes to the parts they use. @param authenticate Required only for routes with a permission. */
export function bindRoutes<Parts>(
  routes: readonly InternalRoute<Parts>[],
  parts: Parts,
  authenticate: Authenticate = refuseAll,
): readonly BoundRoute[] {
  return routes.map((route) => ({ ...route, answer: answerOf(route, parts, authenticate) }));
}

function refuseAll(): never {
  throw new Fault('tokenMissing', 'No caller has access here.');
}

function answerOf<Parts>(
  route: InternalRoute<Parts>,
  parts: Parts,
  authenticate: Authenticate,
): BoundRoute['answer'] {
  return async (request) => {
    if (route.permission !== 'CallRecords.Read.All') return route.handler(parts, request);
    const { caller } = await authenticate(request.exchange); // 401
    authorize(caller, [route.permission]); // 403
    return route.handler(parts, { ...request, caller });
  };
}

export function keyNames(path: string): readonly string[] {
  return [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name!);
}

/** Returns the route template for logs, metrics and traces, without the names in its braces. */
export function templateOf({ path }: Pick<RouteInfo, 'path'>): string {
  return path.replaceAll(/\{[^{}]+\}/g, '{}');
}
