/** Compares two JSON trees. */
import { printTree, type Tree, type TreeObject } from './json-tree.ts';

/** Returns where two trees first differ; `*` in the expected one matches any text. */
export function differenceOf(got: Tree, expected: Tree, path: string): string | undefined {
  const say = (what: string) =>
    `${path === '' ? 'the body' : path}: ${what}\n  got ${short(got)}\n  not ${short(expected)}`;
  if (expected.kind === 'token' && expected.text === '*')
    return got.kind === 'token' && got.text.startsWith('"') ? undefined : say('no text');
  if (got.kind !== expected.kind) return say('another kind of value');
  if (got.kind === 'list' && expected.kind === 'list') {
    if (got.items.length !== expected.items.length)
      return say(`${got.items.length} and not ${expected.items.length} items`);
    return first(got.items, (item, i) => differenceOf(item, expected.items[i]!, `${path}[${i}]`));
  }
  if (got.kind === 'object' && expected.kind === 'object') {
    const names = (tree: TreeObject) => tree.members.map(([name]) => name).join(' ');
    if (names(got) !== names(expected)) return say(`members\n  ${names(got)}\n  ${names(expected)}\n`);
    return first(got.members, ([name, value], i) =>
      differenceOf(value, expected.members[i]![1], `${path}/${name}`),
    );
  }
  return printTree(got) === printTree(expected) ? undefined : say('another value');
}

function first<T>(all: readonly T[], find: (one: T, i: number) => string | undefined): string | undefined {
  for (const [i, one] of all.entries()) {
    const found = find(one, i);
    if (found !== undefined) return found;
  }
  return undefined;
}

function short(tree: Tree): string {
  const text = printTree(tree);
  return text.length > 1500 ? `${text.slice(0, 1500)}…` : text;
}
