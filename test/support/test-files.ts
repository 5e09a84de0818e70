/** Finds test files by what they import, directly or by the files below `test/` that they import. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** @returns Paths from the root of the project of every test file below `test/` */
export function testFiles(root: string): string[] {
  return readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.startsWith('node_modules'))
    .map((name) => join('test', name))
    .sort();
}

/** True where a file, or one below `test/` that it imports, holds what `pattern` finds. */
export function reaches(root: string, file: string, pattern: RegExp, seen = new Set<string>()): boolean {
  if (seen.has(file) || !existsSync(join(root, file))) return false;
  seen.add(file);
  const text = readFileSync(join(root, file), 'utf8');
  if (pattern.test(text)) return true;
  return [...text.matchAll(/'(\.{1,2}\/[^']+\.ts)'/g)].some(([, path]) => {
    const imported = relative(root, join(root, dirname(file), path!));
    return imported.startsWith('test/') && reaches(root, imported, pattern, seen);
  });
}
