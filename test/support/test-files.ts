/** Finds test files by what they import, directly or by the files below `test/` that they import. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** Returns the path of each test file below `test/`, relative to the project's folder, with slashes on every system. */
export function testFiles(root: string): string[] {
  return testFilesIn(root, 'test');
}

/** Returns the test files of another folder. */
export function testFilesIn(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.startsWith('node_modules'))
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .sort();
}

/** Returns true when a file, or one below `test/` that it imports, matches `pattern`. */
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
