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

/** A route template: never a key, so that there are few and they say nothing of anybody. */
export function routeOf(path: string): string {
  const segments = path.split('/', deepest + 2).slice(1);
  if (segments.length > deepest || !words.has(segments[0]!)) return 'other';
  return segments
    .map((segment) => {
      if (words.has(segment)) return `/${segment}`;
      const open = segment.indexOf('(');
      const name = open < 0 ? '' : segment.slice(0, open).replace('microsoft.graph.callRecords.', '');
      return words.has(name) ? `/${name}/{}` : '/{}';
    })
    .join('');
}
