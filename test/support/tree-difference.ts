/** Two JSON trees held against each other. */
import { printTree, type Tree, type TreeObject } from './json-tree.ts';

/** Where two trees first differ; `*` in the wanted one is any text. */
export function differenceOf(got: Tree, wanted: Tree, path: string): string | undefined {
  const say = (what: string) =>
    `${path === '' ? 'the body' : path}: ${what}\n  got ${short(got)}\n  not ${short(wanted)}`;
  if (wanted.kind === 'token' && wanted.text === '*')
    return got.kind === 'token' && got.text.startsWith('"') ? undefined : say('no text');
  if (got.kind !== wanted.kind) return say('another kind of value');
  if (got.kind === 'list' && wanted.kind === 'list') {
    if (got.items.length !== wanted.items.length)
      return say(`${got.items.length} and not ${wanted.items.length} items`);
    return first(got.items, (item, i) => differenceOf(item, wanted.items[i]!, `${path}[${i}]`));
  }
  if (got.kind === 'object' && wanted.kind === 'object') {
    const names = (tree: TreeObject) => tree.members.map(([name]) => name).join(' ');
    if (names(got) !== names(wanted)) return say(`members\n  ${names(got)}\n  ${names(wanted)}\n`);
    return first(got.members, ([name, value], i) =>
      differenceOf(value, wanted.members[i]![1], `${path}/${name}`),
    );
  }
  return printTree(got) === printTree(wanted) ? undefined : say('another value');
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
