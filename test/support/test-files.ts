/** Finds test files by what they import, directly or by the files below `test/` that they import. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** @returns Paths from the root of the project, with slashes on every system, of each test file below `test/` */
export function testFiles(root: string): string[] {
  return testFilesIn(root, 'test');
}

/** The same of another folder. */
export function testFilesIn(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.startsWith('node_modules'))
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .sort();
}

/** True where a file, or one below `test/` that it imports, holds what `pattern` finds. */
export function reaches(root: string, file: string, pattern: RegExp, seen = new Set<string>()): boolean {
  if (seen.has(file) || !existsSync(join(root, file))) return false;
  seen.add(file);
  const text = readFileSync(join(root, file), 'utf8');
  if (pattern.test(text)) return true;
  return [...text.matchAll(/'(\.{1,2}\/[^']+\.ts)'/g)].some(([, path]) => {
    const imported = posix.join(posix.dirname(file), path!);
    return imported.startsWith('test/') && reaches(root, imported, pattern, seen);
  });
}
