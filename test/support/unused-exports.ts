/** Finds exports that no other file imports. */
import type { Module } from './modules.ts';

/** Returns `path name` for each export that no other module imports. */
export function unusedExports(modules: ReadonlyMap<string, Module>): string[] {
  const used = new Set<string>();
  for (const { imported } of modules.values())
    for (const [path, name] of imported) used.add(`${path} ${name}`);
  return [...modules].flatMap(([path, { exported }]) =>
    used.has(`${path} *`) ? [] : exported.map((name) => `${path} ${name}`).filter((key) => !used.has(key)),
  );
}
