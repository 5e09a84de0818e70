/** Checks of the import graph, as pure functions of modules: each returns what is wrong, one line an error. */
import { dirname } from 'node:path';
import type { Module } from './modules.ts';

/** Modules by path from the project's folder: `src/store/store.ts`. */
type Modules = ReadonlyMap<string, Module>;

/**
 * Finds import cycles, `import type` included: strongly connected components by Tarjan's algorithm.
 *
 * @returns The files of each cycle, sorted and joined by spaces.
 */
export function importCycles(modules: Modules): string[] {
  const numbers = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const cycles: string[][] = [];
  const visit = (path: string): number => {
    const number = numbers.size;
    numbers.set(path, number);
    lowest.set(path, number);
    stack.push(path);
    const targets = modules.get(path)!.imports.map((one) => one.path);
    for (const target of targets) {
      if (!modules.has(target)) continue;
      const reached = numbers.has(target)
        ? stack.includes(target)
          ? numbers.get(target)!
          : Infinity
        : visit(target);
      lowest.set(path, Math.min(lowest.get(path)!, reached));
    }
    if (lowest.get(path) === number) {
      const component = stack.splice(stack.indexOf(path));
      if (component.length > 1 || targets.includes(path)) cycles.push(component.sort());
    }
    return lowest.get(path)!;
  };
  for (const path of modules.keys()) if (!numbers.has(path)) visit(path);
  return cycles.map((files) => files.join(' ')).sort();
}

/** Which rooms each room may import. */
type Rooms = Readonly<Record<string, readonly string[]>>;

/** The room of a file: its folder below `src/`. */
export const roomOf = (path: string) => path.split('/')[1]!;

const isSource = (path: string) => path.startsWith('src/') && !/\.test\.tsx?$/.test(path);

function* importsBetween(modules: Modules) {
  for (const [from, { imports }] of modules)
    if (isSource(from))
      for (const { path: to, isType } of imports)
        if (isSource(to) && modules.has(to)) yield { from, to, isType, arrow: `${from} -> ${to}` };
}

/**
 * Finds imports of a room that the importing room may not know.
 *
 * @param users Files by the room that only they may import.
 */
export function forbiddenImports(
  modules: Modules,
  rooms: Rooms,
  users: Readonly<Record<string, readonly string[]>>,
): string[] {
  return [...importsBetween(modules)]
    .filter(({ from, to }) => {
      const [own, other] = [roomOf(from), roomOf(to)];
      if (own === other) return false;
      return Object.hasOwn(users, other)
        ? !users[other]!.includes(from)
        : !(rooms[own] ?? []).includes(other);
    })
    .map(({ arrow }) => arrow);
}

/** Finds imports of values where a room may import only types of another. @param typesOnly Pairs of rooms. */
export function importsOfValues(
  modules: Modules,
  typesOnly: readonly (readonly [room: string, of: string])[],
): string[] {
  return [...importsBetween(modules)]
    .filter(
      ({ from, to, isType }) =>
        !isType && typesOnly.some(([room, of]) => roomOf(from) === room && roomOf(to) === of),
    )
    .map(({ arrow }) => arrow);
}

/**
 * Finds imports of private folders from outside their parent folder.
 *
 * @param users Files outside the parent folder that may import them.
 */
export function importsOfPrivate(
  modules: Modules,
  folders: readonly string[],
  users: readonly string[],
): string[] {
  return [...importsBetween(modules)]
    .filter(({ from, to }) =>
      folders.some((folder) => to.startsWith(`${folder}/`) && !from.startsWith(`${dirname(folder)}/`)),
    )
    .filter(({ from }) => !users.includes(from))
    .map(({ arrow }) => arrow);
}

/** Finds source files with more lines than a limit. */
export function longFiles(modules: Modules, limit: number): string[] {
  return [...modules]
    .filter(([path, { lines }]) => isSource(path) && lines > limit)
    .map(([path, { lines }]) => `${path} ${lines}`);
}

/**
 * Finds names that two source files export.
 *
 * @param twins Two folders that implement one interface: each may export a name that the other exports.
 */
export function doubledExports(modules: Modules, twins: readonly [string, string]): string[] {
  const files = new Map<string, string[]>();
  for (const [path, { exported }] of modules)
    if (isSource(path)) for (const name of exported) files.set(name, [...(files.get(name) ?? []), path]);
  return [...files]
    .filter(([, paths]) => paths.length > 1 && !areTwins(paths, twins))
    .map(([name, paths]) => `${name}: ${paths.join(' ')}`)
    .sort();
}

function areTwins(paths: readonly string[], twins: readonly [string, string]): boolean {
  return paths.length === 2 && twins.every((folder) => paths.some((path) => path.startsWith(`${folder}/`)));
}
