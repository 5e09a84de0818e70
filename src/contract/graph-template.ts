/**
 * Maps a Graph API path to its template, one of a fixed list or `other`. Metrics, traces and logs use the template, so
 * they hold no key, and no client can create a new label.
 */
import { percentDecoded } from '../base/percent.ts';
import { namespaceOf } from './names.ts';
import { resourceAt, resourceTemplates } from './resources.ts';
import { actions, functions } from './tables/functions.ts';

/** Templates below a version. A call of a function is written `name()`. */
const versionTemplates = [
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

const aliases: ReadonlyMap<string, string> = new Map([
  ...functions.map(({ name, returns }) => [`${name}()`, `${namespaceOf(returns)}.${name}()`] as const),
  ...actions.map(({ name, boundTo }) => [name, `${namespaceOf(boundTo)}.${name}`] as const),
]);

interface Node {
  /** Child nodes by the text of a segment. */
  readonly next: Map<string, Node>;
  template?: string;
}

const root: Node = { next: new Map() };
for (const version of ['/v1.0', '/beta']) {
  add(version, version);
  for (const template of versionTemplates)
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

/** Every template except `other`. */
export const graphTemplates: readonly string[] = ['/v1.0', '/beta'].flatMap((version) => [
  version,
  ...versionTemplates.map((template) => `${version}/${template.replace('()', '/{}')}`),
]);

/** Segments of the longest template; a longer path matches none. */
const longest = Math.max(...graphTemplates.map((template) => template.split('/').length - 1));

/** Returns the template of a percent-encoded path. Called once per request. */
export function graphTemplate(path: string): string {
  if (!path.startsWith('/')) return 'other';
  let node = root;
  let start = 1;
  for (let count = 0; count < longest; count++) {
    const slash = path.indexOf('/', start);
    const next = nextOf(node, path.slice(start, slash < 0 ? undefined : slash));
    if (next === undefined) return 'other';
    node = next;
    // The Graph API ignores a trailing slash.
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
  // Some clients encode parentheses.
  const text = segment.includes('%') ? percentDecoded(segment) : segment;
  if (text.includes('(')) {
    const name = text.slice(0, text.indexOf('('));
    const called = node.next.get(`${name}()`) ?? node.next.get(name)?.next.get('{}');
    if (called !== undefined) return called;
  }
  return node.next.get('{}');
}
