/** What a path is called where it is counted and traced: without the keys in it. */

/** Segments that stand in routes for themselves; any other is a key, and becomes `{}`. */
const words: ReadonlySet<string> = new Set([
  ...['v1.0', 'beta', 'communications', 'callRecords', 'participants_v2', 'sessions', 'segments'],
  ...['organizer_v2', '$count', '$metadata', '$batch', 'subscriptions', 'reauthorize', 'rollcall'],
  ...['versions', 'completeness', 'openapi.json', 'metrics', 'healthz', 'readyz', 'oauth2', 'token'],
  ...['calls', 'summary', 'statistics', 'status', 'me', 'sign-in', 'callback', 'development', 'sign-out'],
  ...['getPstnCalls', 'getDirectRoutingCalls', 'getSmsLog', 'dev'],
]);
/** The deepest route of the API; what is deeper is nowhere. */
const deepest = 9;

/** A route template: never a key, so that there are few and they say nothing of anybody. Every request asks it. */
export function routeOf(path: string): string {
  let route = '';
  let start = path.indexOf('/') + 1;
  if (start === 0) return 'other';
  for (let count = 1; ; count++) {
    const slash = path.indexOf('/', start);
    const segment = path.slice(start, slash < 0 ? undefined : slash);
    if (count > deepest || (count === 1 && !words.has(segment))) return 'other';
    route += templateOf(segment);
    if (slash < 0) return route;
    start = slash + 1;
  }
}

function templateOf(segment: string): string {
  if (words.has(segment)) return `/${segment}`;
  const open = segment.indexOf('(');
  const name = open < 0 ? '' : segment.slice(0, open).replace('microsoft.graph.callRecords.', '');
  return words.has(name) ? `/${name}/{}` : '/{}';
}
