/**
 * What a request is called where it is counted, traced and logged: a line of a fixed list, or `other`. So no client
 * makes more of them, and none holds a key.
 */
import { namespaceOf } from './names.ts';
import { resourceAt, resourceTemplates } from './resources.ts';
import { actions } from './tables/actions.ts';
import { functions } from './tables/functions.ts';

const ownTemplates = [
  ...['/', '/calls', '/calls/{}', '/statistics', '/status', '/assets/{}'],
  ...['/healthz', '/readyz', '/metrics'],
  ...['/rollcall/openapi.json', '/rollcall/completeness', '/rollcall/statistics', '/rollcall/status'],
  ...['/rollcall/callRecords/{}/versions', '/rollcall/callRecords/{}/completeness'],
  ...['/rollcall/calls', '/rollcall/calls/{}/summary'],
  ...['/rollcall/me', '/rollcall/sign-out'],
  ...['/rollcall/sign-in', '/rollcall/sign-in/callback', '/rollcall/sign-in/development'],
  ...['faults', 'faults/{}', 'clock', 'requests', 'scenarios', 'scenarios/{}', 'snapshots'].map(ofStage),
  ...['snapshots/{}', 'snapshots/{}/restore', 'reset', 'clients', 'clients/{}', 'callRecords'].map(ofStage),
  ...['callRecords/{}/versions', 'generate', 'openapi.json'].map(ofStage),
  ...['/{}/oauth2/v2.0/token', '/{}/oauth2/token', '/{}/oauth2/v2.0/authorize'],
  ...['/{}/v2.0/.well-known/openid-configuration', '/{}/.well-known/openid-configuration'],
  ...['/{}/discovery/v2.0/keys', '/{}/discovery/keys'],
];

function ofStage(template: string): string {
  return `/rollcall/dev/${template}`;
}

/** Of one version, below it. A function's call is written `name()`. */
const graphTemplates = [
  ...['$batch', '$metadata'],
  ...resourceTemplates().flatMap((template) => {
    if (isFunction(template)) return [`${template}()`];
    return resourceAt(`${template}/$count`) === undefined || template.endsWith('{}')
      ? [template]
      : [template, `${template}/$count`];
  }),
];

function isFunction(template: string): boolean {
  return functions.some(({ name }) => template.endsWith(`/${name}`));
}

/** Functions and actions by their other name, the qualified one. */
const aliases: ReadonlyMap<string, string> = new Map([
  ...functions.map(({ name, returns }) => [`${name}()`, `${namespaceOf(returns)}.${name}()`] as const),
  ...actions.map(({ name, boundTo }) => [name, `${namespaceOf(boundTo)}.${name}`] as const),
]);

interface Node {
  /** By the text of a segment. */
  readonly next: Map<string, Node>;
  template?: string;
}

const root: Node = { next: new Map() };
for (const template of ownTemplates) add(template, template);
for (const version of ['/v1.0', '/beta']) {
  add(version, version);
  for (const template of graphTemplates)
    add(`${version}/${template}`, `${version}/${template.replace('()', '/{}')}`);
}

function add(path: string, template: string): void {
  let node = root;
  for (const segment of path.split('/').slice(1)) {
    const next: Node = node.next.get(segment) ?? { next: new Map() };
    node.next.set(segment, next);
    const alias = aliases.get(segment);
    if (alias !== undefined) node.next.set(alias, next);
    node = next;
  }
  node.template = template;
}

/** Every route there is, `other` aside. */
export const routeTemplates: readonly string[] = [
  ...ownTemplates,
  ...['/v1.0', '/beta'].flatMap((version) => [
    version,
    ...graphTemplates.map((template) => `${version}/${template.replace('()', '/{}')}`),
  ]),
];

/** The number of segments of the longest route; longer paths match none. */
const longest = Math.max(...routeTemplates.map((template) => template.split('/').length - 1));

/** @param path Of a request, still percent-encoded. Every request asks it. */
export function routeOf(path: string): string {
  if (!path.startsWith('/')) return 'other';
  let node = root;
  let start = 1;
  for (let count = 0; count < longest; count++) {
    const slash = path.indexOf('/', start);
    const next = nextOf(node, path.slice(start, slash < 0 ? undefined : slash));
    if (next === undefined) return 'other';
    node = next;
    // The Graph API takes a path with a slash at its end for the same.
    if (slash < 0 || (slash === path.length - 1 && /^\/(?:v1\.0|beta)\//.test(path)))
      return node.template ?? 'other';
    start = slash + 1;
  }
  return 'other';
}

function nextOf(node: Node, segment: string): Node | undefined {
  const literal = node.next.get(segment);
  if (literal !== undefined) return segment === '{}' ? undefined : literal;
  if (segment === '') return undefined;
  const text = segment.includes('%') ? decoded(segment) : segment;
  if (text.includes('(')) {
    const name = text.slice(0, text.indexOf('('));
    const called = node.next.get(`${name}()`) ?? node.next.get(name)?.next.get('{}');
    if (called !== undefined) return called;
  }
  return node.next.get('{}');
}

/** Some clients encode parentheses. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
