/** Parses JSON and keeps everything that `JSON.parse` loses: the order of members, duplicate members, the digits of numbers. */

export type Tree = TreeObject | TreeList | TreeToken;
export interface TreeObject {
  readonly kind: 'object';
  readonly members: readonly Member[];
}
export interface TreeList {
  readonly kind: 'list';
  readonly items: readonly Tree[];
}
/** A number with its digits, a string as `JSON.stringify` writes it, or a literal. */
interface TreeToken {
  readonly kind: 'token';
  readonly text: string;
}
export type Member = readonly [name: string, value: Tree];

export const object = (members: readonly Member[]): TreeObject => ({ kind: 'object', members });
export const list = (items: readonly Tree[]): TreeList => ({ kind: 'list', items });
export const token = (text: string): TreeToken => ({ kind: 'token', text });
export const string = (text: string): TreeToken => token(JSON.stringify(text));
export const nothing = token('null');

export function memberOf(tree: TreeObject, name: string): Tree | undefined {
  return tree.members.find(([one]) => one === name)?.[1];
}

/** Returns the text of a string. */
export function textOf(tree: Tree | undefined): string | undefined {
  return tree?.kind === 'token' && tree.text.startsWith('"') ? (JSON.parse(tree.text) as string) : undefined;
}

const lexer =
  /[\t\n\r ]*([{}[\],:]|"(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)[\t\n\r ]*/y;

/** Parses JSON. @throws SyntaxError when the text is not JSON */
export function parseTree(text: string): Tree {
  let at = 0;
  let next = '';
  const advance = () => {
    lexer.lastIndex = at;
    const match = at < text.length ? lexer.exec(text) : null;
    if (match === null && at < text.length)
      throw new SyntaxError(`Not JSON at ${at}: …${text.slice(Math.max(0, at - 60), at + 60)}…`);
    next = match?.[1] ?? '';
    at = match === null ? at + 1 : lexer.lastIndex;
  };
  const expect = (token: string) => {
    if (next !== token)
      throw new SyntaxError(`'${token}' expected at ${at}: …${text.slice(Math.max(0, at - 60), at + 60)}…`);
    advance();
  };
  const separated = <T>(end: string, read: () => T): T[] => {
    const all: T[] = [];
    if (next !== end) {
      all.push(read());
      while (next === ',') {
        advance();
        all.push(read());
      }
    }
    expect(end);
    return all;
  };
  const value = (): Tree => {
    const current = next;
    if (current === '' || '}],:'.includes(current)) throw new SyntaxError(`A value is expected at ${at}.`);
    advance();
    if (current === '{')
      return object(
        separated('}', () => {
          if (!next.startsWith('"')) throw new SyntaxError(`A member name is expected at ${at}.`);
          const name = JSON.parse(next) as string;
          advance();
          expect(':');
          return [name, value()];
        }),
      );
    if (current === '[') return list(separated(']', value));
    return current.startsWith('"') ? string(JSON.parse(current) as string) : token(current);
  };
  advance();
  const tree = value();
  if (next !== '') throw new SyntaxError(`More than one value: ${next} at ${at}.`);
  return tree;
}

export function printTree(tree: Tree): string {
  switch (tree.kind) {
    case 'token':
      return tree.text;
    case 'list':
      return `[${tree.items.map(printTree).join()}]`;
    case 'object':
      return `{${tree.members.map(([name, value]) => `${JSON.stringify(name)}:${printTree(value)}`).join()}}`;
  }
}
