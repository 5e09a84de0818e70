/** Describes the internal routes as OpenAPI paths and schemas. */
import { keyNames, type RouteInfo } from '../internal/route.ts';
import { parameter, type Schema } from './schemas.ts';

const keyDescriptions: Readonly<Record<string, string>> = {
  'callRecord-id': 'Id of the call.',
  log: 'The log: pstn, directRouting or sms.',
};

export function pathsOfRoutes(routes: readonly RouteInfo[]): Record<string, Schema> {
  const paths: Record<string, Schema> = {};
  for (const route of routes) {
    if (route.openapi === undefined) continue;
    const operation = operationOf(route, route.openapi);
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation };
  }
  return paths;
}

export function schemasOfRoutes(routes: readonly RouteInfo[]): Record<string, Schema> {
  return Object.assign({}, ...routes.map(({ openapi }) => openapi?.schemas)) as Record<string, Schema>;
}

function operationOf({ path, permission }: RouteInfo, operation: NonNullable<RouteInfo['openapi']>): Schema {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const keys = keyNames(path).map((name) =>
    parameter('path', name, keyDescriptions[name] ?? 'A segment of the path.'),
  );
  return {
    tags: [tagOf(path)],
    ...security[permission],
    ...{ operationId, summary, description },
    ...(keys.length + parameters.length > 0 && { parameters: [...keys, ...parameters] }),
    ...(requestBody !== undefined && { requestBody }),
    responses,
  };
}

function tagOf(path: string): string {
  if (/^\/rollcall\/(?:me|sign-)/.test(path)) return 'Sign-in';
  return path.startsWith('/rollcall/') && path !== '/rollcall/openapi.json'
    ? 'Search and completeness'
    : 'Service';
}

/** Overrides for operations that differ from the document's default, a token or a session. */
const security = {
  none: { security: [] },
  metricsToken: { security: [{ metricsToken: [] }, {}] },
  programs: { security: [] },
  optional: {},
  'CallRecords.Read.All': {},
} as const satisfies Record<RouteInfo['permission'], Schema>;
